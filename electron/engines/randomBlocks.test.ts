import { expect, test } from 'vitest';
import { QUANTISATIONS } from '#core/modelShapes';
import { randomBlocks, randomWords } from './randomBlocks.ts';

/** A half-precision number that is neither zero, subnormal, infinite nor NaN. */
function halfValue(bits: number): number {
  const exponent = (bits >> 10) & 0x1f;
  expect(exponent).toBeGreaterThan(0);
  expect(exponent).toBeLessThan(31);
  return (bits & 0x8000 ? -1 : 1) * 2 ** (exponent - 15) * (1 + (bits & 0x3ff) / 1024);
}

test.each(QUANTISATIONS)('%s blocks are finite and small', (type) => {
  const { pool, blockBytes } = randomBlocks(type, 40_000, 5);
  expect(pool.length % blockBytes).toBe(0);
  const view = new DataView(pool.buffer, pool.byteOffset, pool.length);
  const largest = { F16: 1, Q4_0: 8, Q8_0: 128 }[type];
  for (let at = 0; at < pool.length; at += blockBytes) {
    expect(Math.abs(halfValue(view.getUint16(at, true))) * largest).toBeLessThan(0.05);
  }
});

test('the pool is never larger than asked for, whatever is made of it', () => {
  for (const type of QUANTISATIONS)
    expect(randomBlocks(type, 1_000_000, 1).pool.length).toBeLessThanOrEqual(1e6);
});

test('the words follow from the seed', () => {
  const [a, b, c] = [randomWords(1), randomWords(1), randomWords(2)];
  const taken = (random: () => number) => Array.from({ length: 5 }, random);
  const first = taken(a);
  expect(taken(b)).toEqual(first);
  expect(taken(c)).not.toEqual(first);
  expect(new Set(first).size).toBe(5);
});
