import type { Span, WindowEnergy } from '#core/meter';

/** readings that are packed together */
const BLOCK = 1024;
/** no more than this is held of a log; of longer ones the blocks' sums stay */
const MOST_BYTES = 160 * 1024 * 1024;

/** Readings that follow one another, packed as the integers that they were written as. */
interface Block {
  readonly startS: number;
  readonly endS: number;
  readonly energyJ: number;
  readonly coveredS: number;
  readonly count: number;
  /** undefined once there were too many */
  packed?: {
    /** time after the reading before, in steps */
    readonly steps: Uint16Array | Uint32Array | Float64Array;
    readonly stepS: number;
    readonly powers: Uint16Array | Uint32Array | Float64Array;
    readonly powerW: number;
    /** lengths that are not the time after the reading before, s */
    readonly lengths: ReadonlyMap<number, number>;
  };
}

/** Many readings of one power, each with the time for which it stands. */
export interface ReadingStore {
  /** @param endS after the one before; the reading stands for `lengthS` before it */
  add: (endS: number, lengthS: number, powerW: number) => void;
  /** true while every reading is held */
  readonly exact: () => boolean;
  /**
   * Energy of spans by proportional overlap, without going through the readings in between.
   * @returns the energy as rail "gpu"; near enough where the store is not exact
   */
  energies: (spans: readonly Span[]) => WindowEnergy[];
}

/**
 * Holds readings as nvidia-smi writes them, ms and hundredths of a watt, in 4 bytes each; others in up to 16.
 * @param mostBytes that may be held
 */
export function readingStore(mostBytes = MOST_BYTES): ReadingStore {
  const blocks: Block[] = [];
  const ends = new Float64Array(BLOCK);
  const lengths = new Float64Array(BLOCK);
  const powers = new Float64Array(BLOCK);
  let count = 0;
  let held = 0;
  let exact = true;

  const close = (): void => {
    if (count === 0) return;
    let energyJ = 0;
    let coveredS = 0;
    for (let i = 0; i < count; i++) {
      energyJ += powers[i]! * lengths[i]!;
      coveredS += lengths[i]!;
    }
    const block: Block = {
      startS: ends[0]! - lengths[0]!,
      endS: ends[count - 1]!,
      energyJ,
      coveredS,
      count,
    };
    if (exact) {
      block.packed = pack(ends.subarray(0, count), lengths, powers.subarray(0, count));
      held += block.packed.steps.byteLength + block.packed.powers.byteLength + 48 * block.packed.lengths.size;
    }
    blocks.push(block);
    count = 0;
    if (held > mostBytes) {
      exact = false;
      held = 0;
      for (const each of blocks) delete each.packed;
    }
  };

  return {
    add: (endS, lengthS, powerW) => {
      ends[count] = endS;
      lengths[count] = lengthS;
      powers[count] = powerW;
      count += 1;
      if (count === BLOCK) close();
    },
    exact: () => exact,
    energies: (spans) => {
      close();
      return spans.map((span) => energyOf(blocks, span));
    },
  };
}

function energyOf(blocks: readonly Block[], span: Span): WindowEnergy {
  let energyJ = 0;
  let coveredS = 0;
  let samples = 0;
  for (let index = firstReaching(blocks, span.startS); index < blocks.length; index++) {
    const block = blocks[index]!;
    if (block.startS >= span.endS) break;
    if (block.startS >= span.startS && block.endS <= span.endS) {
      energyJ += block.energyJ;
      coveredS += block.coveredS;
      samples += block.count;
    } else if (block.packed === undefined) {
      const part = Math.min(block.endS, span.endS) - Math.max(block.startS, span.startS);
      const share = part / (block.endS - block.startS);
      energyJ += share * block.energyJ;
      coveredS += share * block.coveredS;
      samples += Math.round(share * block.count);
    } else {
      eachReading(block, (endS, lengthS, powerW) => {
        const overlap = Math.min(endS, span.endS) - Math.max(endS - lengthS, span.startS);
        if (!(overlap > 0)) return;
        energyJ += powerW * overlap;
        coveredS += overlap;
        samples += 1;
      });
    }
  }
  const length = span.endS - span.startS;
  return {
    energyJ: samples > 0 ? { gpu: energyJ } : {},
    coverage: length > 0 ? Math.min(1, coveredS / length) : 0,
    samples,
  };
}

/** The first block that ends after a time. */
function firstReaching(blocks: readonly Block[], atS: number): number {
  let [low, high] = [0, blocks.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (blocks[middle]!.endS <= atS) low = middle + 1;
    else high = middle;
  }
  return low;
}

function pack(ends: Float64Array, lengths: Float64Array, powers: Float64Array): NonNullable<Block['packed']> {
  const steps = new Float64Array(ends.length);
  const others = new Map<number, number>();
  // The first step leads from the block's beginning to the end of its first reading.
  for (let i = 0; i < ends.length; i++) {
    steps[i] = i === 0 ? lengths[0]! : ends[i]! - ends[i - 1]!;
    // Where a reading stands for the time since the one before, both are the same difference of two times.
    if (i > 0 && lengths[i] !== steps[i]) others.set(i, lengths[i]!);
  }
  const packedSteps = asIntegers(steps, 1e3) ?? asIntegers(steps, 1e6);
  const packedPowers = asIntegers(powers, 100);
  return {
    steps: packedSteps?.values ?? steps,
    stepS: packedSteps?.unit ?? 1,
    powers: packedPowers?.values ?? powers.slice(),
    powerW: packedPowers?.unit ?? 1,
    lengths: others,
  };
}

/** Rounding of a difference of two times of a day, which has nothing to do with the time itself. */
const ROUNDING = 1e-9;

/** Numbers as whole multiples of a unit, where they are; undefined where they are not, or too large. */
function asIntegers(
  values: Float64Array,
  perUnit: number,
): { values: Uint16Array | Uint32Array; unit: number } | undefined {
  let most = 0;
  for (const value of values) {
    const whole = Math.round(value * perUnit);
    if (!(whole >= 0 && whole <= 0xffff_ffff) || Math.abs(value * perUnit - whole) > ROUNDING * perUnit) {
      return undefined;
    }
    if (whole > most) most = whole;
  }
  const packed = most <= 0xffff ? new Uint16Array(values.length) : new Uint32Array(values.length);
  for (let i = 0; i < values.length; i++) packed[i] = Math.round(values[i]! * perUnit);
  return { values: packed, unit: 1 / perUnit };
}

function eachReading(
  { startS, count, packed }: Block,
  visit: (endS: number, lengthS: number, powerW: number) => void,
): void {
  const { steps, stepS, powers, powerW, lengths } = packed!;
  const perStep = Math.round(1 / stepS);
  let whole = 0;
  for (let i = 0; i < count; i++) {
    whole += steps[i]!;
    const step = steps[i]! / perStep;
    visit(startS + whole / perStep, lengths.get(i) ?? step, powers[i]! * powerW);
  }
}
