import fc from 'fast-check';
import { expect, test } from 'vitest';
import { madeTrial } from '../test/madeRun.ts';
import { knownQueries, predictQuery, timeAround, windowOf, type KnownQuery } from './queryTime.ts';

/** A model whose prefill takes 10 ms a token and each further token 0.1 s, at 20 W. */
const query = (m: number, n: number): KnownQuery => {
  const runtimeS = m / 100 + (n - 1) / 10;
  return { m, n, runtimeS, firstTokenS: m / 100, energyJ: 20 * runtimeS };
};
const swept = [8, 64, 512].map((m) => query(m, 32)).concat([8, 128].map((n) => query(32, n)));

test('with a KV cache, prefill and decode are found again for any cell, measured or not', () => {
  fc.assert(
    fc.property(fc.integer({ min: 8, max: 4096 }), fc.integer({ min: 1, max: 4096 }), (m, n) => {
      const { runtimeS, powerW } = predictQuery({ m, n }, swept, true);
      expect(runtimeS).toBeCloseTo(query(m, n).runtimeS, 6);
      expect(powerW).toBeCloseTo(20, 9);
    }),
  );
});

test('without one, a token costs as much as the sequence is long', () => {
  // Each token re-reads everything before it: 1 ms a token of the sequence.
  const long = (m: number, n: number): KnownQuery => {
    const firstTokenS = m / 1000;
    return { m, n, firstTokenS, runtimeS: firstTokenS + ((n - 1) * (m + n / 2)) / 1000 };
  };
  const known = [long(32, 32), long(512, 32)];
  expect(predictQuery({ m: 512, n: 512 }, known, false).runtimeS).toBeCloseTo(long(512, 512).runtimeS, 6);
  expect(predictQuery({ m: 512, n: 512 }, known, false).powerW).toBeUndefined();
});

test('where the first token is not known, the nearest cell stands for it', () => {
  const known = [
    { m: 8, n: 32, runtimeS: 4, energyJ: 8 },
    { m: 512, n: 32, runtimeS: 20 },
  ];
  expect(predictQuery({ m: 512, n: 32 }, known, true)).toEqual({ runtimeS: 20, powerW: 2 });
  expect(predictQuery({ m: 16, n: 64 }, known, true).runtimeS).toBe(8);
});

test('short queries are repeated until their window is long enough', () => {
  expect(windowOf(2)).toBe(2);
  expect(windowOf(0.2)).toBeCloseTo(0.6);
  expect(windowOf(0.2, 4)).toBeCloseTo(4);
});

test('of trials, warm-ups count where a cell has nothing else, and dropped ones never', () => {
  const trials = [
    madeTrial({ index: 0, m: 8, flags: ['warm-up'], runtimeS: 9 }),
    madeTrial({ index: 1, m: 8 }),
    madeTrial({ index: 2, m: 16, flags: ['warm-up'] }),
    madeTrial({ index: 3, m: 32, fault: 'wrong' }),
  ];
  expect(knownQueries(trials)).toEqual([
    { m: 8, n: 32, runtimeS: 1, firstTokenS: 0.25, energyJ: 10 },
    { m: 16, n: 32, runtimeS: 1, firstTokenS: 0.25, energyJ: 10 },
  ]);
  expect(timeAround(trials)).toBe(1);
  expect(timeAround(trials.slice(0, 1))).toBeUndefined();
});
