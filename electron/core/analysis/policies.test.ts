import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { madeTables, rawForm } from '../../test/madeTables.ts';
import { randomTotals, roundRobinTotals } from './baselines.ts';
import { deployableEnvelope, familyEnvelope } from './flips.ts';
import { bestOfFamily, policyProblem } from './problem.ts';
import {
  assign,
  assignedTotals,
  ruleTotals,
  tableCostForm,
  THRESHOLD_FAMILIES,
  type Rule,
  type ThresholdFamily,
} from './rules.ts';

const two = madeTables(fc.constant(2));
/** λ whose products with whole numbers are exact */
const lambdas = fc.integer({ min: 0, max: 8 }).map((eighths) => eighths / 8);

/** Every rule of a family with whole thresholds from −1 to 10 (products to 82), by brute force. */
function everyRule(family: ThresholdFamily, systems: number): Rule[] {
  const ascending = (from: number, to: number, length: number): number[][] =>
    length === 0
      ? [[]]
      : Array.from({ length: to - from + 1 }, (_, i) => from + i).flatMap((first) =>
          ascending(first, to, length - 1).map((others) => [first, ...others]),
        );
  const levels = systems - 1;
  switch (family) {
    case 'threshold-in':
    case 'threshold-out':
      return ascending(-1, 10, levels).map((thresholds) => ({ policy: family, thresholds }));
    case 'threshold-product':
      return ascending(-1, 82, levels).map((products) => ({
        policy: family,
        products,
        thresholds: products.map((product) => (product < 0 ? -1 : Math.sqrt(product))),
      }));
    case 'threshold-both':
      return ascending(-1, 9, levels).flatMap((thresholds) =>
        ascending(-1, 9, levels).map((outputThresholds) => ({
          policy: family,
          thresholds,
          outputThresholds,
        })),
      );
  }
}

describe('two systems', () => {
  test.each(THRESHOLD_FAMILIES)('the best %s is the best of all, and the lowest of equals', (family) => {
    fc.assert(
      fc.property(two, lambdas, (table, lambda) => {
        const form = rawForm(lambda);
        const found = bestOfFamily(policyProblem(table), family, form);
        const cost = (rule: Rule): number => ruleTotals(table, rule, form).cost;
        const all = everyRule(family, 2);
        const least = Math.min(...all.map(cost));
        expect(cost(found)).toBe(least);
        // thresholds below every length send nothing, like the one just below the shortest, which stands for them
        const first = all.find((rule) => cost(rule) === least)!;
        const expected = assign(table, first, form);
        expect([...assign(table, found, form)]).toEqual([...expected]);
        if (expected.includes(0)) expect(found).toEqual(first);
      }),
      { numRuns: 500 },
    );
  });

  test('the oracle costs what the cheapest system of each query costs', () => {
    fc.assert(
      fc.property(two, lambdas, (table, lambda) => {
        const form = rawForm(lambda);
        const { cost } = ruleTotals(table, { policy: 'oracle' }, form);
        const expected = [...table.pairs.count].reduce((total, count, i) => {
          const costs = table.systems.map(
            ({ energyJ, runtimeS }) => lambda * energyJ[i]! + (1 - lambda) * runtimeS[i]!,
          );
          return total + count * Math.min(...costs);
        }, 0);
        expect(cost).toBeCloseTo(expected, 9);
        for (const family of THRESHOLD_FAMILIES) {
          const rule = bestOfFamily(policyProblem(table), family, form);
          expect(cost).toBeLessThanOrEqual(ruleTotals(table, rule, form).cost);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('three and four systems', () => {
  test.each(['threshold-in', 'threshold-out'] as const)(
    '%s: the ordered thresholds are the best of all',
    (family) => {
      fc.assert(
        fc.property(madeTables(fc.integer({ min: 3, max: 4 }), 8), lambdas, (table, lambda) => {
          const form = rawForm(lambda);
          const cost = (rule: Rule): number => ruleTotals(table, rule, form).cost;
          const found = bestOfFamily(policyProblem(table), family, form);
          const all = everyRule(family, table.systems.length);
          expect(cost(found)).toBe(Math.min(...all.map(cost)));
        }),
        { numRuns: 60 },
      );
    },
  );

  test.each(['threshold-product', 'threshold-both'] as const)('%s of three systems likewise', (family) => {
    const all = everyRule(family, 3);
    fc.assert(
      fc.property(madeTables(fc.constant(3), 8), lambdas, (table, lambda) => {
        const form = rawForm(lambda);
        const cost = (rule: Rule): number => ruleTotals(table, rule, form).cost;
        expect(cost(bestOfFamily(policyProblem(table), family, form))).toBe(Math.min(...all.map(cost)));
      }),
      { numRuns: 25 },
    );
  });
});

describe('λ', () => {
  test('the envelope is, at each λ of a fine grid, the least cost that there is', () => {
    fc.assert(
      fc.property(madeTables(fc.integer({ min: 2, max: 3 }), 8), (table) => {
        const problem = policyProblem(table);
        for (const units of [rawForm(0), tableCostForm(table, 0, 'normalised')]) {
          const parts = deployableEnvelope(problem, units);
          expect(parts[0]!.from).toBe(0);
          expect(parts.at(-1)!.to).toBe(1);
          parts.forEach(({ from, to }, i) => {
            expect(to).toBeGreaterThan(from);
            if (i > 0) expect(from).toBe(parts[i - 1]!.to);
          });
          for (let step = 0; step <= 200; step++) {
            const form = { ...units, lambda: step / 200 };
            const part = parts.find(({ to }) => form.lambda <= to)!;
            const least = Math.min(
              ...[0, table.systems.length - 1].map(
                (system) => ruleTotals(table, { policy: 'single', system }, form).cost,
              ),
              ...THRESHOLD_FAMILIES.map(
                (family) => ruleTotals(table, bestOfFamily(problem, family, form), form).cost,
              ),
            );
            const here = ruleTotals(table, part.choice.rule, form).cost;
            expect(Math.abs(here - least)).toBeLessThanOrEqual(1e-9 * least);
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  test('a part ends exactly where the next is as cheap', () => {
    fc.assert(
      fc.property(two, fc.constantFrom(...THRESHOLD_FAMILIES), (table, family) => {
        const parts = familyEnvelope(policyProblem(table), family, rawForm(0));
        parts.slice(1).forEach(({ from, choice }, i) => {
          const before = ruleTotals(table, parts[i]!.choice.rule, rawForm(from)).cost;
          expect(ruleTotals(table, choice.rule, rawForm(from)).cost).toBeCloseTo(before, 9);
          // more weight on the energy: less energy, more time
          expect(choice.energyJ).toBeLessThan(parts[i]!.choice.energyJ);
          expect(choice.runtimeS).toBeGreaterThan(parts[i]!.choice.runtimeS);
        });
      }),
      { numRuns: 200 },
    );
  });
});

describe('baselines', () => {
  test('round robin deals one by one, in ascending order', () => {
    fc.assert(
      fc.property(madeTables(fc.integer({ min: 2, max: 4 })), (table) => {
        let place = 0;
        let energy = 0;
        table.pairs.count.forEach((count, i) => {
          for (let query = 0; query < count; query++) {
            energy += table.systems[place % table.systems.length]!.energyJ[i]!;
            place += 1;
          }
        });
        expect(roundRobinTotals(table, rawForm(1)).energyJ).toBe(energy);
      }),
    );
  });

  test('random is the mean of the single systems', () => {
    fc.assert(
      fc.property(madeTables(fc.integer({ min: 2, max: 4 })), (table) => {
        const singles = table.systems.map((_, s) =>
          assignedTotals(table, new Uint8Array(table.pairs.size).fill(s), rawForm(0)),
        );
        const mean = singles.reduce((total, { runtimeS }) => total + runtimeS, 0) / singles.length;
        expect(randomTotals(table, rawForm(0)).runtimeS).toBeCloseTo(mean, 9);
      }),
    );
  });
});
