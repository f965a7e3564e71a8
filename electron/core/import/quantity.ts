import type { ColumnRole, ColumnUnit } from './observation.ts';

/** How many of a unit are one J, one W or one s (below 1: how many J, W or s are one of the unit, negated). */
const PER_BASE: Readonly<Partial<Record<ColumnUnit, number>>> = {
  mJ: 1e3,
  uJ: 1e6,
  mW: 1e3,
  ms: 1e3,
  us: 1e6,
  ns: 1e9,
};
const OF_BASE: Readonly<Partial<Record<ColumnUnit, number>>> = { kJ: 1e3, Wh: 3600, kWh: 3.6e6 };

/**
 * A value in J, J/token, W, s or a count. Small units are divided, not multiplied by a fraction, so that 261955 mJ
 * are 261.955 J to the last digit.
 */
export function toBase(value: number, unit: ColumnUnit): number {
  return PER_BASE[unit] === undefined ? value * (OF_BASE[unit] ?? 1) : value / PER_BASE[unit];
}

/** How many J, W or s one of the unit is. */
export function unitSize(unit: ColumnUnit): number {
  return toBase(1, unit);
}

/** The units that a value of each role can be in, the usual one first; a role that is not here has no unit. */
export const ROLE_UNITS: Readonly<Partial<Record<ColumnRole, readonly ColumnUnit[]>>> = {
  'input-tokens': ['token'],
  'output-tokens': ['token'],
  'output-limit': ['token'],
  'total-tokens': ['token'],
  energy: ['J', 'mJ', 'uJ', 'kJ', 'Wh', 'kWh'],
  'energy-sd': ['J', 'mJ', 'uJ', 'kJ', 'Wh', 'kWh'],
  'idle-energy': ['J', 'mJ', 'uJ', 'kJ', 'Wh', 'kWh'],
  'energy-per-token': ['J/token'],
  power: ['W', 'mW'],
  runtime: ['s', 'ms', 'us', 'ns'],
  'runtime-sd': ['s', 'ms', 'us', 'ns'],
  'first-token-time': ['s', 'ms', 'us', 'ns'],
  'start-time': ['time', 's', 'ms', 'us', 'ns'],
  'end-time': ['time', 's', 'ms', 'us', 'ns'],
  iteration: ['count'],
  trials: ['count'],
  batch: ['count'],
  gpus: ['count'],
  phase: ['text'],
  model: ['text'],
  system: ['text'],
};

/** Units as sources write them, in lower case without spaces; "mj" alone could be MJ, which nobody means. */
const UNIT_WORDS: Readonly<Record<string, ColumnUnit>> = {
  j: 'J',
  joule: 'J',
  joules: 'J',
  ws: 'J',
  mj: 'mJ',
  millijoule: 'mJ',
  millijoules: 'mJ',
  uj: 'uJ',
  microjoule: 'uJ',
  microjoules: 'uJ',
  kj: 'kJ',
  kilojoule: 'kJ',
  kilojoules: 'kJ',
  wh: 'Wh',
  watthours: 'Wh',
  kwh: 'kWh',
  kilowatthours: 'kWh',
  'j/token': 'J/token',
  'j/tok': 'J/token',
  'joules/token': 'J/token',
  w: 'W',
  watt: 'W',
  watts: 'W',
  mw: 'mW',
  milliwatt: 'mW',
  milliwatts: 'mW',
  s: 's',
  sec: 's',
  secs: 's',
  second: 's',
  seconds: 's',
  ms: 'ms',
  msec: 'ms',
  millis: 'ms',
  millisecond: 'ms',
  milliseconds: 'ms',
  us: 'us',
  usec: 'us',
  microsecond: 'us',
  microseconds: 'us',
  ns: 'ns',
  nsec: 'ns',
  nanosecond: 'ns',
  nanoseconds: 'ns',
  token: 'token',
  tokens: 'token',
};

/** The unit that a word stands for; undefined when it is none. */
export function unitOf(word: string): ColumnUnit | undefined {
  const key = word
    .trim()
    .toLowerCase()
    .replace(/[µμ]/g, 'u')
    .replace(/\s+|·|\*/g, '');
  return Object.hasOwn(UNIT_WORDS, key) ? UNIT_WORDS[key] : undefined;
}
