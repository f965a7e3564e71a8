import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { parseManySettings } from '#core/analysis/manySettings';
import { compareSystems, type ManyResult } from '#core/analysis/manySystems';
import type { Solve } from '#core/analysis/linearProgram';
import { LabError } from '#core/errors';
import { analyse, parseSettings } from '#core/study';
import type { Workload } from '#core/workload';
import { bundledProfile, bundledWorkload } from '../test/bundled.ts';
import { labErrorOf } from '../test/thrown.ts';
import { loadSolver } from './highs.ts';

const [M1, V100, PALMETTO, SWING] = [
  'm1-pro.llama-2-7b.sweeps',
  'palmetto-v100.llama-2-7b.sweeps',
  'palmetto-a100.llama-2-7b.sweeps',
  'swing-a100.llama-2-7b.sweeps',
] as const;

let solve: Solve;
beforeAll(async () => {
  solve = await loadSolver();
});

function compare(
  profiles: readonly string[],
  changes: Record<string, unknown> = {},
  workload: Workload = bundledWorkload('alpaca-davinci'),
): ManyResult {
  const settings = parseManySettings({ profiles, workload: workload.id, energyModel: 'grid', ...changes });
  return compareSystems(settings, profiles.map(bundledProfile), workload, solve);
}

const policy = (result: ManyResult, name: string): ManyResult['policies'][number] =>
  result.policies.find((each) => each.policy === name)!;

describe('any number of systems', () => {
  test('of two are what a study of two says', () => {
    const settings = parseSettings({
      small: M1,
      large: SWING,
      workload: 'alpaca-davinci',
      energyModel: 'grid',
      policy: 'all',
      thresholds: 'every-integer',
    });
    const study = analyse(settings, {
      small: bundledProfile(M1),
      large: bundledProfile(SWING),
      workload: bundledWorkload('alpaca-davinci'),
    });
    const many = compare([M1, SWING]);
    for (const name of ['threshold-in', 'threshold-out', 'threshold-product', 'threshold-both', 'oracle']) {
      const [a, b] = [study.policies.find((each) => each.policy === name)!, policy(many, name)];
      expect(b).toMatchObject({ energyJ: a.energyJ, runtimeS: a.runtimeS, regret: a.regret });
      expect(b.thresholds?.[0] ?? null).toBe(a.threshold);
    }
    expect(many.flips).toHaveLength(study.flips!.length);
    expect(many.extrapolated.queries).toBeCloseTo(study.extrapolated.queries, 12);
  });

  test('of four: more of them never cost the optimum anything, and none beats it', () => {
    const [two, four] = [compare([M1, SWING]), compare([M1, PALMETTO, V100, SWING])];
    expect(policy(four, 'oracle').cost).toBeLessThanOrEqual(policy(two, 'oracle').cost * (1 + 1e-12));
    for (const each of four.policies) expect(each.regret).toBeGreaterThanOrEqual(-1e-12);
    expect(four.systems.map(({ id }) => id)).toEqual([M1, PALMETTO, V100, SWING]);
    const product = policy(four, 'threshold-product');
    expect(product.thresholds).toHaveLength(3);
    expect(product.thresholds).toEqual(product.thresholds!.toSorted((a, b) => a - b));
    expect(product.queries!.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
  });

  test('ordered thresholds on m are the best of all on small workloads', () => {
    const length = fc.integer({ min: 1, max: 600 });
    const pairs = fc.array(fc.tuple(length, length, fc.integer({ min: 1, max: 9 })), {
      minLength: 1,
      maxLength: 6,
    });
    const base = bundledWorkload('gsm8k');
    fc.assert(
      fc.property(pairs, fc.constantFrom(0, 0.4, 1), (drawn, lambda) => {
        const workload = { ...base, pairs: drawn };
        const ids = [M1, V100, SWING];
        const found = compare(ids, { lambda }, workload);
        const single = (id: string): number[] =>
          drawn.map((pair) => {
            const alone = compare(ids, { lambda }, { ...base, pairs: [pair] });
            return alone.policies.find((each) => each.system === id)!.cost;
          });
        const costs = ids.map(single);
        const limits = [0, ...new Set(drawn.map(([m]) => m))];
        let least = Infinity;
        for (const first of limits) {
          for (const second of limits.filter((each) => each >= first)) {
            const cost = drawn.reduce(
              (sum, [m], i) => sum + costs[m <= first ? 0 : m <= second ? 1 : 2]![i]!,
              0,
            );
            least = Math.min(least, cost);
          }
        }
        expect(policy(found, 'threshold-in').cost / least).toBeCloseTo(1, 9);
      }),
      { numRuns: 60 },
    );
  });

  test('with devices: the optimum that three kinds of them can carry', () => {
    const capacity = { devices: [20, 4, 3], arrivalRate: 0.5 };
    const found = compare([M1, V100, SWING], { capacity });
    expect(found.capacity!.systems.map(({ devices }) => devices)).toEqual([20, 4, 3]);
    for (const { utilisation } of found.capacity!.systems) expect(utilisation).toBeLessThanOrEqual(1);
    expect(policy(found, 'capacity').cost).toBeGreaterThanOrEqual(policy(found, 'oracle').cost * (1 - 1e-9));
    const error = labErrorOf(() =>
      compare([M1, V100, SWING], { capacity: { devices: [1, 1, 1], arrivalRate: 50 } }),
    );
    expect(error.kind).toBe('infeasible');
    expect(error.message).toContain('V100');
  });

  test.each([
    [[M1], {}],
    [[M1, M1, SWING], {}],
    [[M1, SWING], { lambda: 1.5 }],
    [[M1, SWING], { lambda: -0.1 }],
    [[M1, SWING], { lambda: NaN }],
    [[M1, SWING], { energyModel: 'paper' }],
    [[M1, SWING], { capacity: { devices: [1], arrivalRate: 1 } }],
    [[M1, V100, SWING], { boundary: 'wall' }],
  ])('%j with %j is refused, and no number given', (profiles, changes) => {
    const error = labErrorOf(() => compare(profiles, changes));
    expect(error).toBeInstanceOf(LabError);
    expect(error.kind).toBe('boundary' in changes ? 'incompatible' : 'bad-setting');
  });
});
