import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sum } from '../statistics.ts';
import { arrivalsOf, sumArrivals } from './arrivals.ts';
import { faultReason, MOST_TOKENS, readCount, tokenFault, weightFault } from './counts.ts';
import { coarsened, coarseError, JointTable, roundedLength, type Pair } from './joint.ts';
import { readTimeS } from './times.ts';

describe('counts', () => {
  test.each([
    [0, undefined],
    [4096, undefined],
    [undefined, 'missing'],
    [NaN, 'no number'],
    [-1, 'negative'],
    [2.5, 'not whole'],
    [MOST_TOKENS + 1, 'too large'],
    [Infinity, 'too large'],
    [-Infinity, 'negative'],
  ])('%s tokens: %s', (value, fault) => expect(tokenFault(value)).toBe(fault));

  test('fractions are weights, and 0 queries are none', () => {
    expect([0.5, 3, 0, -1, NaN, undefined, 1e16].map(weightFault)).toEqual([
      undefined,
      undefined,
      'zero',
      'negative',
      'no number',
      'missing',
      'too large',
    ]);
  });

  test.each([
    ['12', 12],
    [' 12 ', 12],
    ['12.0', 12],
    ['1e3', 1000],
    ['', undefined],
    ['  ', undefined],
    [null, undefined],
    [7, 7],
    ['1,234', NaN],
    ['0x10', NaN],
    ['twelve', NaN],
    [true, NaN],
    [[1], NaN],
  ])('%j is read as %s', (value, count) => expect(readCount(value)).toBe(count));

  test('a whole number of DuckDB is read as a number', () => expect(readCount(7n)).toBe(7));

  test('reasons read as the end of a sentence', () => {
    expect(faultReason('input tokens', 'negative')).toBe('a negative number of input tokens');
    expect(faultReason('output tokens', 'too large')).toBe(
      'more than 100,000,000 output tokens, which no model takes',
    );
    expect(faultReason('queries', 'zero')).toBe('a row that stands for 0 queries');
  });
});

describe('times', () => {
  test.each([
    ['2023-11-16 18:17:03.9799600', undefined, 1_700_158_623.97996],
    ['2023-11-16T18:17:03Z', undefined, 1_700_158_623],
    ['2023-11-16 18:17:03+02:00', undefined, 1_700_151_423],
    ['2023/11/16 18:17', undefined, 1_700_158_620],
    ['2023-11-16', undefined, 1_700_092_800],
    ['2023-02-30 00:00:00', undefined, undefined],
    ['yesterday', undefined, undefined],
    ['', undefined, undefined],
    ['1500', 'ms', 1.5],
    [27482, 's', 27482],
    ['x', 's', undefined],
    [null, 's', undefined],
  ] as const)('%j in %s is %s s', (value, unit, timeS) => {
    const read = readTimeS(value, unit);
    if (timeS === undefined) expect(read).toBeUndefined();
    else expect(read).toBeCloseTo(timeS, 4);
  });
});

describe('arrivals', () => {
  test('by hand: 0, 10, 20, 90 s', () => {
    const sums = sumArrivals(Float64Array.of(20, 0, 90, 10));
    // The gaps are 10, 10, 70: mean 30, sd √(((20² + 20² + 40²)/2)) = √1200.
    expect(sums).toEqual({ queries: 4, firstS: 0, lastS: 90, peakPerMinute: 3, sdGapS: Math.sqrt(1200) });
    expect(arrivalsOf(sums, false)).toEqual({
      queries: 4,
      spanS: 90,
      ratePerS: 3 / 90,
      peakPerMinute: 3,
      gapCv: Math.sqrt(1200) / 30,
      startsAt: null,
    });
  });

  test('a clock has no burstiness, and dates say when they begin', () => {
    const sums = sumArrivals(Float64Array.from({ length: 121 }, (_, i) => 1_700_000_000 + i));
    expect(arrivalsOf(sums, true)).toEqual({
      queries: 121,
      spanS: 120,
      ratePerS: 1,
      peakPerMinute: 60,
      gapCv: 0,
      startsAt: '2023-11-14T22:13:20.000Z',
    });
  });

  test('all at one time have no rate; one alone has nothing', () => {
    expect(arrivalsOf(sumArrivals(Float64Array.of(5, 5, 5)), false)).toEqual({
      queries: 3,
      spanS: 0,
      ratePerS: null,
      peakPerMinute: 3,
      gapCv: null,
      startsAt: null,
    });
    expect(arrivalsOf(sumArrivals(Float64Array.of(5)), false)).toBeUndefined();
    expect(arrivalsOf(sumArrivals(new Float64Array()), false)).toBeUndefined();
  });

  test('a Poisson process has a burstiness of 1', () => {
    let state = 1;
    const random = (): number => (state = (Math.imul(state, 48_271) >>> 0) % 2_147_483_647) / 2_147_483_647;
    let timeS = 0;
    const times = Float64Array.from({ length: 200_000 }, () => (timeS -= Math.log(1 - random()) / 5));
    const arrivals = arrivalsOf(sumArrivals(times), false)!;
    expect(arrivals.gapCv).toBeCloseTo(1, 1);
    expect(arrivals.ratePerS).toBeCloseTo(5, 1);
  });
});

describe('the joint distribution', () => {
  test('adds up, in order', () => {
    const table = new JointTable();
    for (const [m, n] of [
      [20, 1],
      [3, 7],
      [20, 1],
      [3, 2],
    ] as const)
      table.add(m, n);
    table.add(3, 7, 0.5);
    expect(table.pairs()).toEqual([
      [3, 2, 1],
      [3, 7, 1.5],
      [20, 1, 2],
    ]);
    expect(table.size).toBe(3);
  });

  test.each([
    [0, 5, 0],
    [31, 5, 31],
    [33, 5, 34],
    [35, 5, 36],
    [1000, 5, 992],
    [1000, 10, 1000],
    [1025, 10, 1026],
  ])('%d with %d bits is %d', (length, bits, rounded) => expect(roundedLength(length, bits)).toBe(rounded));

  test('merged pairs keep every query, and every length within the error that is said', () => {
    const pairs = fc
      .uniqueArray(fc.tuple(fc.integer({ min: 0, max: 200_000 }), fc.integer({ min: 0, max: 9000 })), {
        selector: ([m, n]) => `${m} ${n}`,
        minLength: 30,
        maxLength: 120,
      })
      .map((list) => list.map(([m, n], i): Pair => [m, n, i + 1]));
    fc.assert(
      fc.property(pairs, (list) => {
        const merged = coarsened(list, 20);
        expect(sum(merged.pairs.map(([, , count]) => count))).toBe(sum(list.map(([, , count]) => count)));
        const { bits, distinctPairs } = merged.coarsening!;
        expect(distinctPairs).toBe(list.length);
        const kept = new Set(merged.pairs.map(([m, n]) => `${m} ${n}`));
        for (const [m, n] of list) {
          const [roundM, roundN] = [roundedLength(m, bits), roundedLength(n, bits)];
          expect(Math.abs(roundM - m)).toBeLessThanOrEqual(coarseError(bits) * m);
          expect(Math.abs(roundN - n)).toBeLessThanOrEqual(coarseError(bits) * n);
          expect(kept.has(`${roundM} ${roundN}`)).toBe(true);
        }
      }),
    );
  });

  test('few pairs stay as they are', () => {
    expect(coarsened([[1000, 7, 1]])).toEqual({ pairs: [[1000, 7, 1]] });
  });
});
