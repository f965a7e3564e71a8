import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bundledProfile, bundledWorkload } from '../../test/bundled.ts';
import { madeTables, rawForm } from '../../test/madeTables.ts';
import { kilowattHours } from '../units.ts';
import { costTable, modelSystem, type CostTable, type SystemChoice } from './costTable.ts';
import { breakEven, decisionMap, mapModels, tokenSteps } from './decisionMap.ts';
import { deployableEnvelope, flipsOf } from './flips.ts';
import { exactFront, nonDominated } from './front.ts';
import { normalCdf } from './normalCdf.ts';
import { paretoFront } from './pareto.ts';
import { chanceWithin, inputOnlyPolicies, predictedTotals, predictionLoss } from './prediction.ts';
import { bestOfFamily, hasCurves, policyProblem } from './problem.ts';
import { assignedTotals, ruleTotals, tableCostForm, type Rule, type ThresholdFamily } from './rules.ts';
import { surfaceCost, surfaceSaving, thresholdSurface } from './surface.ts';

const energyOnly = rawForm(1);
const PAIR: SystemChoice[] = ['m1-pro.llama-2-7b.sweeps', 'swing-a100.llama-2-7b.sweeps'].map((id) => ({
  profile: bundledProfile(id),
  energyModel: 'grid',
  runtimeModel: 'grid',
  rails: 'total',
  idle: 'gross',
}));
const paper = (workload: string): CostTable => costTable(bundledWorkload(workload), PAIR);
const two = madeTables(fc.constant(2));

describe("the paper's pair, the two sweeps multiplied, energy alone", () => {
  const alpaca = policyProblem(paper('alpaca-davinci'));
  const kwh = (rule: Rule): number => kilowattHours(ruleTotals(alpaca.table, rule, energyOnly).energyJ);
  const large = kwh({ policy: 'single', system: 1 });
  const saved = (rule: Rule): number => 1 - kwh(rule) / large;
  const best = (family: ThresholdFamily): Rule => bestOfFamily(alpaca, family, energyOnly);

  test('Alpaca: one system takes 6.95 or 5.86 kWh, and the oracle saves 3.38%', () => {
    expect(kwh({ policy: 'single', system: 0 })).toBeCloseTo(6.951287, 6);
    expect(large).toBeCloseTo(5.856587, 6);
    expect(saved({ policy: 'oracle' })).toBeCloseTo(0.033785, 6);
  });

  test('Alpaca: the exact best thresholds', () => {
    expect(best('threshold-in')).toEqual({ policy: 'threshold-in', thresholds: [10] });
    expect(saved(best('threshold-in'))).toBeCloseTo(0.001796, 6);
    expect(best('threshold-out')).toEqual({ policy: 'threshold-out', thresholds: [56] });
    expect(saved(best('threshold-out'))).toBeCloseTo(0.021645, 6);
    expect(best('threshold-product')).toMatchObject({ products: [1264] });
    expect(saved(best('threshold-product'))).toBeCloseTo(0.033586, 6);
    expect(best('threshold-both')).toMatchObject({ thresholds: [33], outputThresholds: [81] });
    expect(saved(best('threshold-both'))).toBeCloseTo(0.029085, 6);
  });

  test("Alpaca: with the paper's powers of two, T_in saves 0.1% and a product at 32 3.2%", () => {
    expect(saved({ policy: 'threshold-in', thresholds: [8] })).toBeCloseTo(0.001, 3);
    expect(saved({ policy: 'threshold-product', thresholds: [32], products: [1024] })).toBeCloseTo(0.032, 3);
  });

  test('Alpaca: weighing runtime alone, the A100; the best policy changes 128 times on the way to energy alone', () => {
    const parts = deployableEnvelope(alpaca, rawForm(0));
    const flips = flipsOf(parts);
    expect(parts[0]!.choice.rule).toEqual({ policy: 'single', system: 1 });
    expect(parts.at(-1)!.choice.rule).toMatchObject({ policy: 'threshold-product', products: [1264] });
    expect(flips).toHaveLength(128);
    expect(flips[0]!.lambda).toBeCloseTo(0.155078, 6);
    expect(flips.at(-1)!.lambda).toBeCloseTo(0.934107, 6);
  });

  test.each([
    ['alpaca-gpt4', 0.005213],
    ['gsm8k', 0.0000095],
  ])('%s: the oracle saves %d', (workload, expected) => {
    const table = paper(workload);
    const cost = (rule: Rule): number => ruleTotals(table, rule, energyOnly).cost;
    expect(1 - cost({ policy: 'oracle' }) / cost({ policy: 'single', system: 1 })).toBeCloseTo(expected, 6);
  });

  test('predicting n loses more the worse the prediction', () => {
    const { kept, adapted } = predictionLoss(alpaca.table, energyOnly);
    kept.forEach(({ loss }, i) => {
      expect(loss).toBeGreaterThanOrEqual(kept[i - 1]?.loss ?? 0);
      expect(adapted[i]!.loss).toBeLessThanOrEqual(loss);
      // whatever the error, sending everything to the A100 is left to fall back on
      expect(adapted[i]!.cost).toBeLessThanOrEqual(large * 3.6e6 * (1 + 1e-12));
    });
    expect(kept[0]!.loss).toBeCloseTo(0, 12);
  });
});

describe('the surface of both thresholds', () => {
  test('holds the totals of every pair of thresholds', () => {
    fc.assert(
      fc.property(two, (table) => {
        const surface = thresholdSurface(table);
        expect(surface.complete).toBe(true);
        const columns = surface.outputThresholds.length;
        surface.inputThresholds.forEach((input, r) =>
          surface.outputThresholds.forEach((output, c) => {
            const rule: Rule = { policy: 'threshold-both', thresholds: [input], outputThresholds: [output] };
            const totals = ruleTotals(table, rule, energyOnly);
            expect(surface.energyJ[r * columns + c]).toBe(totals.energyJ);
            expect(surface.runtimeS[r * columns + c]).toBe(totals.runtimeS);
          }),
        );
      }),
    );
  });

  test('of at most 3 × 3 thresholds still holds true totals, ends included', () => {
    fc.assert(
      fc.property(two, (table) => {
        const surface = thresholdSurface(table, { most: 3 });
        const cost = surfaceCost(surface, energyOnly);
        expect(surface.inputThresholds.length).toBeLessThanOrEqual(3);
        const rule: Rule = {
          policy: 'threshold-both',
          thresholds: [surface.inputThresholds.at(-2)!],
          outputThresholds: [surface.outputThresholds.at(-1)!],
        };
        const columns = surface.outputThresholds.length;
        const at = (surface.inputThresholds.length - 2) * columns + columns - 1;
        expect(cost[at]).toBe(ruleTotals(table, rule, energyOnly).cost);
        const all = ruleTotals(table, { policy: 'single', system: 0 }, energyOnly).cost;
        expect(cost.at(-1)).toBe(all);
        expect(surfaceSaving(cost, all).at(-1)).toBe(0);
        expect(cost[0]).toBe(ruleTotals(table, { policy: 'single', system: 1 }, energyOnly).cost);
      }),
    );
  });
});

describe('the front', () => {
  test('is every policy that none other undercuts in both', () => {
    fc.assert(
      fc.property(two, (table) => {
        const problem = policyProblem(table);
        if (!hasCurves(problem)) throw new Error('two systems have curves');
        const surface = thresholdSurface(table);
        const all = Array.from(surface.energyJ, (energyJ, i) => ({
          energyJ,
          runtimeS: surface.runtimeS[i]!,
        }));
        for (const curve of Object.values(problem.curves)) {
          curve.energyJ.forEach((energyJ, t) => all.push({ energyJ, runtimeS: curve.runtimeS[t]! }));
        }
        const expected = all
          .filter(
            (a) =>
              !all.some(
                (b) =>
                  b.energyJ <= a.energyJ &&
                  b.runtimeS <= a.runtimeS &&
                  (b.energyJ < a.energyJ || b.runtimeS < a.runtimeS),
              ),
          )
          .map(({ energyJ, runtimeS }) => `${runtimeS} ${energyJ}`);
        const found = exactFront(problem);
        expect(found.map(({ energyJ, runtimeS }) => `${runtimeS} ${energyJ}`)).toEqual(
          [...new Set(expected)].sort((a, b) => Number(a.split(' ')[0]) - Number(b.split(' ')[0])),
        );
        for (const { rule, energyJ, runtimeS } of found) {
          expect(ruleTotals(table, rule, energyOnly)).toMatchObject({ energyJ, runtimeS });
        }
      }),
      { numRuns: 300 },
    );
  });

  test('thinned keeps its corners; of three systems it is the convex front', () => {
    fc.assert(
      fc.property(madeTables(fc.integer({ min: 2, max: 3 })), (table) => {
        const problem = policyProblem(table);
        const whole = paretoFront(problem);
        const thin = paretoFront(problem, 0);
        expect(thin.points).toEqual(whole.points.filter(({ convex }) => convex));
        expect(whole.complete).toBe(table.systems.length === 2);
        expect(nonDominated(whole.points)).toEqual(whole.points);
      }),
      { numRuns: 100 },
    );
  });
});

describe('the decision map', () => {
  const systems = PAIR.map(modelSystem);
  const ms = tokenSteps(8, 512, 12);
  const ns = tokenSteps(8, 512, 40);
  const models = mapModels(systems, ms, ns);
  const map = decisionMap(models, energyOnly);

  test('names the cheapest system of each (m, n)', () => {
    ms.forEach((m, r) =>
      ns.forEach((n, c) => {
        const [a, b] = systems.map(({ energy }) => energy.at(m, n));
        const at = r * ns.length + c;
        expect(map.system[at]).toBe(a! <= b! ? 0 : 1);
        expect(map.saving[at]).toBeCloseTo(1 - Math.min(a!, b!) / Math.max(a!, b!), 12);
      }),
    );
    expect(map.extrapolated.every((mark) => mark === 0)).toBe(true);
    expect([...decisionMap(mapModels(systems, [4], [8]), energyOnly).extrapolated]).toEqual([1]);
    expect([tokenSteps(1, 4, 20), tokenSteps(0, 1, 5)]).toEqual([[1, 2, 3, 4], [1]]);
  });

  test('changes its mind exactly on the break-even curve', () => {
    const curve = breakEven([systems[0]!, systems[1]!], energyOnly, models);
    expect(curve.length).toBeGreaterThan(5);
    for (const { m, n, above } of curve) {
      const [a, b] = systems.map(({ energy }) => energy.at(m, n));
      expect(a! / b!).toBeCloseTo(1, 9);
      const [aboveA, aboveB] = systems.map(({ energy }) => energy.at(m, n * 1.001));
      expect(aboveA! < aboveB! ? 0 : 1).toBe(above);
    }
    ms.forEach((m, r) => {
      const row = map.system.slice(r * ns.length, (r + 1) * ns.length);
      const changes = row.filter((system, c) => c > 0 && system !== row[c - 1]).length;
      expect(curve.filter((point) => point.m === m)).toHaveLength(changes);
    });
  });
});

describe('without knowing n', () => {
  test('the normal distribution is that of the tables', () => {
    expect(normalCdf(0)).toBe(0.5);
    expect(normalCdf(1.959963984540054)).toBeCloseTo(0.975, 14);
    expect(normalCdf(-3)).toBeCloseTo(0.0013498980316300933, 15);
    expect(normalCdf(-6) / 9.865876450376946e-10).toBeCloseTo(1, 10);
    expect([normalCdf(40), normalCdf(-40), normalCdf(-Infinity)]).toEqual([1, 0, 0]);
    expect(normalCdf(5) - normalCdf(-5)).toBeCloseTo(1 - 2 * 2.866515718791933e-7, 14);
  });

  test('a prediction without error is the known n; one without bounds a coin', () => {
    expect([
      chanceWithin(5, 5, 0),
      chanceWithin(6, 5, 0),
      chanceWithin(0, 0, 1),
      chanceWithin(3, -1, 1),
    ]).toEqual([1, 0, 1, 0]);
    expect(chanceWithin(5, 5, 0.7)).toBe(0.5);
    // n̂ ≤ 5 with n = 10 and σ = ln 2: one standard deviation below
    expect(chanceWithin(10, 5, Math.LN2)).toBeCloseTo(0.158655, 6);
    fc.assert(
      fc.property(madeTables(fc.integer({ min: 2, max: 4 })), (table) => {
        const thresholds = [2, 5, 7].slice(0, table.systems.length - 1);
        const known = ruleTotals(table, { policy: 'threshold-out', thresholds }, energyOnly);
        expect(predictedTotals(table, thresholds, 0, energyOnly).energyJ).toBe(known.energyJ);
      }),
    );
  });

  test('expected totals are the mean over many predictions', () => {
    const [table] = fc.sample(two, { seed: 5, numRuns: 1 });
    const sigma = 0.5;
    const expected = predictedTotals(table!, [4], sigma, energyOnly).energyJ;
    // the error of ln n at 20,001 evenly spaced quantiles stands for its distribution
    let mean = 0;
    const steps = 20_001;
    table!.pairs.count.forEach((count, i) => {
      const n = table!.pairs.n[i]!;
      let small = 0;
      for (let k = 0; k < steps; k++) {
        if (n === 0 || (k + 0.5) / steps <= normalCdf(Math.log(4 / n) / sigma)) small += 1;
      }
      const [a, b] = table!.systems.map(({ energyJ }) => energyJ[i]!);
      mean += (count * (small * a! + (steps - small) * b!)) / steps;
    });
    expect(expected / mean).toBeCloseTo(1, 3);
  });

  test('the best by m alone is the best of all ways to send each m somewhere', () => {
    fc.assert(
      fc.property(madeTables(fc.constant(2), 6), (table) => {
        const { bestByInput, expectedOutput } = inputOnlyPolicies(table, energyOnly);
        const groups = table.pairs.input.values.length;
        let least = Infinity;
        for (let mask = 0; mask < 2 ** groups; mask++) {
          const to = Uint8Array.from(table.pairs.input.of, (group) => (mask >> group) & 1);
          least = Math.min(least, assignedTotals(table, to, energyOnly).cost);
        }
        expect(bestByInput.cost).toBe(least);
        expect(expectedOutput.cost).toBeGreaterThanOrEqual(least);
      }),
      { numRuns: 200 },
    );
  });

  test('where n follows from m, the mean output of each m does as well as knowing n', () => {
    const table = costTable(
      { name: 'n is 3 m', pairs: [8, 20, 30, 60, 100, 160].map((m, i) => [m, 3 * m, i + 1]) },
      PAIR,
    );
    const { expectedOutput } = inputOnlyPolicies(table, energyOnly);
    expect(expectedOutput.loss).toBeCloseTo(0, 12);
  });
});

test('the normalised cost divides by the largest energy and runtime of a query', () => {
  fc.assert(
    fc.property(two, (table) => {
      const form = tableCostForm(table, 0.5, 'normalised');
      expect(form.energyUnit).toBe(Math.max(...table.systems.flatMap(({ energyJ }) => [...energyJ])));
      expect(form.runtimeUnit).toBe(Math.max(...table.systems.flatMap(({ runtimeS }) => [...runtimeS])));
    }),
  );
});
