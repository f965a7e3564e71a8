import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  bestThreshold,
  costForm,
  costOf,
  everyThreshold,
  powerOfTwoThresholds,
  saving,
  singleSystem,
  sweepThresholds,
  type AxisProblem,
  type CostForm,
} from './policy.ts';
import { joules, seconds } from './units.ts';

/** A workload of a few lengths with what a query of each costs on both systems, all made up. */
const problems = fc
  .uniqueArray(
    fc.record({
      length: fc.integer({ min: 1, max: 5000 }),
      count: fc.integer({ min: 1, max: 1000 }),
      energies: fc.tuple(fc.integer({ min: 1, max: 10_000 }), fc.integer({ min: 1, max: 10_000 })),
      runtimes: fc.tuple(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 1, max: 1000 })),
    }),
    { selector: ({ length }) => length, minLength: 1, maxLength: 25 },
  )
  .map((rows): AxisProblem => {
    rows.sort((a, b) => a.length - b.length);
    const costs = (side: 0 | 1): AxisProblem['small'] => ({
      energyJ: rows.map((row) => joules(row.energies[side])),
      runtimeS: rows.map((row) => seconds(row.runtimes[side])),
    });
    return {
      axis: 'input',
      lengths: rows.map(({ length, count }) => [length, count]),
      small: costs(0),
      large: costs(1),
    };
  });

const lambdas = fc.double({ min: 0, max: 1, noNaN: true });
const kinds = fc.constantFrom('raw' as const, 'normalised' as const);

const energyOnly: CostForm = { lambda: 1, energyUnit: joules(1), runtimeUnit: seconds(1) };

/** Two lengths by hand: 10 tokens cost 1 J or 5 J, 100 tokens 20 J or 8 J. */
const byHand: AxisProblem = {
  axis: 'input',
  lengths: [
    [10, 3],
    [100, 2],
  ],
  small: { energyJ: [joules(1), joules(20)], runtimeS: [seconds(4), seconds(40)] },
  large: { energyJ: [joules(5), joules(8)], runtimeS: [seconds(1), seconds(2)] },
};

describe('by hand', () => {
  test('each threshold adds up the queries of both sides', () => {
    expect(sweepThresholds(byHand, [5, 10, 99, 100], energyOnly)).toEqual([
      { threshold: 5, energyJ: 31, runtimeS: 7, cost: 31 },
      { threshold: 10, energyJ: 19, runtimeS: 16, cost: 19 },
      { threshold: 99, energyJ: 19, runtimeS: 16, cost: 19 },
      { threshold: 100, energyJ: 43, runtimeS: 92, cost: 43 },
    ]);
  });

  test('thresholds may come in any order', () => {
    const ascending = sweepThresholds(byHand, [5, 10, 100], energyOnly);
    expect(sweepThresholds(byHand, [100, 5, 10], energyOnly)).toEqual([
      ascending[2],
      ascending[0],
      ascending[1],
    ]);
  });

  test('of equal costs the smallest threshold is best', () => {
    expect(bestThreshold(sweepThresholds(byHand, [99, 10, 5], energyOnly))!.threshold).toBe(10);
    expect(bestThreshold([])).toBeUndefined();
  });

  test('the normalised cost divides by the largest energy and the longest runtime of a query', () => {
    const form = costForm(byHand, 0.5, 'normalised');
    expect(form).toEqual({ lambda: 0.5, energyUnit: 20, runtimeUnit: 40 });
    expect(costOf(form, joules(20), seconds(40))).toBe(1);
  });

  test('the raw cost mixes joules and seconds as they are', () => {
    expect(costOf(costForm(byHand, 0.25, 'raw'), joules(8), seconds(4))).toBe(0.25 * 8 + 0.75 * 4);
  });
});

describe('whatever the workload', () => {
  test('a threshold at the longest query is the small system alone, one below the shortest the large', () => {
    fc.assert(
      fc.property(problems, lambdas, kinds, (problem, lambda, kind) => {
        const form = costForm(problem, lambda, kind);
        const longest = problem.lengths.at(-1)![0];
        const shortest = problem.lengths[0]![0];
        const [all, none] = sweepThresholds(problem, [longest, shortest - 1], form);
        expect(all).toEqual({ threshold: longest, ...singleSystem(problem, 'small', form) });
        expect(none).toEqual({ threshold: shortest - 1, ...singleSystem(problem, 'large', form) });
      }),
    );
  });

  test('totals are the sums over queries, one by one', () => {
    fc.assert(
      fc.property(problems, fc.integer({ min: 0, max: 6000 }), (problem, threshold) => {
        let energy = 0;
        let runtime = 0;
        problem.lengths.forEach(([length, count], i) => {
          const side = length <= threshold ? problem.small : problem.large;
          energy += count * side.energyJ[i]!;
          runtime += count * side.runtimeS[i]!;
        });
        const [point] = sweepThresholds(problem, [threshold], energyOnly);
        expect(point!.energyJ).toBe(energy);
        expect(point!.runtimeS).toBe(runtime);
      }),
    );
  });

  test('the best point costs no more than any other', () => {
    fc.assert(
      fc.property(problems, lambdas, kinds, (problem, lambda, kind) => {
        const sweep = sweepThresholds(
          problem,
          everyThreshold(problem.lengths),
          costForm(problem, lambda, kind),
        );
        const best = bestThreshold(sweep)!;
        for (const point of sweep) expect(best.cost).toBeLessThanOrEqual(point.cost);
      }),
    );
  });

  test('every length is at least as good a set of candidates as the powers of two, or none is sent at all', () => {
    fc.assert(
      fc.property(problems, (problem) => {
        const least = (thresholds: readonly number[]): number =>
          bestThreshold(sweepThresholds(problem, thresholds, energyOnly))!.cost;
        const none = singleSystem(problem, 'large', energyOnly).cost;
        const every = Math.min(none, least(everyThreshold(problem.lengths)));
        expect(every).toBeLessThanOrEqual(least(powerOfTwoThresholds(8192)));
      }),
    );
  });

  test('the cost of a fixed assignment is linear in λ', () => {
    fc.assert(
      fc.property(
        problems,
        lambdas,
        fc.integer({ min: 0, max: 6000 }),
        kinds,
        (problem, lambda, at, kind) => {
          const cost = (l: number): number =>
            sweepThresholds(problem, [at], costForm(problem, l, kind))[0]!.cost;
          const line = (1 - lambda) * cost(0) + lambda * cost(1);
          expect(Math.abs(cost(lambda) - line)).toBeLessThanOrEqual(1e-9 * line);
        },
      ),
    );
  });

  test('no query costs more than 1 once costs are normalised', () => {
    fc.assert(
      fc.property(problems, lambdas, (problem, lambda) => {
        const form = costForm(problem, lambda, 'normalised');
        for (const { energyJ, runtimeS } of [problem.small, problem.large]) {
          energyJ.forEach((energy, i) =>
            expect(costOf(form, energy, runtimeS[i]!)).toBeLessThanOrEqual(1 + 1e-12),
          );
        }
      }),
    );
  });
});

test("the paper's candidates are the powers of two from 8", () => {
  expect(powerOfTwoThresholds(2048)).toEqual([8, 16, 32, 64, 128, 256, 512, 1024, 2048]);
  expect(powerOfTwoThresholds(100)).toEqual([8, 16, 32, 64]);
  expect(powerOfTwoThresholds(7)).toEqual([]);
});

test('paying 3 instead of 4 saves a quarter; paying more saves less than nothing', () => {
  expect(saving(3, 4)).toBe(0.25);
  expect(saving(5, 4)).toBe(-0.25);
});
