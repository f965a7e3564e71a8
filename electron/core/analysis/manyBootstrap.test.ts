import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bundledProfile, bundledWorkload, madeProfile, madeWorkload } from '../../test/bundled.ts';
import type { Profile } from '../profile.ts';
import { parseSettings } from '../study.ts';
import type { Workload } from '../workload.ts';
import { bootstrapReplicates, mergeReplicates } from './bootstrap.ts';
import { PartReplicator } from './partReplicator.ts';
import { columnsOf } from './replicateColumns.ts';
import { bootstrapSetUp } from './bootstrapSetUp.ts';
import { manyBootstrapSetUp, summariseMany, type ManyUncertainty } from './manyBootstrap.ts';
import { parseManySettings, type ManySettings } from './manySettings.ts';
import { compareSystems, type ManyResult } from './manySystems.ts';
import { OrderedSearch } from './orderedSearch.ts';
import { summariseBootstrap } from './uncertainty.ts';

const [M1, V100, SWING] = [
  'm1-pro.llama-2-7b.sweeps',
  'palmetto-v100.llama-2-7b.sweeps',
  'swing-a100.llama-2-7b.sweeps',
] as const;

function settingsOf(profiles: readonly Profile[], more: Partial<ManySettings> = {}): ManySettings {
  return parseManySettings({
    profiles: profiles.map(({ id }) => id),
    workload: 'any',
    energyModel: 'grid',
    ...more,
  });
}

function uncertaintyOf(
  profiles: readonly Profile[],
  workload: Workload,
  replicates: number,
  more: Partial<ManySettings> = {},
): ManyUncertainty {
  const setUp = manyBootstrapSetUp(settingsOf(profiles, more), profiles, workload);
  return summariseMany(setUp, 1, bootstrapReplicates(setUp, 1, 0, replicates));
}

/** Three systems with the energies (J) of 8, 64 and 512 tokens of input and of output, known to so much of themselves. */
function made(relativeSd: number): readonly Profile[] {
  const energies = { mac: [4, 60, 900], middle: [6, 40, 420], gpu: [9, 50, 300] };
  return Object.entries(energies).map(([name, [a, b, c]]) => {
    const profile = madeProfile(name, [
      [8, a!, 1],
      [64, b!, 2],
      [512, c!, 4],
    ]);
    return {
      ...profile,
      cells: profile.cells.map((cell) => ({
        ...cell,
        trials: 400,
        sdEnergyJ: 20 * relativeSd * cell.energyJ.total!,
        sdRuntimeS: 0,
      })),
    };
  });
}
const queries = madeWorkload([
  [8, 8, 900],
  [30, 60, 500],
  [64, 64, 400],
  [512, 512, 60],
]);

describe('a bootstrap of any number of systems', () => {
  test('is, with two, that of a study of two: same seed, same replicates', () => {
    const workload = bundledWorkload('gsm8k');
    const profiles = [M1, SWING].map(bundledProfile);
    const [small, large] = profiles as [Profile, Profile];
    for (const lambda of [1, 0.4]) {
      const many = uncertaintyOf(profiles, workload, 15, { lambda });
      const settings = parseSettings({
        small: M1,
        large: SWING,
        workload: 'any',
        energyModel: 'grid',
        policy: 'all',
        thresholds: 'every-integer',
        lambda,
      });
      const setUp = bootstrapSetUp(settings, { small, large, workload });
      const two = summariseBootstrap(setUp, 1, bootstrapReplicates(setUp, 1, 0, 15));
      expect(two.intervals).toHaveLength(9);
      two.intervals.forEach(({ policy, energyJ, runtimeS, cost, saving, regret, best }, p) => {
        const found = many.intervals[p]!;
        expect(found, policy).toMatchObject({ energyJ, runtimeS, cost, saving: saving.vsBestSingle, regret });
        // Where both must hold, fewer thresholds are looked at than between two systems.
        if (policy !== 'threshold-both') expect(found.best?.thresholds[0]).toEqual(best?.threshold);
        if (best?.product) expect(found.best!.products![0]).toEqual(best.product);
      });
      expect(many).toMatchObject({
        saving95: two.saving95,
        probabilityHybridWins: two.probabilityHybridWins,
        workloadShare: two.workloadShare,
        measureNext: two.measureNext,
        assumptions: two.assumptions,
      });
    }
  });

  test('has, in the row of the comparison itself, its own energies, runtimes and thresholds', () => {
    const profiles = [M1, V100, SWING].map(bundledProfile);
    const workload = bundledWorkload('gsm8k');
    const settings = settingsOf(profiles, { lambda: 0.7 });
    const result = compareSystems(settings, profiles, workload);
    const setUp = manyBootstrapSetUp(settings, profiles, workload);
    const [part] = setUp.parts;
    const work = new PartReplicator(part!);
    const row = new Float64Array(work.width);
    work.writeStudy(row);
    const [columns] = columnsOf(setUp).columns;
    expect(part!.policies.map(({ policy }) => policy)).toEqual(result.policies.map(({ policy }) => policy));
    result.policies.forEach(({ policy, energyJ, runtimeS, thresholds, outputThresholds, products }, p) => {
      expect(row[columns!.energy(p)]! / energyJ, policy).toBeCloseTo(1, 9);
      expect(row[columns!.runtime(p)]! / runtimeS, policy).toBeCloseTo(1, 9);
      const search = part!.searches.findIndex(({ family }) => family === policy);
      if (search < 0) return;
      const at = columns!.search(search);
      expect([...row.subarray(at, at + 2)], policy).toEqual(products ?? thresholds);
      if (outputThresholds) expect([...row.subarray(at + 2, at + 4)]).toEqual(outputThresholds);
    });
  });

  test('follows from the seed alone, in one piece or in parts', () => {
    const profiles = made(0.02);
    const setUp = manyBootstrapSetUp(settingsOf(profiles), profiles, queries);
    const whole = bootstrapReplicates(setUp, 7, 0, 30);
    const parts = [bootstrapReplicates(setUp, 7, 12, 30), bootstrapReplicates(setUp, 7, 0, 12)];
    expect(mergeReplicates(parts)).toEqual(whole);
    expect(summariseMany(setUp, 7, mergeReplicates(parts))).toEqual(summariseMany(setUp, 7, whole));
    expect(bootstrapReplicates(setUp, 8, 0, 30).values).not.toEqual(whole.values);
  });

  test('decides the verdict by the lower end of the interval, as between two systems', () => {
    const verdict = (relativeSd: number, minSaving: number): ManyResult => {
      const profiles = made(relativeSd);
      const settings = settingsOf(profiles, { minSaving });
      const setUp = manyBootstrapSetUp(settings, profiles, queries);
      const found = summariseMany(setUp, 1, bootstrapReplicates(setUp, 1, 0, 200));
      return compareSystems(settings, profiles, queries, undefined, found);
    };
    const sure = verdict(0.002, 0.01);
    const { saving } = sure.policies.find(({ policy }) => policy === sure.uncertainty!.hybrid.policy)!;
    const [low, high] = sure.uncertainty!.saving95;
    expect(low).toBeLessThan(saving);
    expect(high).toBeGreaterThan(saving);
    expect(sure).toMatchObject({ kind: 'threshold', uncertainty: { probabilityHybridWins: 1 } });
    expect(sure.text).toMatch(/^Send queries with .* That saves [\d.]+% \(95% interval [\d.]+% to [\d.]+%\)/);
    const unsure = verdict(0.2, saving - 0.01);
    expect(unsure.kind).toBe('no-useful-threshold');
    expect(unsure.text).toContain('but the 95% interval of that begins at');
    expect(unsure.uncertainty!.saving95[0]).toBeLessThan(saving - 0.01);
    for (const { intervals, saving: point } of sure.policies) {
      expect(intervals!.saving[0]).toBeLessThanOrEqual(point + 0.02);
      expect(intervals!.energyJ[0]).toBeLessThan(intervals!.energyJ[1]);
    }
  });

  test('without replicates is none, and the verdict rests on the point estimate', () => {
    const profiles = made(0.2);
    const result = compareSystems(settingsOf(profiles), profiles, queries);
    expect(result.kind).toBe('threshold');
    expect(result.uncertainty).toBeUndefined();
    expect(result.policies.every(({ intervals }) => intervals === undefined)).toBe(true);
  });
});

test('ordered thresholds are the best of all, whatever a replicate draws', () => {
  const cost = fc.integer({ min: -9, max: 9 });
  const pair = fc.record({
    row: fc.integer({ min: 1, max: 4 }),
    column: fc.integer({ min: 1, max: 4 }),
    costs: fc.tuple(cost, cost, cost),
  });
  fc.assert(
    fc.property(fc.array(pair, { maxLength: 7 }), fc.constantFrom(2, 3), (drawn, levels) => {
      // Rows and columns up to the third have a threshold; the fourth exceeds them all.
      const pairs = drawn.toSorted((a, b) => a.row - b.row || a.column - b.column);
      const thresholds = Float64Array.of(0, 1, 2, 3);
      const binOf = Uint32Array.from(pairs, ({ row }) => row);
      const outputBinOf = Uint32Array.from(pairs, ({ column }) => column);
      const differences = Array.from({ length: levels }, (_, level) =>
        Float64Array.from(pairs, ({ costs }) => costs[level]!),
      );
      const costOf = (inside: (level: number, i: number) => boolean): number =>
        differences.reduce(
          (sum, of, level) => sum + of.reduce((total, each, i) => total + (inside(level, i) ? each : 0), 0),
          0,
        );
      const ordered = (from: number[][]): number[][] =>
        from.flatMap((row) =>
          [0, 1, 2, 3].filter((each) => each >= (row.at(-1) ?? 0)).map((e) => [...row, e]),
        );
      const chains = Array.from({ length: levels }).reduce<number[][]>(ordered, [[]]);
      const along = (chain: readonly number[]): number => costOf((level, i) => binOf[i]! <= chain[level]!);
      const both = (rows: readonly number[], columns: readonly number[]): number =>
        costOf((level, i) => binOf[i]! <= rows[level]! && outputBinOf[i]! <= columns[level]!);

      const found = new Float64Array(2 * levels);
      new OrderedSearch({ family: 'threshold-in', thresholds, binOf }, levels).find(differences, found, 0);
      expect(along([...found.subarray(0, levels)])).toBe(Math.min(...chains.map(along)));
      new OrderedSearch(
        { family: 'threshold-both', thresholds, outputThresholds: thresholds, binOf, outputBinOf },
        levels,
      ).find(differences, found, 0);
      expect(both([...found.subarray(0, levels)], [...found.subarray(levels)])).toBe(
        Math.min(...chains.flatMap((rows) => chains.map((columns) => both(rows, columns)))),
      );
    }),
    { numRuns: 200 },
  );
});
