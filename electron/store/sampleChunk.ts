/**
 * Samples as bytes, without loss. Each column is stored as whole numbers of a power of ten where all of its values
 * are such (clocks tick in nanoseconds, energy counters in millijoules to nanojoules), in as few bytes as their
 * range needs, and as doubles where they are not.
 *
 * ```
 * chunk   u8 form, u8 columns, 2 bytes free, u32 samples, then the columns
 * column  u8 code, u8 width, u8 exponent, 5 bytes free, f64 base, then samples × width bytes, padded to 8
 * width   8: doubles, NaN is absent; 4, 2, 1: whole numbers, 0 is absent, others are value − base + 1; 0: all base
 * ```
 *
 * A whole number stands for itself divided by 10^exponent. Numbers are little-endian, as on every computer that
 * Crossover runs on.
 */
import type { EnergySample, RailEnergy } from '#core/meter';
import { RAILS, type Rail } from '#core/profile';
import { SampleBuffer, WorkingArrays } from './sampleBuffer.ts';

/** The numbers of the rails in stored bytes; they never change. */
export const RAIL_CODES: Readonly<Record<Rail, number>> = {
  cpu: 0,
  gpu: 1,
  ane: 2,
  dram: 3,
  package: 4,
  machine: 5,
  wall: 6,
};

/** Samples column by column; an absent value is NaN. */
export interface SampleColumns {
  readonly count: number;
  readonly startS: Float64Array;
  readonly endS: Float64Array;
  readonly energyJ: ReadonlyMap<Rail, Float64Array>;
  readonly cpuShare: Float64Array | undefined;
}

const FORM = 1;
const CODES = { origin: 0, start: 1, end: 2, gap: 3, length: 4, cpuShare: 5, firstRail: 16 } as const;
const TICKS_PER_S = 1e9;
const EXPONENTS = [3, 6, 9] as const;

/** The arrays that an encoding works in, used again by the next one: this runs every second for hours. */
const working = new WorkingArrays();

interface Column {
  readonly code: number;
  readonly width: 0 | 1 | 2 | 4 | 8;
  readonly exponent: number;
  readonly base: number;
  readonly values: Float64Array;
}

/** Samples as bytes. */
export function encodeSamples(samples: readonly EnergySample[]): Buffer {
  const buffer = new SampleBuffer();
  for (const sample of samples) buffer.push(sample);
  return encodeBuffer(buffer);
}

/** The samples of a buffer as bytes. */
export function encodeBuffer(buffer: SampleBuffer): Buffer {
  const { count, cpuShare } = buffer;
  working.reset(count);
  const columns = timeColumns(buffer.startS, buffer.endS);
  if (cpuShare !== undefined) columns.push(compact(CODES.cpuShare, cpuShare));
  for (const rail of RAILS) {
    const energies = buffer.energyJ(rail);
    if (energies !== undefined) columns.push(compact(CODES.firstRail + RAIL_CODES[rail], energies));
  }
  return pack(columns, count);
}

/**
 * The samples of `encodeSamples`, column by column.
 * @throws RangeError when the bytes are not what it wrote
 */
export function decodeSamples(bytes: Uint8Array): SampleColumns {
  const { columns, count } = unpack(bytes);
  const energyJ = new Map<Rail, Float64Array>();
  for (const rail of RAILS) {
    const energies = columns.get(CODES.firstRail + RAIL_CODES[rail]);
    if (energies !== undefined) energyJ.set(rail, energies);
  }
  return { count, ...decodeTimes(columns, count), energyJ, cpuShare: columns.get(CODES.cpuShare) };
}

/** One sample of many. */
export function sampleAt(columns: SampleColumns, index: number): EnergySample {
  const energyJ: RailEnergy = {};
  for (const [rail, energies] of columns.energyJ) {
    const energy = energies[index]!;
    if (!Number.isNaN(energy)) energyJ[rail] = energy;
  }
  const share = columns.cpuShare?.[index] ?? NaN;
  return {
    startS: columns.startS[index]!,
    endS: columns.endS[index]!,
    energyJ,
    ...(Number.isNaN(share) ? {} : { cpuShare: share }),
  };
}

/** Times as gaps and lengths in clock ticks where they are such, else as doubles; without starts where no gap is. */
function timeColumns(startS: Float64Array, endS: Float64Array): Column[] {
  const starts = wholeNumbers(startS, TICKS_PER_S);
  const ends = starts && wholeNumbers(endS, TICKS_PER_S);
  if (starts !== undefined && ends !== undefined) {
    const gaps = working.array();
    const lengths = working.array();
    for (let i = 0; i < ends.length; i++) {
      gaps[i] = i === 0 ? 0 : starts[i]! - ends[i - 1]!;
      lengths[i] = ends[i]! - starts[i]!;
    }
    return [constant(CODES.origin, starts[0] ?? 0), narrow(CODES.gap, gaps), narrow(CODES.length, lengths)];
  }
  const first = startS.every((start, i) => i === 0 || start === endS[i - 1])
    ? constant(CODES.origin, startS[0] ?? 0)
    : doubles(CODES.start, startS);
  return [first, doubles(CODES.end, endS)];
}

function decodeTimes(
  columns: ReadonlyMap<number, Float64Array>,
  count: number,
): Pick<SampleColumns, 'startS' | 'endS'> {
  const origin = columns.get(CODES.origin)?.[0] ?? 0;
  const ends = columns.get(CODES.end);
  if (ends !== undefined) {
    const startS = columns.get(CODES.start) ?? ends.map((_, i) => (i === 0 ? origin : ends[i - 1]!));
    return { startS, endS: ends };
  }
  const gaps = columns.get(CODES.gap);
  const lengths = columns.get(CODES.length);
  if (gaps === undefined || lengths === undefined) throw new RangeError('samples without times');
  const startS = new Float64Array(count);
  const endS = new Float64Array(count);
  let tick = origin;
  for (let i = 0; i < count; i++) {
    tick += gaps[i]!;
    startS[i] = tick / TICKS_PER_S;
    tick += lengths[i]!;
    endS[i] = tick / TICKS_PER_S;
  }
  return { startS, endS };
}

function compact(code: number, values: Float64Array): Column {
  for (const exponent of EXPONENTS) {
    const whole = wholeNumbers(values, 10 ** exponent);
    if (whole !== undefined) return narrow(code, whole, exponent);
  }
  return doubles(code, values);
}

/** The values times `unit`, where each is a whole number of units and comes back exactly when divided; NaN stays. */
function wholeNumbers(values: Float64Array, unit: number): Float64Array | undefined {
  const whole = working.array();
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    const number = Math.round(value * unit);
    if (!Number.isNaN(value) && (number / unit !== value || !Number.isSafeInteger(number))) {
      working.giveBack(whole);
      return undefined;
    }
    // Adding 0 makes −0 a 0.
    whole[i] = number + 0;
  }
  return whole;
}

/** Whole numbers in as few bytes as their range needs. */
function narrow(code: number, whole: Float64Array, exponent = 0): Column {
  let least = Infinity;
  let greatest = -Infinity;
  let absent = false;
  for (const value of whole) {
    if (Number.isNaN(value)) absent = true;
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  const highest = greatest - least + 1;
  if (highest === 1 && !absent) return constant(code, least, exponent);
  const width = highest < 2 ** 8 ? 1 : highest < 2 ** 16 ? 2 : highest < 2 ** 32 ? 4 : 8;
  return { code, width, exponent, base: width === 8 ? 0 : least, values: whole };
}

const constant = (code: number, base: number, exponent = 0): Column => ({
  code,
  width: 0,
  exponent,
  base,
  values: new Float64Array(0),
});

const doubles = (code: number, values: Float64Array): Column => ({
  code,
  width: 8,
  exponent: 0,
  base: 0,
  values,
});

const HEAD_BYTES = 8;
const COLUMN_HEAD_BYTES = 16;
const padded = (bytes: number): number => Math.ceil(bytes / 8) * 8;

function pack(columns: readonly Column[], count: number): Buffer {
  const size = columns.reduce(
    (sum, { width }) => sum + COLUMN_HEAD_BYTES + padded(width * count),
    HEAD_BYTES,
  );
  const buffer = new ArrayBuffer(size);
  const view = new DataView(buffer);
  view.setUint8(0, FORM);
  view.setUint8(1, columns.length);
  view.setUint32(4, count, true);
  let at = HEAD_BYTES;
  for (const { code, width, exponent, base, values } of columns) {
    view.setUint8(at, code);
    view.setUint8(at + 1, width);
    view.setUint8(at + 2, exponent);
    view.setFloat64(at + 8, base, true);
    at += COLUMN_HEAD_BYTES;
    if (width === 8) new Float64Array(buffer, at, count).set(values);
    else if (width > 0) {
      const cells = cellsAt(buffer, at, count, width);
      for (let i = 0; i < count; i++) {
        const value = values[i]!;
        cells[i] = Number.isNaN(value) ? 0 : value - base + 1;
      }
    }
    at += padded(width * count);
  }
  return Buffer.from(buffer);
}

function unpack(bytes: Uint8Array): { columns: Map<number, Float64Array>; count: number } {
  const buffer = aligned(bytes);
  const view = new DataView(buffer);
  if (view.getUint8(0) !== FORM) throw new RangeError(`samples of the unknown form ${view.getUint8(0)}`);
  const count = view.getUint32(4, true);
  const columns = new Map<number, Float64Array>();
  let at = HEAD_BYTES;
  for (let left = view.getUint8(1); left > 0; left--) {
    const width = view.getUint8(at + 1);
    const unit = 10 ** view.getUint8(at + 2);
    const base = view.getFloat64(at + 8, true);
    const code = view.getUint8(at);
    at += COLUMN_HEAD_BYTES;
    const values = new Float64Array(count);
    if (width === 0) values.fill(base / unit);
    else if (width === 8) fill(values, new Float64Array(buffer, at, count), 0, unit);
    else fill(values, cellsAt(buffer, at, count, width), base, unit);
    columns.set(code, values);
    at += padded(width * count);
  }
  return { columns, count };
}

type Cells = Uint8Array | Uint16Array | Uint32Array;

function cellsAt(buffer: ArrayBuffer, at: number, count: number, width: number): Cells {
  if (width === 1) return new Uint8Array(buffer, at, count);
  if (width === 2) return new Uint16Array(buffer, at, count);
  if (width === 4) return new Uint32Array(buffer, at, count);
  throw new RangeError(`samples of the unknown width ${width}`);
}

function fill(values: Float64Array, cells: Cells | Float64Array, base: number, unit: number): void {
  if (cells instanceof Float64Array) {
    for (let i = 0; i < values.length; i++) values[i] = cells[i]! / unit;
    return;
  }
  for (let i = 0; i < values.length; i++) {
    const cell = cells[i]!;
    values[i] = cell === 0 ? NaN : (cell - 1 + base) / unit;
  }
}

/** The bytes at the start of a buffer of their own, where numbers of eight bytes can be read in place. */
export function aligned(bytes: Uint8Array): ArrayBuffer {
  const buffer = new ArrayBuffer(bytes.byteLength);
  new Uint8Array(buffer).set(bytes);
  return buffer;
}
