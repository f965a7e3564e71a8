import type { RailEnergy } from '#core/meter';
import type { Rail } from '#core/profile';
import type { TraceFacts, TraceReader, TraceSample } from '#core/traceReport';
import { lineSplitter } from './lines.ts';
import { spansOf } from './readings.ts';

/** Watts, the same keys before and after 0.8. `all_power` is their sum and would count them again. */
const KEYS: readonly (readonly [string, Rail])[] = [
  ['cpu_power', 'cpu'],
  ['gpu_power', 'gpu'],
  ['ane_power', 'ane'],
  ['ram_power', 'dram'],
  ['sys_power', 'machine'],
];

/** `macmon pipe`: one JSON object a line, power in W by rail and of the whole machine. */
export function macmonReader(): TraceReader {
  const facts: TraceFacts = { warnings: [] };
  const lines = lineSplitter();
  const spans = spansOf(facts);

  const readLine = (line: string, whole: boolean): TraceSample[] => {
    if (line.trim() === '') return [];
    const reading = macmonReading(line);
    if (reading !== undefined) return spans.push(reading);
    facts.warnings.push(
      whole
        ? { kind: 'unread-lines', message: `A line of another form was left out: "${line.slice(0, 60)}".` }
        : { kind: 'cut-line', message: 'The last line is cut; it was left out.' },
    );
    return [];
  };
  return {
    facts,
    push: (text) => lines.push(text).flatMap((line) => readLine(line, true)),
    end: () => {
      const samples = readLine(lines.rest(), false);
      spans.end();
      return samples;
    },
  };
}

/** One line of macmon's; undefined when it is none. */
export function macmonReading(line: string): { atS: number; powerW: RailEnergy } | undefined {
  let document: unknown;
  try {
    document = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof document !== 'object' || document === null) return undefined;
  const fields = new Map<string, unknown>(Object.entries(document));
  const powerW: RailEnergy = {};
  for (const [key, rail] of KEYS) {
    const power = fields.get(key);
    if (typeof power === 'number' && Number.isFinite(power)) powerW[rail] = power;
  }
  const atS = Date.parse(String(fields.get('timestamp'))) / 1000;
  return Object.keys(powerW).length === 0 ? undefined : { atS: Number.isFinite(atS) ? atS : 0, powerW };
}
