/**
 * Random numbers for a bootstrap. Every replicate has a stream of its own that follows from (seed, replicate) alone, so
 * that it does not matter who computes which replicates, or in which order. The generator is xoshiro128++ (D. Blackman
 * and S. Vigna, "Scrambled Linear Pseudorandom Number Generators", ACM TOMS 47, 2021).
 */
export class RandomStream {
  private readonly state = new Uint32Array(4);
  private spare = NaN;

  /** Begins the stream of one replicate. */
  begin(seed: number, replicate: number): void {
    const { state } = this;
    // The words of the key go through a mixer one after the other, so that neighbouring keys have nothing in common.
    let mixed = 0x9e3779b9;
    for (const word of [seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0, replicate >>> 0]) {
      mixed = mix(mixed ^ word) + 0x9e3779b9;
    }
    for (let i = 0; i < 4; i++) state[i] = mix(mixed + Math.imul(i + 1, 0x9e3779b9));
    if (state.every((word) => word === 0)) state[0] = 1;
    this.spare = NaN;
  }

  /** A whole number from 0 to 2^32 − 1, each as likely. */
  word(): number {
    const { state } = this;
    const a = state[0]!;
    const d = state[3]!;
    const added = (a + d) | 0;
    const result = (((added << 7) | (added >>> 25)) + a) >>> 0;
    const shifted = state[1]! << 9;
    const c = state[2]! ^ a;
    const e = d ^ state[1]!;
    state[1]! ^= c;
    state[0] = a ^ e;
    state[2] = c ^ shifted;
    state[3] = (e << 11) | (e >>> 21);
    return result;
  }

  /** A number above 0 and below 1, in steps of 2^-32. */
  uniform(): number {
    return (this.word() + 0.5) / 2 ** 32;
  }

  /** A standard normal number (G. Marsaglia's polar method). */
  normal(): number {
    const { spare } = this;
    if (!Number.isNaN(spare)) {
      this.spare = NaN;
      return spare;
    }
    for (;;) {
      const x = 2 * this.uniform() - 1;
      const y = 2 * this.uniform() - 1;
      const square = x * x + y * y;
      if (square >= 1 || square === 0) continue;
      const factor = Math.sqrt((-2 * Math.log(square)) / square);
      this.spare = y * factor;
      return x * factor;
    }
  }

  /**
   * A whole number of the Poisson distribution: by inversion where the mean is small, else by transformed rejection
   * (W. Hörmann, "The transformed rejection method for generating Poisson random variables", Insurance: Mathematics and
   * Economics 12, 1993).
   * @param mean at least 0
   * @param none e^−mean, the probability of 0
   */
  poisson(mean: number, none = Math.exp(-mean)): number {
    if (mean >= INVERTED) return this.largePoisson(mean);
    let left = this.uniform();
    let probability = none;
    let k = 0;
    while (left > probability && k < 1000) {
      left -= probability;
      k += 1;
      probability *= mean / k;
    }
    return k;
  }

  private largePoisson(mean: number): number {
    const b = 0.931 + 2.53 * Math.sqrt(mean);
    const a = -0.059 + 0.02483 * b;
    const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
    const logMean = Math.log(mean);
    for (;;) {
      const u = this.uniform() - 0.5;
      const v = this.uniform();
      const us = 0.5 - Math.abs(u);
      const k = Math.floor(((2 * a) / us + b) * u + mean + 0.43);
      if (us >= 0.07 && v <= 0.9277 - 3.6224 / (b - 2)) return k;
      if (k < 0 || (us < 0.013 && v > us)) continue;
      const ratio = Math.log(v) + Math.log(inverseAlpha) - Math.log(a / (us * us) + b);
      if (ratio <= k * logMean - mean - logFactorial(k)) return k;
    }
  }
}

/** Means from here on are drawn by rejection. */
const INVERTED = 10;

/** The finaliser of MurmurHash3: each bit of the word changes half of the result's. */
function mix(word: number): number {
  let h = word >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** ln k! : exact products up to 20, then Stirling's series (error below 1e-13). */
function logFactorial(k: number): number {
  if (k <= 20) {
    let product = 1;
    for (let i = 2; i <= k; i++) product *= i;
    return Math.log(product);
  }
  const x = k + 1;
  const square = 1 / (x * x);
  return (
    (x - 0.5) * Math.log(x) -
    x +
    0.5 * Math.log(2 * Math.PI) +
    (1 / 12 - square * (1 / 360 - square * (1 / 1260))) / x
  );
}
