import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bundledWorkload, madeWorkload } from '../test/bundled.ts';
import { LabError } from './errors.ts';
import { sum, type Weighted } from './statistics.ts';
import {
  lengthCorrelation,
  logHistogram,
  marginal,
  parseWorkload,
  queryCount,
  summarise,
} from './workload.ts';

/*
 * Golden values: computed with NumPy from the queries one by one when the joint tables were made, rounded to
 * three decimals. NumPy's sd divides by the number of queries, ours by one less.
 */
const COLUMNS = ['mean', 'sd', 'min', 'p5', 'p25', 'median', 'p75', 'p90', 'p95', 'p99', 'max'] as const;
const GOLDEN = {
  'alpaca-davinci': {
    queries: 51_941,
    input: [21.673, 16.566, 6, 10, 14, 18, 24, 35, 45, 84.6, 650],
    output: [65.521, 64.812, 2, 5, 16, 48, 97, 141, 177, 297, 1228],
    pearson: -0.0647,
  },
  gsm8k: {
    queries: 7473,
    input: [66.806, 24.256, 13, 36, 49, 62, 79, 100, 113, 143.28, 240],
    output: [130.587, 57.012, 30, 61, 89, 119, 161, 208, 242, 306.28, 476],
    pearson: 0.5243,
  },
  'azure-code': {
    queries: 8819,
    input: [2047.848, 1973.765, 3, 75, 578, 1469, 2744.5, 5187.6, 7303.3, 7436, 7437],
    output: [27.883, 59.859, 6, 6, 9, 13, 24, 55, 90, 251.46, 1899],
    pearson: 0.0012,
  },
  'azure-conversation': {
    queries: 19_366,
    input: [1154.697, 1108.794, 2, 181, 396, 1020, 1189, 2734.5, 4083, 4142, 14_050],
    output: [211.126, 162.866, 7, 41, 85, 129, 395, 424, 451, 601, 1000],
    pearson: -0.1124,
  },
};

describe.each(Object.entries(GOLDEN))('%s', (id, golden) => {
  const workload = bundledWorkload(id);

  test('has its number of queries', () => expect(queryCount(workload)).toBe(golden.queries));

  test.each(['input', 'output'] as const)('%s tokens are distributed as counted', (axis) => {
    const summary = summarise(marginal(workload, axis));
    const bessel = Math.sqrt(golden.queries / (golden.queries - 1));
    COLUMNS.forEach((name, i) => {
      const expected = golden[axis][i]! * (name === 'sd' ? bessel : 1);
      expect(Math.abs(summary[name] - expected), name).toBeLessThan(6e-4);
    });
  });

  test('input and output correlate as counted', () =>
    expect(lengthCorrelation(workload)).toBeCloseTo(golden.pearson, 4));
});

test('the modelled workload has about 1,000 queries in fractional weights', () => {
  const workload = bundledWorkload('alpaca-gpt4');
  expect(workload.modelled).toBe(true);
  expect(queryCount(workload)).toBeCloseTo(1000, 2);
  expect(workload.pairs.some(([, , weight]) => !Number.isInteger(weight))).toBe(true);
});

describe('a workload by hand', () => {
  const workload = madeWorkload([
    [10, 100, 2],
    [20, 100, 1],
    [10, 50, 1],
  ]);

  test('its marginals add up each axis, ascending', () => {
    expect(marginal(workload, 'input')).toEqual([
      [10, 3],
      [20, 1],
    ]);
    expect(marginal(workload, 'output')).toEqual([
      [50, 1],
      [100, 3],
    ]);
  });

  test('its summary: 10, 10, 10, 20', () => {
    const summary = summarise(marginal(workload, 'input'));
    expect(summary).toMatchObject({ mean: 12.5, sd: 5, min: 10, median: 10, p75: 12.5, max: 20 });
  });

  test('lengths that do not vary have no correlation', () => {
    expect(lengthCorrelation(madeWorkload([[8, 8, 3]]))).toBeNaN();
    expect(
      lengthCorrelation(
        madeWorkload([
          [1, 2, 1],
          [2, 4, 1],
        ]),
      ),
    ).toBeCloseTo(1, 12);
  });
});

describe('a histogram on a log axis', () => {
  const lengths = fc
    .uniqueArray(
      fc.tuple(fc.integer({ min: 0, max: 20_000 }), fc.double({ min: 0.01, max: 50, noNaN: true })),
      { selector: ([length]) => length, minLength: 1, maxLength: 40 },
    )
    .map((pairs): Weighted[] => pairs.sort(([a], [b]) => a - b));
  const shape = fc.tuple(fc.integer({ min: 1, max: 8 }), fc.constantFrom(1, 2, 8, 100));

  test('holds every query once, and its shares add up to 1', () => {
    fc.assert(
      fc.property(lengths, shape, (values, [perOctave, from]) => {
        const bins = logHistogram(values, perOctave, from);
        const total = sum(values.map(([, weight]) => weight));
        expect(sum(bins.map(({ queries }) => queries))).toBeCloseTo(total, 9);
        expect(sum(bins.map(({ share }) => share))).toBeCloseTo(1, 9);
      }),
    );
  });

  test('has bins side by side from its beginning to beyond the longest query', () => {
    fc.assert(
      fc.property(lengths, shape, (values, [perOctave, from]) => {
        const bins = logHistogram(values, perOctave, from);
        expect(bins[0]!.from).toBe(from);
        expect(bins.at(-1)!.to).toBeGreaterThan(values.at(-1)![0]);
        bins.forEach((bin, i) => {
          expect(bin.to).toBeGreaterThan(bin.from);
          if (i > 0) expect(bin.from).toBe(bins[i - 1]!.to);
        });
      }),
    );
  });

  test('with one bin for each doubling: 8…15, 16…31', () => {
    const bins = logHistogram(
      [
        [8, 1],
        [15, 2],
        [16, 1],
      ],
      1,
      8,
    );
    expect(bins).toEqual([
      { from: 8, to: 16, queries: 3, share: 0.75 },
      { from: 16, to: 32, queries: 1, share: 0.25 },
    ]);
  });

  test('of nothing is empty', () => expect(logHistogram([])).toEqual([]));
});

test('a workload file that is wrong is refused with the field', () => {
  const good = madeWorkload([[8, 8, 1]]);
  expect(parseWorkload(good, 'mine.json')).toEqual(good);
  const refused = (change: object): unknown => {
    try {
      return parseWorkload({ ...good, ...change }, 'mine.json');
    } catch (error) {
      return error;
    }
  };
  for (const [change, field] of [
    [{ pairs: [] }, 'pairs'],
    [{ pairs: [[8, 8, 0]] }, 'pairs.0.2'],
    [{ pairs: [[-1, 8, 1]] }, 'pairs.0.0'],
    [{ pairs: [[8, 8]] }, 'pairs.0'],
    [{ format: 'crossover-profile' }, 'format'],
  ] as const) {
    const error = refused(change);
    expect(error).toBeInstanceOf(LabError);
    expect(error).toMatchObject({ kind: 'bad-workload', message: expect.stringContaining(field) as string });
  }
});
