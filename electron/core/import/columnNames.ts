import type { Rail } from '../profile.ts';
import type { ColumnRole, ColumnUnit } from './observation.ts';
import { unitOf } from './quantity.ts';

/** What a column's name alone says. */
export interface NamedColumn {
  readonly role: ColumnRole;
  /** null when the name has no unit */
  readonly unit: ColumnUnit | null;
  readonly rail: Rail | null;
  /** tokens by which an energy per token is to be multiplied */
  readonly per?: 'output' | 'total';
}

/** Columns whose whole name is a convention of its own; names are compared in lower case. */
const KNOWN: readonly (readonly [RegExp, NamedColumn])[] = [
  // pyJoules: RAPL domains in uJ, NVIDIA devices in mJ (pyjoules.readthedocs.io, "Devices").
  [/^nvidia_gpu_\d+$/, { role: 'energy', unit: 'mJ', rail: 'gpu' }],
  [/^package_\d+$/, { role: 'energy', unit: 'uJ', rail: 'package' }],
  [/^dram_\d+$/, { role: 'energy', unit: 'uJ', rail: 'dram' }],
  [/^core_\d+$/, { role: 'energy', unit: 'uJ', rail: 'cpu' }],
  [/^uncore_\d+$/, { role: 'ignore', unit: null, rail: null }],
  [/^(?:tag|event)$/, { role: 'phase', unit: 'text', rail: null }],
  [/^m$/, { role: 'input-tokens', unit: 'token', rail: null }],
  [/^n$/, { role: 'output-tokens', unit: 'token', rail: null }],
  [/^(?:prompt_n|n_prompt|isl)$/, { role: 'input-tokens', unit: 'token', rail: null }],
  [/^(?:predicted_n|n_gen|n_predict|osl)$/, { role: 'output-tokens', unit: 'token', rail: null }],
  [/^(?:prompt_eval_count)$/, { role: 'input-tokens', unit: 'token', rail: null }],
  [/^(?:eval_count)$/, { role: 'output-tokens', unit: 'token', rail: null }],
];

const NOT_USED = new Set(
  (
    'memory mem mb gb mib gib bytes utilization utilisation util temperature temp clock clocks freq frequency price ' +
    'cost co2 carbon emission emissions rate throughput tps percent percentage pct min max minimum maximum median ' +
    'p5 p10 p25 p50 p75 p90 p95 p99 ci ci95 stderr sem variance var index idx uuid version seed accuracy score speed'
  ).split(' '),
);
const QUALIFIERS = new Set('mean avg average total sum sd std stdev stddev'.split(' '));
const SPREAD = new Set('sd std stdev stddev deviation'.split(' '));
const INPUT = new Set('input inputs prompt context prefill in'.split(' '));
const OUTPUT = new Set(
  'output outputs generated generation completion decode decoded gen response new answer out reply'.split(
    ' ',
  ),
);
const LENGTHS = new Set('token tokens tok toks len length lens size count'.split(' '));
const TIME_WORDS = new Set(
  'runtime duration elapsed latency walltime makespan seconds secs sec e2e'.split(' '),
);

/** The words of a name, in lower case, and the unit that stands at its end or in brackets. */
export function splitName(name: string): {
  words: string[];
  unit: ColumnUnit | null;
  bracket: string | null;
} {
  let bracket: string | null = null;
  const bare = name.slice(0, 200).replace(/[([{]([^)\]}]*)[)\]}]/g, (_, inside: string) => {
    bracket ??= inside.trim();
    return ' ';
  });
  const words = bare
    .replace(/kWh/g, ' kwh ')
    .replace(/([A-Z]{2,})s\b/g, (_, letters: string) => `${letters.toLowerCase()}s`)
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .split(/[^A-Za-z0-9/%µμ²]+/)
    .map((word) => word.toLowerCase())
    .filter((word) => word !== '');
  const unit = (bracket === null ? undefined : unitOf(bracket)) ?? takeUnit(words) ?? null;
  return { words, unit, bracket };
}

/** Takes the unit away that a name ends with, whatever stands behind it ("energy_j_mean"). */
function takeUnit(words: string[]): ColumnUnit | undefined {
  let at = words.length - 1;
  while (at > 0 && QUALIFIERS.has(words[at]!)) at -= 1;
  if (at < 1 || words[at - 1] === 'per') return undefined;
  // "energyMJ" is mJ as well: nobody measures a query in megajoules.
  const joined = at > 1 ? unitOf(`${words[at - 1]}${words[at]}`) : undefined;
  const [unit, length] = joined === undefined ? [unitOf(words[at]!), 1] : [joined, 2];
  if (unit === undefined || unit === 'token') return undefined;
  words.splice(at + 1 - length, length);
  return unit;
}

/** What a column is, judged by its name; `ignore` where the name says nothing that is known. */
export function readColumnName(name: string): NamedColumn {
  const whole = name.trim().toLowerCase();
  const known = KNOWN.find(([pattern]) => pattern.test(whole));
  if (known !== undefined) return known[1];
  const { words, unit, bracket } = splitName(name);
  const has = (...wanted: string[]): boolean => wanted.some((word) => words.includes(word));
  const any = (set: ReadonlySet<string>): boolean => words.some((word) => set.has(word));
  const as = (
    role: ColumnRole,
    itsUnit: ColumnUnit | null = null,
    rail: Rail | null = null,
  ): NamedColumn => ({
    role,
    unit: itsUnit,
    rail,
  });
  const ignored = as('ignore');
  if (bracket !== null && unit === null && /^(?:%|mb|gb|mib|gib|°?c|mhz|hz|usd|\$|g|kg)$/i.test(bracket)) {
    return ignored;
  }
  const energyUnit = unit !== null && ['J', 'mJ', 'uJ', 'kJ', 'Wh', 'kWh'].includes(unit);
  const timeUnit = unit !== null && ['s', 'ms', 'us', 'ns'].includes(unit);
  const perToken =
    unit === 'J/token' ||
    (has('per') && has('token', 'tokens', 'tok')) ||
    has('j/token', 'joules/token', 'j/tok');
  const energy = energyUnit || has('energy', 'joules', 'joule', 'consumption', 'kwh', 'mj', 'uj');

  if (perToken) {
    if (!energy && unit !== 'J/token' && !has('j', 'j/token', 'joules/token', 'j/tok')) return ignored;
    const per = any(OUTPUT) ? 'output' : has('total', 'all') ? 'total' : undefined;
    return { ...as('energy-per-token', 'J/token', railOf(words)), ...(per === undefined ? {} : { per }) };
  }
  if (any(SPREAD)) {
    if (energy) return as('energy-sd', energyUnit ? unit : null, railOf(words));
    return timeUnit || any(TIME_WORDS) || has('time') ? as('runtime-sd', timeUnit ? unit : null) : ignored;
  }
  if (has('per') && !has('request', 'query', 'prompt', 'inference')) return ignored;
  if (energy && !any(NOT_USED)) {
    if (has('idle', 'baseline', 'static')) return as('idle-energy', energyUnit ? unit : null, railOf(words));
    return as('energy', energyUnit ? unit : null, railOf(words));
  }
  if ((unit === 'W' || unit === 'mW' || has('power', 'watts', 'wattage')) && !any(NOT_USED)) {
    return has('limit', 'cap', 'tdp', 'idle', 'rated')
      ? ignored
      : as('power', unit === 'W' || unit === 'mW' ? unit : null, railOf(words));
  }
  if (has('ttft') || (has('first') && has('token', 'tok'))) {
    return as('first-token-time', timeUnit ? unit : null);
  }
  if (has('iteration', 'iter', 'repeat', 'repetition', 'rep', 'trial') && !has('trials')) {
    return as('iteration', 'count');
  }
  if (has('trials', 'repetitions', 'repeats', 'samples', 'runs') && !any(LENGTHS))
    return as('trials', 'count');
  if (has('batch', 'batchsize', 'bs')) return as('batch', 'count');
  if (has('gpus', 'ngpu', 'ngpus') || (has('gpu') && has('number', 'num', 'count', 'n')))
    return as('gpus', 'count');
  const tokens = tokenRole(words);
  if (tokens !== undefined) return as(tokens, 'token');
  if (any(NOT_USED)) return ignored;
  if (
    has('timestamp', 'datetime', 'date') ||
    (has('start', 'begin', 'started', 'arrival', 'arrived') && !any(INPUT))
  ) {
    return as('start-time', timeUnit ? unit : null);
  }
  if (has('end', 'finish', 'finished', 'stop', 'completed')) return as('end-time', timeUnit ? unit : null);
  if (
    any(TIME_WORDS) ||
    (has('time') && words.length <= 4) ||
    (timeUnit && words.length <= 3 && !has('itl', 'tpot'))
  ) {
    return has('load', 'idle', 'itl', 'tpot', 'inter', 'between', 'sample', 'sampling')
      ? ignored
      : as('runtime', timeUnit ? unit : null);
  }
  if (has('phase', 'operation', 'stage')) return as('phase', 'text');
  if (has('model', 'llm') && !has('gpu', 'cpu', 'type')) return as('model', 'text');
  if (has('system', 'host', 'hostname', 'machine', 'node', 'cluster', 'device', 'hardware', 'platform')) {
    return has('cpu', 'id', 'count') ? ignored : as('system', 'text');
  }
  return has('gpu') && has('name', 'type', 'model') ? as('system', 'text') : ignored;
}

/** The rail that the words of a name speak of; null when none does. */
export function railOf(words: readonly string[]): Rail | null {
  const has = (pattern: RegExp): boolean => words.some((word) => pattern.test(word));
  if (has(/^(?:gpu|gpus|gpu\d+|cuda|nvidia|nvml|vram|accelerator|card)$/)) return 'gpu';
  if (has(/^(?:package|pkg|packages|socket|socket\d+|rapl|soc)$/)) return 'package';
  if (has(/^(?:cpu|cpus|cpu\d+|core|cores|processor)$/)) return 'cpu';
  if (has(/^(?:ane|npu)$/)) return 'ane';
  if (has(/^(?:dram|ram|memory)$/)) return 'dram';
  if (has(/^(?:wall|outlet|plug|psu|ac|mains|meter)$/)) return 'wall';
  if (has(/^(?:machine|system|node|server|host|board|sys)$/)) return 'machine';
  return null;
}

function tokenRole(words: readonly string[]): ColumnRole | undefined {
  const any = (set: ReadonlySet<string>): boolean => words.some((word) => set.has(word));
  const has = (...wanted: string[]): boolean => wanted.some((word) => words.includes(word));
  const tokens = has('token', 'tokens', 'tok', 'toks');
  if (!any(LENGTHS)) return undefined;
  const output = any(OUTPUT);
  const limited = has('limit', 'max', 'maximum', 'requested', 'target', 'asked');
  // "output_prompt_tokens" is nobody's; "completion_tokens_from_prompt" neither: what comes first decides.
  const input = any(INPUT) && !has('new');
  if (output && input) {
    const first = words.find((word) => OUTPUT.has(word) || INPUT.has(word))!;
    return INPUT.has(first) ? 'input-tokens' : limited ? 'output-limit' : 'output-tokens';
  }
  if (output) return limited ? 'output-limit' : 'output-tokens';
  if (input) return limited ? undefined : 'input-tokens';
  if (tokens && has('total', 'all', 'sum')) return 'total-tokens';
  if (tokens && limited) return 'output-limit';
  // Splitwise: prompt_size, token_size.
  return words.join(' ') === 'token size' ? 'output-tokens' : undefined;
}
