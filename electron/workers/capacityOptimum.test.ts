import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { capacityByColumns } from '#core/analysis/capacityByColumns';
import { CapacityOfTwo } from '#core/analysis/capacityOfTwo';
import type { LinearProgram, Solve } from '#core/analysis/linearProgram';
import { capacityProgram } from '#core/analysis/capacity';
import { pairTableOf } from '#core/analysis/pairs';
import { tableCostForm } from '#core/analysis/rules';
import type { CostTable } from '#core/analysis/costTable';
import { loadSolver } from './highs.ts';

let solve: Solve;
beforeAll(async () => {
  solve = await loadSolver();
});

interface Case {
  readonly counts: readonly number[];
  /** by system, by pair: J and s of a query */
  readonly energies: readonly (readonly number[])[];
  readonly runtimes: readonly (readonly number[])[];
  readonly devices: readonly number[];
  readonly arrivalRate: number;
  readonly lambda: number;
}

function cases(pairs: number, systems: number): fc.Arbitrary<Case> {
  // Quarters, so that many queries are as good on one system as on the other.
  const positive = fc.integer({ min: 1, max: 40 }).map((each) => each / 4);
  const table = fc.array(fc.array(positive, { minLength: pairs, maxLength: pairs }), {
    minLength: systems,
    maxLength: systems,
  });
  return fc.record({
    // A pair that a replicate did not draw has none.
    counts: fc
      .array(fc.integer({ min: 0, max: 9 }), { minLength: pairs, maxLength: pairs })
      .filter((all) => all.some((each) => each > 0)),
    energies: table,
    runtimes: table,
    devices: fc.array(fc.integer({ min: 0, max: 4 }), { minLength: systems, maxLength: systems }),
    arrivalRate: fc.integer({ min: 1, max: 20 }).map((each) => each / 10),
    lambda: fc.constantFrom(0, 0.3, 1),
  });
}

function tableOf({ counts, energies, runtimes }: Case): CostTable {
  return {
    pairs: {
      ...pairTableOf(
        { m: counts.map((_, i) => i + 1), n: counts.map(() => 1), count: counts.map(() => 1) },
        'made',
      ),
      count: Float64Array.from(counts),
      queries: counts.reduce((a, b) => a + b, 0),
    },
    systems: energies.map((each, s) => ({
      id: `s${s}`,
      label: `System ${s}`,
      energyJ: Float64Array.from(each),
      runtimeS: Float64Array.from(runtimes[s]!),
      extrapolated: new Uint8Array(counts.length),
      negative: new Uint8Array(counts.length),
    })),
  };
}

/** The least cost by the program with a row for every pair; undefined where the devices do not suffice. */
function programmed(each: Case): number | undefined {
  const table = tableOf(each);
  const form = tableCostForm(table, each.lambda, 'raw');
  const program: LinearProgram = capacityProgram(table, form, each);
  const solution = solve(program);
  if (solution.state === 'infeasible') return undefined;
  const last = each.energies.length - 1;
  const onLast = each.counts.reduce((sum, count, i) => sum + count * costOf(each, last, i), 0);
  return solution.x.reduce((sum, x, column) => sum + x * program.cost[column]!, onLast);
}

const costOf = ({ energies, runtimes, lambda }: Case, s: number, i: number): number =>
  lambda * energies[s]![i]! + (1 - lambda) * runtimes[s]![i]!;

const spanOf = ({ counts, arrivalRate }: Case): number => counts.reduce((a, b) => a + b, 0) / arrivalRate;

describe('the optimum under capacity in a replicate is that of the whole program', () => {
  test.each([1, 3, 8, 20])('%d pairs on two systems, without a program', (pairs) => {
    const seen = { carried: 0, not: 0 };
    fc.assert(
      fc.property(cases(pairs, 2), (each) => {
        const { count, systems, form } = queriesOf(each);
        const [a, b] = systems;
        const found = new CapacityOfTwo(pairs).find(
          { count, form, energyJ: [a!.energyJ, b!.energyJ], runtimeS: [a!.runtimeS, b!.runtimeS] },
          each.devices[0]! * spanOf(each),
          each.devices[1]! * spanOf(each),
        );
        expectSame(found, programmed(each), form);
        seen[found === undefined ? 'not' : 'carried'] += 1;
      }),
      { numRuns: 250 },
    );
    expect(Math.min(seen.carried, seen.not)).toBeGreaterThan(20);
  });

  test.each([
    [6, 2],
    [6, 3],
    [15, 4],
  ])('%d pairs on %d systems, by a program of few rows', (pairs, systems) => {
    fc.assert(
      fc.property(cases(pairs, systems), (each) => {
        const queries = queriesOf(each);
        const times = each.devices.map((count) => count * spanOf(each));
        const found = capacityByColumns(queries, times, solve);
        expectSame(found, programmed(each), queries.form);
        if (found !== undefined) {
          expect(found.taken.reduce((a, b) => a + b, 0)).toBeCloseTo(
            each.counts.reduce((a, b) => a + b, 0),
            6,
          );
        }
      }),
      { numRuns: 40 },
    );
  });
});

function queriesOf(each: Case): Parameters<typeof capacityByColumns>[0] {
  return {
    count: Float64Array.from(each.counts),
    systems: each.energies.map((energies, s) => ({
      energyJ: Float64Array.from(energies),
      runtimeS: Float64Array.from(each.runtimes[s]!),
    })),
    form: { perJoule: each.lambda, perSecond: 1 - each.lambda },
  };
}

function expectSame(
  found: { readonly cost: number; readonly energyJ: number; readonly runtimeS: number } | undefined,
  expected: number | undefined,
  { perJoule, perSecond }: { readonly perJoule: number; readonly perSecond: number },
): void {
  expect(found === undefined).toBe(expected === undefined);
  if (found === undefined || expected === undefined) return;
  expect(Math.abs(found.cost - expected)).toBeLessThan(1e-6 * Math.max(1, expected));
  expect(perJoule * found.energyJ + perSecond * found.runtimeS).toBeCloseTo(found.cost, 6);
}
