import { LabError } from '#core/errors';
import type { Diagnosis } from '#core/import/diagnosis';
import { eventObservations } from '#core/import/joinEvents';
import type { ImportFinding, Reading, SourceFacts, SourceFile } from '#core/import/observation';
import type { ImportOptions } from '#core/import/options';
import type { ImportFormat, PowerLog, Source } from './importFormat.ts';
import { JOB_FORMAT, jobFactsOf } from './jobInfo.ts';
import { joinLogs } from './joinLogs.ts';
import { recogniseFormat } from './registry.ts';
import { unknownFormat } from './unknownFormat.ts';

/** What reading needs from the lab, where the adapters meet. */
export interface ReadDeps {
  /** every format of queries */
  readonly formats: readonly ImportFormat[];
  /**
   * Opens a power log of any known form, known by its content.
   * @returns undefined when it is none
   * @throws LabError "bad-trace" when it looks like one and holds nothing; "file-not-readable"; "interrupted"
   */
  readonly openPowerLog: (source: Source) => Promise<PowerLog | undefined>;
}

/** Files that were read and put together: what the doctor judges. */
export interface SourcesRead {
  /** queries, with the energy of the power logs beside them where there were any */
  readonly readings: readonly Reading[];
  /** about the files together: clocks, rails of several logs, energy that requests share */
  readonly findings: readonly ImportFinding[];
  readonly logs: readonly PowerLog[];
  /** files that hold no queries, and were read for those that do: power logs and job descriptions */
  readonly beside: readonly {
    readonly file: SourceFile;
    readonly format: Reading['format'];
    readonly rows: number;
  }[];
  readonly clock?: NonNullable<Diagnosis['clock']>;
}

/** Files that were read, each by itself. */
export interface SourcesApart {
  readonly readings: readonly Reading[];
  readonly logs: readonly PowerLog[];
  /** what job descriptions tell */
  readonly facts: readonly SourceFacts[];
  readonly findings: readonly ImportFinding[];
  readonly beside: SourcesRead['beside'];
  /** true when the power logs' own events are the queries, as there are no others */
  readonly eventsAlone: boolean;
}

/** A format that is so sure of a file is believed before a power log is looked for. */
const CERTAIN = 0.92;
/** Warnings of power logs that tell how something was understood; the others are of something wrong. */
const TELLING: ReadonlySet<string> = new Set(['process-share', 'interleaved-gpus', 'counter-since-start']);

/**
 * Reads files that were brought together: queries with their energy, power logs, request logs and job descriptions.
 * Request logs get their energy from the power logs, and readings the facts of the job.
 * @throws LabError "bad-profile" with the reason when a file is in no known form or nothing in them is a query;
 * "bad-trace"; "bad-setting"; "file-not-readable"; "interrupted"
 */
export async function readSources(
  sources: readonly Source[],
  options: ImportOptions,
  deps: ReadDeps,
): Promise<SourcesRead> {
  const apart = await readApart(sources, options, deps);
  return putTogether(apart, options.clockShiftS, sources[0]!.signal);
}

/**
 * Reads each file by itself. What comes of it does not depend on the shift of a clock, so that one can be tried out
 * without reading anew.
 * @throws LabError as `readSources`
 */
export async function readApart(
  sources: readonly Source[],
  options: ImportOptions,
  deps: ReadDeps,
): Promise<SourcesApart> {
  const readings: Reading[] = [];
  const logs: PowerLog[] = [];
  const facts: SourceFacts[] = [];
  const findings: ImportFinding[] = [];
  const beside: SourcesRead['beside'][number][] = [];
  for (const source of sources) {
    if (source.signal.aborted) {
      throw new LabError('interrupted', 'The import was stopped. Nothing was imported.');
    }
    const job = await jobFactsOf(source);
    if (job !== undefined) {
      facts.push(job.facts);
      beside.push({ file: source.file, format: JOB_FORMAT, rows: 1 });
      findings.push(...job.findings);
      continue;
    }
    const told = sources.length === 1 ? options.format : undefined;
    const format = recogniseFormat(source.head, options.format, deps.formats);
    const log =
      told !== undefined || (format !== undefined && format.looks(source.head) >= CERTAIN)
        ? undefined
        : await deps.openPowerLog(source);
    if (log !== undefined) {
      logs.push(log);
      for (const { kind, message } of log.report.warnings) {
        const level = TELLING.has(kind) ? 'note' : 'warning';
        findings.push({ kind, level, message: `${log.file.name}: ${message}` });
      }
    } else if (format === undefined) throw unknownFormat(source, deps.formats);
    else readings.push(await format.read(source, options));
    source.progress(1);
  }
  const eventsAlone = readings.length === 0;
  if (eventsAlone) readings.push(...eventReadings(logs));
  for (const { file, format, report } of logs) {
    if (readings.some((reading) => reading.file === file)) continue;
    beside.push({ file, format, rows: report.samples });
  }
  if (readings.length === 0) throw nothingToImport(sources, logs);
  return { readings, logs, facts, findings, beside, eventsAlone };
}

/**
 * Puts what was read together: energies of power logs to their requests, facts of jobs to their readings.
 * @param clockShiftS what the user says is to be added to the power logs' clocks, s; undefined to find it
 * @throws LabError "interrupted", "file-not-readable"
 */
export async function putTogether(
  { readings, logs, facts, findings, beside, eventsAlone }: SourcesApart,
  clockShiftS: number | undefined,
  signal: AbortSignal,
): Promise<SourcesRead> {
  const joined = await joinLogs(readings, eventsAlone ? [] : logs, clockShiftS, signal);
  return {
    ...joined,
    readings: joined.readings.map((reading) => withFacts(reading, facts)),
    findings: [...findings, ...joined.findings],
    logs,
    beside,
  };
}

/** Logs that name their events hold measurements by themselves, though no tokens. */
function eventReadings(logs: readonly PowerLog[]): Reading[] {
  return logs.flatMap(({ file, format, report }) =>
    report.events === undefined
      ? []
      : [
          {
            file,
            format,
            columns: [],
            observations: eventObservations(report.events),
            dropped: [],
            findings: [
              {
                kind: 'events-alone',
                level: 'note',
                message: `${file.name} is a power log with named events: their energies and measured times are known, their tokens are not.`,
                todo: 'Bring the table of the same run along, or say the tokens (--input-tokens, --output-tokens).',
              },
            ],
            facts: {},
          },
        ],
  );
}

/** What a reading says of itself stands above what a job description says. */
function withFacts(reading: Reading, jobs: readonly SourceFacts[]): Reading {
  return { ...reading, facts: Object.assign({}, ...jobs, reading.facts) as SourceFacts };
}

function nothingToImport(sources: readonly Source[], logs: readonly PowerLog[]): LabError {
  const names = (files: readonly { readonly name: string }[]): string =>
    files.map(({ name }) => name).join(', ');
  if (logs.length === 0) {
    return new LabError(
      'bad-profile',
      `${names(sources.map(({ file }) => file))} describes a job, and has no measurements.`,
      'Nothing was imported. Bring the measurements of the job along.',
    );
  }
  const [{ format }] = logs as [PowerLog];
  return new LabError(
    'bad-profile',
    `${names(logs.map(({ file }) => file))} is a power log (${format.name}), which holds no queries.`,
    'Nothing was imported. Bring the log of the requests along, with their times and tokens; crossover traces inspect shows what a power log holds.',
  );
}
