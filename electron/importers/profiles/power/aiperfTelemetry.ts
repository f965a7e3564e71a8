import { LabError } from '#core/errors';
import type { TraceFacts, TraceReader, TraceSample } from '#core/traceReport';

/** What one line says of one GPU at one time. */
interface GpuLine {
  readonly gpu: string;
  readonly atS: number;
  readonly powerW?: number;
  /** its counter since the driver started, J */
  readonly countedJ?: number;
}

/** All GPUs once. */
type Round = Map<string, GpuLine>;

const MEGAJOULE = 1e6;
const LONGEST_LINE = 16 * 1024 * 1024;
const CLOCK_SLACK_S = 2;

/** A line of AIPerf's GPU telemetry, by its beginning. */
export const AIPERF_TELEMETRY = /^\s*\{[^\n]*"timestamp_ns"\s*:[^\n]*"telemetry_data"\s*:\s*\{/;

/**
 * AIPerf's `gpu_telemetry_export.jsonl`: one line a GPU and reading, with `timestamp_ns`, `gpu_uuid` and
 * `telemetry_data.{gpu_power_usage (W), energy_consumption (MJ since the driver started)}`, of AMD GPUs `amd_power`
 * and `amd_energy_consumption` (aiperf, src/aiperf/common/models/telemetry_models.py). The GPUs are added up. Where
 * all have counters, a sample is the difference of two readings of them, else the power since the reading before.
 */
export function aiperfTelemetryReader(): TraceReader {
  const facts: TraceFacts = {
    clock: { originS: 0, kind: 'utc', slackS: CLOCK_SLACK_S },
    warnings: [],
  };
  let open = '';
  let round: Round = new Map();
  let before: Round | undefined;
  let samples: TraceSample[] = [];
  let unread = false;

  const close = (): void => {
    if (round.size === 0) return;
    const sample = before === undefined ? undefined : between(before, round);
    if (sample !== undefined) samples.push(sample);
    before = round;
    round = new Map();
  };
  const readLine = (line: string, whole: boolean): void => {
    if (line.trim() === '') return;
    const record = recordOf(line);
    if (record === undefined) {
      if (!whole)
        facts.warnings.push({ kind: 'cut-line', message: 'The last line is cut; it was left out.' });
      else if (!unread) {
        unread = true;
        facts.warnings.push({
          kind: 'unread-lines',
          message: `Lines of another form were left out, the first being "${line.slice(0, 60)}".`,
        });
      }
      return;
    }
    if (round.has(record.gpu)) close();
    round.set(record.gpu, record);
  };
  const taken = (): TraceSample[] => {
    const ready = samples;
    samples = [];
    return ready;
  };
  return {
    facts,
    push: (text) => {
      const lines = (open + text).split('\n');
      open = lines.pop()!;
      if (open.length > LONGEST_LINE) {
        throw new LabError(
          'bad-trace',
          'A single reading of the GPU telemetry is longer than 16 million characters, so it is none.',
          'Nothing was read from it. Check that the file is as AIPerf wrote it.',
        );
      }
      for (const line of lines) readLine(line, true);
      return taken();
    },
    end: () => {
      readLine(open, false);
      close();
      return taken();
    },
  };
}

/** The energy of the GPUs that both readings have, from the end of the one to the end of the other. */
function between(before: Round, after: Round): TraceSample | undefined {
  const startS = endOf(before);
  const endS = endOf(after);
  if (!(endS > startS)) return undefined;
  let energyJ = 0;
  let counted = true;
  for (const [gpu, { countedJ }] of after) {
    const grown = (countedJ ?? NaN) - (before.get(gpu)?.countedJ ?? NaN);
    if (!(grown >= 0)) counted = false;
    else energyJ += grown;
  }
  if (!counted) {
    energyJ = 0;
    for (const { powerW } of after.values()) {
      if (powerW === undefined) return undefined;
      energyJ += powerW * (endS - startS);
    }
  }
  return Number.isFinite(energyJ) ? { startS, endS, energyJ: { gpu: energyJ } } : undefined;
}

function endOf(round: Round): number {
  let last = -Infinity;
  for (const { atS } of round.values()) last = Math.max(last, atS);
  return last;
}

function recordOf(line: string): GpuLine | undefined {
  let document: unknown;
  try {
    document = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (!isObject(document) || !isObject(document.telemetry_data)) return undefined;
  const { timestamp_ns: time, gpu_uuid: uuid, gpu_index: index, dcgm_url: url } = document;
  const data = document.telemetry_data;
  const gpu = typeof uuid === 'string' ? uuid : `${String(url)} ${String(index)}`;
  if (typeof time !== 'number' || !(time > 0)) return undefined;
  const powerW = numberIn(data.gpu_power_usage) ?? numberIn(data.amd_power);
  const countedMj = numberIn(data.energy_consumption) ?? numberIn(data.amd_energy_consumption);
  if (powerW === undefined && countedMj === undefined) return undefined;
  return {
    gpu,
    atS: time / 1e9,
    ...(powerW === undefined ? {} : { powerW }),
    ...(countedMj === undefined ? {} : { countedJ: countedMj * MEGAJOULE }),
  };
}

function isObject(value: unknown): value is { [key: string]: unknown } {
  return typeof value === 'object' && value !== null;
}

function numberIn(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 0 && Number.isFinite(value) ? value : undefined;
}
