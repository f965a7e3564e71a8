import type { Observation } from '#core/import/observation';
import type { ImportOptions } from '#core/import/options';
import type { ImportFormat } from '../importFormat.ts';
import { linesOf, textPieces, type Line } from '../textPieces.ts';
import {
  at,
  drops,
  fieldsOf,
  filled,
  looksLike,
  numberAt,
  stated,
  textAt,
  warning,
  withStated,
  type Fields,
  type Parsed,
} from './parsed.ts';

const PER_SECOND: Readonly<Record<string, number>> = { s: 1, sec: 1, ms: 1e3, us: 1e6, ns: 1e9 };
const CLOCK_SLACK_S = 2;

/**
 * AIPerf's `profile_export.jsonl`: a line a request with `metadata.{request_start_ns,request_end_ns,benchmark_phase,
 * was_cancelled}`, `metrics.{input_sequence_length,output_sequence_length,request_latency,time_to_first_token}` (each
 * `{value, unit}`) and `error` (ai-dynamo/aiperf, docs/tutorials/working-with-profile-exports.md). It has no energy;
 * `gpu_telemetry_export.jsonl` of the same run is the power log that belongs to it.
 */
export const aiperf: ImportFormat = {
  id: 'aiperf',
  name: 'AIPerf, records of requests',
  looks: looksLike(/^\s*\{[^\n]*"metadata"\s*:\s*\{[^\n]*"request_start_ns"\s*:/),
  read: async (source, options) => {
    const reader = aiperfReader(options);
    for await (const line of linesOf(textPieces(source, source.signal), source.file.name)) reader.push(line);
    return { ...reader.end(), file: source.file, format: { id: aiperf.id, name: aiperf.name } };
  },
};

/** Takes the lines one by one. */
export function aiperfReader(options: ImportOptions): { push: (line: Line) => void; end: () => Parsed } {
  const observations: Observation[] = [];
  const dropped = drops();
  let row = 0;
  let cut = false;
  let first: Fields = {};

  return {
    push: ({ text, whole }) => {
      row += 1;
      if (text.trim() === '') return;
      let record: Fields;
      try {
        record = fieldsOf(JSON.parse(text));
      } catch {
        if (whole) dropped.add('no JSON');
        else cut = true;
        return;
      }
      const metadata = fieldsOf(at(record, 'metadata'));
      const error = at(record, 'error');
      if ((error !== null && error !== undefined) || at(metadata, 'was_cancelled') === true) {
        dropped.add('the request failed or was cancelled');
        return;
      }
      if (Object.keys(first).length === 0) first = fieldsOf(at(record, 'metrics'));
      observations.push(withStated(observationOf(record, metadata, row), options));
    },
    end: () => ({
      columns: [
        ['input_sequence_length', 'input-tokens', 'token'] as const,
        ['output_sequence_length', 'output-tokens', 'token'] as const,
        ['request_latency', 'runtime', 'ms'] as const,
        ['time_to_first_token', 'first-token-time', 'ms'] as const,
      ].map(([name, role, unit]) =>
        stated(`metrics.${name}.value`, role, unit, [at(fieldsOf(at(first, name)), 'value')]),
      ),
      observations,
      dropped: dropped.list(),
      findings: cut
        ? [
            warning(
              'truncated',
              'The last line is cut off, so it is left out: whatever wrote the file was stopped.',
              'Check whether more than that line is missing.',
            ),
          ]
        : [],
      facts: { kvCache: true },
      clock: { kind: 'utc', slackS: CLOCK_SLACK_S },
    }),
  };
}

function observationOf(record: Fields, metadata: Fields, row: number): Observation {
  const metrics = fieldsOf(at(record, 'metrics'));
  const count = (name: string): number | undefined => numberAt(fieldsOf(at(metrics, name)), 'value');
  const timeS = (name: string): number | undefined => {
    const metric = fieldsOf(at(metrics, name));
    const value = numberAt(metric, 'value');
    const perS = PER_SECOND[textAt(metric, 'unit') ?? 'ms'];
    return value === undefined || perS === undefined ? undefined : value / perS;
  };
  const epochS = (name: string): number | undefined => {
    const ns = numberAt(metadata, name);
    return ns === undefined ? undefined : ns / 1e9;
  };
  const [startS, endS] = [epochS('request_start_ns'), epochS('request_end_ns')];
  return {
    row,
    trials: 1,
    energyJ: {},
    ...filled({
      m: count('input_sequence_length'),
      n: count('output_sequence_length'),
      runtimeS:
        timeS('request_latency') ?? (startS === undefined || endS === undefined ? undefined : endS - startS),
      firstTokenS: timeS('time_to_first_token'),
      startS,
      endS,
      phase: textAt(metadata, 'benchmark_phase'),
    }),
  };
}
