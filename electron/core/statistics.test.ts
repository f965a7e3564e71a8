import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  RunningSum,
  leastSquares,
  meanHalfWidth95,
  normalQuantile,
  runningTotals,
  studentT,
  sum,
  weightedMean,
  weightedQuantile,
  type Weighted,
} from './statistics.ts';

/** Whether two numbers agree to a relative tolerance. */
const agree = (actual: number, expected: number, relative: number): boolean =>
  Math.abs(actual - expected) <= relative * Math.max(1e-300, Math.abs(expected));

describe('sums', () => {
  test('a million small addends beside a large one are not lost', () => {
    function* addends(): Generator<number> {
      yield 1e8;
      for (let i = 0; i < 1e6; i++) yield 1e-9;
    }
    let plain = 0;
    for (const addend of addends()) plain += addend;
    expect(plain).toBe(1e8);
    expect(sum(addends())).toBeCloseTo(1e8 + 1e-3, 7);
  });

  test('running totals begin at nothing and end at the sum', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true })), (values) => {
        const totals = runningTotals(values);
        expect(totals).toHaveLength(values.length + 1);
        expect(totals[0]).toBe(0);
        const growing = new RunningSum();
        values.forEach((value, i) => {
          growing.add(value);
          expect(totals[i + 1]).toBe(sum(values.slice(0, i + 1)));
          expect(growing.total).toBe(totals[i + 1]);
        });
      }),
    );
  });

  test('a weighted mean is the mean of the values written out', () => {
    expect(
      weightedMean([
        [10, 3],
        [20, 1],
      ]),
    ).toBe(12.5);
    expect(weightedMean([])).toBeNaN();
  });
});

describe('quantiles of weighted values', () => {
  /** R's type 7 on values written out one by one. */
  function type7(values: readonly number[], p: number): number {
    const position = (values.length - 1) * p;
    const low = values[Math.floor(position)]!;
    const high = values[Math.min(values.length - 1, Math.floor(position) + 1)]!;
    return low + (high - low) * (position - Math.floor(position));
  }

  const weighted = fc
    .uniqueArray(fc.tuple(fc.integer({ min: -1000, max: 1000 }), fc.integer({ min: 1, max: 12 })), {
      selector: ([value]) => value,
      minLength: 1,
      maxLength: 20,
    })
    .map((pairs): Weighted[] => pairs.sort(([a], [b]) => a - b));

  test('whole weights give type 7 of the values written out', () => {
    fc.assert(
      fc.property(weighted, fc.double({ min: 0, max: 1, noNaN: true }), (values, p) => {
        const written = values.flatMap(([value, weight]) => new Array<number>(weight).fill(value));
        expect(weightedQuantile(values, p)).toBeCloseTo(type7(written, p), 9);
      }),
    );
  });

  test('a quantile lies within the values and grows with p', () => {
    fc.assert(
      fc.property(weighted, fc.double({ min: 0, max: 1, noNaN: true }), (values, p) => {
        const quantile = weightedQuantile(values, p);
        expect(quantile).toBeGreaterThanOrEqual(values[0]![0]);
        expect(quantile).toBeLessThanOrEqual(values.at(-1)![0]);
        expect(weightedQuantile(values, Math.min(1, p + 0.1))).toBeGreaterThanOrEqual(quantile);
      }),
    );
  });

  test('fractional weights stay within the values; nothing has no quantile', () => {
    const values: Weighted[] = [
      [7, 0.4],
      [9, 0.3],
    ];
    expect(weightedQuantile(values, 0)).toBe(7);
    expect(weightedQuantile(values, 1)).toBeLessThanOrEqual(9);
    expect(weightedQuantile([], 0.5)).toBeNaN();
  });
});

describe("Student's t", () => {
  // R: qt(.975, df)
  test.each([
    [1, 12.7062],
    [2, 4.302653],
    [3, 3.182446],
    [4, 2.776445],
    [5, 2.570582],
    [10, 2.228139],
    [30, 2.042272],
    [98, 1.984467],
  ])('97.5% quantile with %i degrees of freedom is %f', (df, expected) => {
    expect(agree(studentT(0.05, df), expected, 1e-6)).toBe(true);
  });

  // R: qt(.995, 3), qt(.95, 3), qt(.75, 3), qt(.75, 4), qt(.9995, 5)
  test.each([
    [0.01, 3, 5.840909],
    [0.1, 3, 2.353363],
    [0.5, 3, 0.7648923],
    [0.5, 4, 0.7406971],
    [0.001, 5, 6.868827],
  ])('for two tails of %f with %i degrees of freedom it is %f', (alpha, df, expected) => {
    expect(agree(studentT(alpha, df), expected, 1e-4)).toBe(true);
  });

  test('with many degrees of freedom it becomes the normal quantile', () => {
    expect(studentT(0.05, 1e6)).toBeCloseTo(1.959966, 5);
    // R: qnorm(.975), qnorm(.01)
    expect(normalQuantile(0.975)).toBeCloseTo(1.959964, 6);
    expect(normalQuantile(0.01)).toBeCloseTo(-2.326348, 6);
    expect(normalQuantile(0.5)).toBeCloseTo(0, 12);
  });

  test('the half-width of a mean of five trials with sd 2 is 2.776 · 2/√5', () => {
    expect(meanHalfWidth95(2, 5)).toBeCloseTo((2.776445 * 2) / Math.sqrt(5), 5);
  });

  test('one trial, or no standard deviation, gives no interval rather than a width of 0', () => {
    expect(meanHalfWidth95(2, 1)).toBeUndefined();
    expect(meanHalfWidth95(undefined, 5)).toBeUndefined();
    expect(meanHalfWidth95(0, 5)).toBe(0);
  });
});

describe('least squares through the origin', () => {
  const coefficient = fc.double({ min: -100, max: 100, noNaN: true });
  const grid = [1, 2, 4, 8, 16].flatMap((m) => [1, 3, 9, 27].map((n) => [m, n, m * n]));

  test('exact data give back their coefficients, whatever the weights', () => {
    fc.assert(
      fc.property(
        fc.tuple(coefficient, coefficient, coefficient),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: grid.length, maxLength: grid.length }),
        (truth, weights) => {
          const ys = grid.map((row) => row.reduce((y, x, j) => y + x * truth[j]!, 0));
          const fit = leastSquares(grid, ys, weights)!;
          truth.forEach((value, j) => expect(fit.coefficients[j]).toBeCloseTo(value, 8));
        },
      ),
    );
  });

  test('exact data have R² = 1', () => {
    const ys = grid.map(([m, n, mn]) => 2 * m! + 3 * n! - 0.5 * mn!);
    expect(
      leastSquares(
        grid,
        ys,
        grid.map(() => 1),
      )!.r2,
    ).toBeCloseTo(1, 12);
  });

  test('a weight of two is the same as the observation twice', () => {
    const rows = [
      [1, 2],
      [2, 1],
      [3, 5],
    ];
    const ys = [1, 4, 2];
    const once = leastSquares(rows, ys, [1, 2, 1])!;
    const twice = leastSquares([...rows, rows[1]!], [...ys, 4], [1, 1, 1, 1])!;
    once.coefficients.forEach((value, j) => expect(value).toBeCloseTo(twice.coefficients[j]!, 12));
    expect(once.r2).toBeCloseTo(twice.r2, 12);
  });

  test('columns that depend on one another, a column of zeros and too few rows have no fit', () => {
    const ones = [1, 1, 1];
    expect(
      leastSquares(
        [
          [1, 2],
          [2, 4],
          [3, 6],
        ],
        ones,
        ones,
      ),
    ).toBeUndefined();
    expect(
      leastSquares(
        [
          [1, 0],
          [2, 0],
          [3, 0],
        ],
        ones,
        ones,
      ),
    ).toBeUndefined();
    expect(leastSquares([[1, 2]], [1], [1])).toBeUndefined();
    expect(leastSquares([], [], [])).toBeUndefined();
  });
});
