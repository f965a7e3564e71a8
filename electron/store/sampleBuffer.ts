import type { EnergySample } from '#core/meter';
import { RAILS, type Rail } from '#core/profile';

/** Samples of a buffer that is not full, which is what a writer has room for at first. */
const FIRST_CAPACITY = 1024;

/**
 * Samples column by column, as they wait to be stored. Their numbers are copied and the samples let go of at once:
 * objects that live for a second are among the old ones when they die, and the memory of those grows for hours.
 */
export class SampleBuffer {
  #capacity = FIRST_CAPACITY;
  #count = 0;
  #startS = new Float64Array(FIRST_CAPACITY);
  #endS = new Float64Array(FIRST_CAPACITY);
  /** NaN where a sample has none; made when the first sample has one */
  readonly #energyJ = new Map<Rail, Float64Array>();
  readonly #present = new Set<Rail | 'cpuShare'>();
  #cpuShare: Float64Array | undefined;

  get count(): number {
    return this.#count;
  }

  get startS(): Float64Array {
    return this.#startS.subarray(0, this.#count);
  }

  get endS(): Float64Array {
    return this.#endS.subarray(0, this.#count);
  }

  /** NaN where it is absent; undefined when it is absent everywhere. */
  get cpuShare(): Float64Array | undefined {
    return this.#present.has('cpuShare') ? this.#cpuShare!.subarray(0, this.#count) : undefined;
  }

  /** The energies of a rail: NaN where it is absent; undefined when it is absent everywhere. */
  energyJ(rail: Rail): Float64Array | undefined {
    return this.#present.has(rail) ? this.#energyJ.get(rail)!.subarray(0, this.#count) : undefined;
  }

  push({ startS, endS, energyJ, cpuShare }: EnergySample): void {
    if (this.#count === this.#capacity) this.#grow();
    const at = this.#count;
    this.#startS[at] = startS;
    this.#endS[at] = endS;
    for (const rail of RAILS) {
      const energy = energyJ[rail];
      if (energy === undefined) {
        if (this.#present.has(rail)) this.#energyJ.get(rail)![at] = NaN;
        continue;
      }
      if (!this.#present.has(rail)) this.#begin(rail);
      this.#energyJ.get(rail)![at] = energy;
    }
    if (cpuShare !== undefined && !this.#present.has('cpuShare')) this.#begin('cpuShare');
    if (this.#present.has('cpuShare')) this.#cpuShare![at] = cpuShare ?? NaN;
    this.#count += 1;
  }

  /** Makes room for other samples, in the same memory. */
  clear(): void {
    this.#count = 0;
    this.#present.clear();
  }

  /** A column that no sample had so far. */
  #begin(column: Rail | 'cpuShare'): void {
    let values = column === 'cpuShare' ? this.#cpuShare : this.#energyJ.get(column);
    values ??= new Float64Array(this.#capacity);
    values.fill(NaN, 0, this.#count);
    if (column === 'cpuShare') this.#cpuShare = values;
    else this.#energyJ.set(column, values);
    this.#present.add(column);
  }

  /** Only when storing fails do more samples wait than there is room for. */
  #grow(): void {
    this.#capacity *= 2;
    const larger = (values: Float64Array): Float64Array<ArrayBuffer> => {
      const grown = new Float64Array(this.#capacity);
      grown.set(values);
      return grown;
    };
    this.#startS = larger(this.#startS);
    this.#endS = larger(this.#endS);
    for (const [rail, values] of this.#energyJ) this.#energyJ.set(rail, larger(values));
    if (this.#cpuShare !== undefined) this.#cpuShare = larger(this.#cpuShare);
  }
}

/** Arrays of one length that are used again and again, so that no memory is taken for each use. */
export class WorkingArrays {
  readonly #all: Float64Array<ArrayBuffer>[] = [];
  #used = 0;
  #length = 0;

  /** All arrays are free again; those that are handed out from here on have this length. */
  reset(length: number): void {
    if (length > (this.#all[0]?.length ?? 0)) this.#all.length = 0;
    this.#used = 0;
    this.#length = length;
  }

  /** An array whose values are left over from before. */
  array(): Float64Array {
    const whole = (this.#all[this.#used] ??= new Float64Array(Math.max(this.#length, FIRST_CAPACITY)));
    this.#used += 1;
    return whole.subarray(0, this.#length);
  }

  /** The array that was handed out last is free again. */
  giveBack(last: Float64Array): void {
    if (this.#used > 0 && last.buffer === this.#all[this.#used - 1]!.buffer) this.#used -= 1;
  }
}
