import { fact } from './facts.ts';
import type { ImportFinding, Reading } from './observation.ts';
import type { ImportOptions } from './options.ts';

/** Under which conditions was measured, with what is not known of them. */
export interface Conditions {
  readonly engine: string;
  readonly precision: string;
  readonly kvCache: boolean;
  readonly findings: readonly ImportFinding[];
  /** what is assumed, for the profile itself: it is read long after the findings are gone */
  readonly notes: readonly string[];
}

const NAMES = { engine: 'engine', precision: 'precision', kvCache: 'KV cache' } as const;

/** Engine, precision and KV cache: what the user says, else what the sources do, else what is assumed and said so. */
export function conditionsOf(readings: readonly Reading[], options: ImportOptions): Conditions {
  const findings: ImportFinding[] = [];
  const notes: string[] = [];
  const kvCache = options.kvCache ?? fact(readings, 'kvCache');
  const engine = options.engine ?? fact(readings, 'engine') ?? 'not stated';
  const precision = options.precision ?? fact(readings, 'precision') ?? 'not stated';
  if (kvCache === undefined) {
    const message =
      'Nothing says whether a KV cache was used; it is taken as on, as every server of today has it.';
    findings.push({
      kind: 'kv-cache',
      level: 'warning',
      message,
      todo: 'Say --no-kv-cache if the whole sequence was computed again for each token.',
    });
    notes.push(message);
  }
  const assumed = (['engine', 'precision', 'kvCache'] as const).filter((key) => options[key] === undefined);
  if (fact(readings, 'conditionsAssumed') === true && assumed.length > 0) {
    const said = {
      engine: `engine ${engine}`,
      precision: `precision ${precision}`,
      kvCache: `KV cache ${kvCache === true ? 'on' : 'off'}`,
    };
    const names = assumed.map((key) => NAMES[key]);
    const list = names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${names.at(-1)}` : names[0];
    findings.push({
      kind: 'conditions-assumed',
      level: 'warning',
      message: `No column tells ${list}; they are taken as in the paper whose form the table has: ${assumed.map((key) => said[key]).join(', ')}.`,
      todo: 'Say what they were (--engine, --precision, --kv-cache or --no-kv-cache).',
    });
    notes.push(
      `Not told by the source and assumed as in the paper: ${assumed.map((key) => said[key]).join(', ')}.`,
    );
  }
  return { engine, precision, kvCache: kvCache ?? true, findings, notes };
}
