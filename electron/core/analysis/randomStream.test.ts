import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RandomStream } from './randomStream.ts';
import { Resampler, resamplingOf } from './resample.ts';

const streamOf = (seed: number, replicate = 0): RandomStream => {
  const random = new RandomStream();
  random.begin(seed, replicate);
  return random;
};

function moments(draw: () => number, draws: number): { mean: number; variance: number } {
  let total = 0;
  let squares = 0;
  for (let i = 0; i < draws; i++) {
    const value = draw();
    total += value;
    squares += value * value;
  }
  return { mean: total / draws, variance: squares / draws - (total / draws) ** 2 };
}

describe('the stream of a replicate', () => {
  test('is the same for its seed and number, and another for every other', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.nat(100_000), (seed, replicate) => {
        const words = (a: number, b: number): number[] => {
          const random = streamOf(a, b);
          return [random.word(), random.word(), random.word()];
        };
        expect(words(seed, replicate)).toEqual(words(seed, replicate));
        expect(words(seed, replicate + 1)).not.toEqual(words(seed, replicate));
        expect(words(seed + 1, replicate)).not.toEqual(words(seed, replicate));
      }),
    );
  });

  test('does not depend on what was drawn before it began', () => {
    const random = streamOf(5);
    random.normal();
    random.begin(6, 1);
    expect([random.normal(), random.normal()]).toEqual([
      streamOf(6, 1).normal(),
      (() => {
        const other = streamOf(6, 1);
        other.normal();
        return other.normal();
      })(),
    ]);
  });

  test('is even and normal, and first words of neighbours have nothing in common', () => {
    const random = streamOf(1);
    const even = moments(() => random.uniform(), 100_000);
    expect(even.mean).toBeCloseTo(0.5, 2);
    expect(even.variance).toBeCloseTo(1 / 12, 2);
    const normal = moments(() => random.normal(), 100_000);
    expect(normal.mean).toBeCloseTo(0, 1);
    expect(normal.variance).toBeCloseTo(1, 1);
    let replicate = 0;
    const first = moments(() => streamOf(9, replicate++).uniform(), 20_000);
    expect(first.mean).toBeCloseTo(0.5, 2);
    expect(first.variance).toBeCloseTo(1 / 12, 2);
  });

  test.each([0.3, 1, 7, 9.99, 10, 45, 800])('gives Poisson numbers of mean %f', (mean) => {
    const random = streamOf(2);
    const draws = 40_000;
    const found = moments(() => random.poisson(mean), draws);
    expect(Math.abs(found.mean - mean)).toBeLessThan(4 * Math.sqrt(mean / draws));
    // The variance of a sample variance of Poisson numbers is (μ + 2μ²)/n.
    expect(Math.abs(found.variance - mean)).toBeLessThan(4 * Math.sqrt((mean + 2 * mean ** 2) / draws));
  });

  test.each([3, 25])('gives 0, 1, 2 … as often as Poisson (mean %d): χ² over the counts', (mean) => {
    const random = streamOf(3);
    const draws = 50_000;
    const counts = new Map<number, number>();
    for (let i = 0; i < draws; i++) {
      const k = random.poisson(mean);
      counts.set(k, (counts.get(k) ?? 0) + 1);
    }
    let probability = Math.exp(-mean);
    let chiSquare = 0;
    let degrees = -1;
    for (let k = 0; k < 80; probability *= mean / ++k) {
      if (probability * draws < 10) continue;
      chiSquare += ((counts.get(k) ?? 0) - probability * draws) ** 2 / (probability * draws);
      degrees += 1;
    }
    // 4 standard deviations of χ² above its mean.
    expect(chiSquare).toBeLessThan(degrees + 4 * Math.sqrt(2 * degrees));
  });
});

describe('a workload drawn anew', () => {
  test('keeps its number of queries, whatever its counts', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 40 }), (counts) => {
        const count = Float64Array.from(counts);
        const drawn = new Float64Array(count.length);
        new Resampler(resamplingOf(count)).draw(streamOf(counts.length), drawn);
        expect(drawn.reduce((a, b) => a + b, 0)).toBe(counts.reduce((a, b) => a + b, 0));
        expect(drawn.every((k) => k >= 0 && Number.isInteger(k))).toBe(true);
      }),
    );
  });

  test('has the means, variances and covariances of the multinomial distribution', () => {
    const count = Float64Array.from([60, 30, 9, 1]);
    const resampler = new Resampler(resamplingOf(count));
    const random = streamOf(11);
    const draws = 20_000;
    const rows = Array.from({ length: draws }, () => {
      const into = new Float64Array(4);
      resampler.draw(random, into);
      return into;
    });
    const mean = (of: (row: Float64Array) => number): number =>
      rows.reduce((sum, row) => sum + of(row), 0) / draws;
    for (let i = 0; i < 4; i++) {
      const p = count[i]! / 100;
      const variance = 100 * p * (1 - p);
      expect(Math.abs(mean((row) => row[i]!) - 100 * p)).toBeLessThan(4 * Math.sqrt(variance / draws));
      expect(mean((row) => (row[i]! - 100 * p) ** 2) / variance).toBeCloseTo(1, 1);
    }
    expect(mean((row) => (row[0]! - 60) * (row[1]! - 30)) / (-100 * 0.6 * 0.3)).toBeCloseTo(1, 1);
  });

  test('of weights is as many draws as the weights are worth, at the scale of the workload', () => {
    const count = Float64Array.from([0.5, 0.5, 2.5, 0.5]);
    const resampling = resamplingOf(count);
    // (Σw)² / Σw² = 16 / 7
    expect(resampling).toMatchObject({ draws: 2, weighted: true });
    const drawn = new Float64Array(4);
    new Resampler(resampling).draw(streamOf(1), drawn);
    expect(drawn.reduce((a, b) => a + b, 0)).toBe(4);
    expect(drawn.every((k) => k % 2 === 0)).toBe(true);
  });
});
