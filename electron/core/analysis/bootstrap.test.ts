import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { madeProfile, madeWorkload } from '../../test/bundled.ts';
import type { Profile } from '../profile.ts';
import { parseSettings, type StudyInputs, type StudySettings } from '../study.ts';
import { bootstrapReplicates, mergeReplicates } from './bootstrap.ts';
import { columnsOf } from './replicateColumns.ts';
import { bootstrapSetUp } from './bootstrapSetUp.ts';
import { normalCdf } from './normalCdf.ts';
import { interval95, intervalsOf, summariseBootstrap, type Uncertainty } from './uncertainty.ts';

/*
 * MAC takes `a` J for a query of 8 tokens and GPU `c`; of 512 tokens they take 100 J and 10 J. A threshold of 8 sends
 * short queries to the MAC: it saves 1 − (F a + G 10)/(F c + G 10) with F short queries and G long ones.
 */
interface Made {
  readonly a?: number;
  readonly c?: number;
  readonly relativeSd?: number;
  readonly trials?: number;
  readonly short?: number;
  readonly long?: number;
}

function made({
  a = 8,
  c = 10,
  relativeSd = 0.01,
  trials = 10_000,
  short = 600,
  long = 40,
}: Made = {}): StudyInputs {
  const withTrials = (profile: Profile): Profile => ({
    ...profile,
    cells: profile.cells.map((cell) => ({
      ...cell,
      trials,
      sdEnergyJ: relativeSd * Math.sqrt(trials) * cell.energyJ.total,
      sdRuntimeS: 0,
    })),
  });
  const lengths = (atShort: number, atLong: number): [number, number, number][] => [
    // The paper's model multiplies energies per token by the tokens along the axis alone.
    [8, atShort * (40 / 8), 1],
    [512, atLong * (544 / 512), 1],
  ];
  return {
    small: withTrials(madeProfile('mac', lengths(a, 100))),
    large: withTrials(madeProfile('gpu', lengths(c, 10))),
    workload: madeWorkload([
      [8, 8, short],
      [512, 512, long],
    ]),
  };
}

const settingsOf = (more: Partial<StudySettings> = {}): StudySettings =>
  parseSettings({ small: 'mac', large: 'gpu', workload: 'made-up', ...more });

function uncertaintyOf(
  inputs: StudyInputs,
  replicates: number,
  more: Partial<StudySettings> = {},
): Uncertainty {
  const setUp = bootstrapSetUp(settingsOf(more), inputs);
  return summariseBootstrap(setUp, 1, bootstrapReplicates(setUp, 1, 0, replicates));
}

const width = ([low, high]: readonly [number, number]): number => high - low;
const Z = 1.959964;

describe('against what is known', () => {
  test('cells alone: the interval of a saving is that of a ratio of normal means', () => {
    // So many queries that they bring nothing.
    const scale = 1e4;
    const inputs = made({ short: 600 * scale, long: 40 * scale, relativeSd: 0.01 });
    const found = uncertaintyOf(inputs, 4000);
    const [a, c, d] = [4800, 6000, 400].map((total) => total * scale) as [number, number, number];
    const saving = 1 - (a + d) / (c + d);
    const error = 0.01;
    const byCell = [
      (a / (c + d)) * error,
      (((a + d) * c) / (c + d) ** 2) * error,
      ((a - c) / (c + d) ** 2) * d * error,
    ];
    const sd = Math.hypot(...byCell);
    expect(Math.abs((found.saving95[0] + found.saving95[1]) / 2 - saving)).toBeLessThan(0.15 * sd);
    expect(width(found.saving95) / (2 * Z * sd)).toBeCloseTo(1, 1);
    const small = found.intervals[0]!;
    const energySd = Math.hypot(a * error, 100 * 40 * scale * error);
    expect(width(small.energyJ) / (2 * Z * energySd)).toBeCloseTo(1, 1);
    // Shares of the variance by cell.
    const [second, first] = found.measureNext;
    const total = sd * sd;
    expect(first).toMatchObject({ system: 0, m: 8, n: 32, profile: 'mac' });
    expect(first!.share).toBeCloseTo(byCell[0]! ** 2 / total, 3);
    expect(second).toMatchObject({ system: 1, m: 8, n: 32, profile: 'gpu' });
    expect(second!.share).toBeCloseTo(byCell[1]! ** 2 / total, 3);
    expect(found.workloadShare).toBeLessThan(1e-3);
  });

  test('queries alone: the interval is that of the multinomial distribution, and no cell is to be measured', () => {
    const inputs = made({ relativeSd: 0 });
    const found = uncertaintyOf(inputs, 4000);
    // S = F(c − a)/(F c + G d) with F binomial: dS/dF = 640 d (c − a)/(F c + G d)² per query.
    const whole = 600 * 10 + 40 * 10;
    const slope = (640 * 10 * 2) / whole ** 2;
    const sd = slope * Math.sqrt((640 * 600 * 40) / 640 ** 2);
    expect(width(found.saving95) / (2 * Z * sd)).toBeCloseTo(1, 1);
    expect(found.measureNext).toEqual([]);
    expect(found.workloadShare).toBe(1);
  });

  test('the probability that the hybrid wins is that of a normal number', () => {
    // The saving is 0.5% with a standard deviation near that.
    const scale = 1e4;
    const inputs = made({ a: 9.95, c: 10, short: 600 * scale, long: 40 * scale, relativeSd: 0.005 });
    const found = uncertaintyOf(inputs, 4000);
    const [a, c, d] = [5970, 6000, 400] as const;
    const saving = 1 - (a + d) / (c + d);
    const sd = Math.hypot((a / (c + d)) * 0.005, (((a + d) * c) / (c + d) ** 2) * 0.005);
    expect(found.probabilityHybridWins).toBeCloseTo(normalCdf((saving - 5e-5) / sd), 1);
  });

  test('few trials widen an interval by Student’s t', () => {
    const scale = 1e4;
    const many = uncertaintyOf(made({ short: 600 * scale, long: 40 * scale }), 2000);
    const few = uncertaintyOf(made({ short: 600 * scale, long: 40 * scale, trials: 3 }), 2000);
    // Two cells bring nearly all of it, with two degrees of freedom each: t with about four.
    expect(width(few.saving95) / width(many.saving95)).toBeGreaterThan(1.35);
    expect(width(few.saving95) / width(many.saving95)).toBeLessThan(1.5);
    // The MAC alone depends on two cells too, the policies on the same draws.
    expect(width(few.intervals[0]!.energyJ)).toBeGreaterThan(1.3 * width(many.intervals[0]!.energyJ));
  });

  test('nothing uncertain: intervals have no width, and hold the study’s figures', () => {
    const inputs = made({ relativeSd: 0, short: 640, long: 40 });
    const one: StudyInputs = { ...inputs, workload: madeWorkload([[8, 8, 640]]) };
    const found = uncertaintyOf(one, 50);
    for (const { energyJ, saving } of found.intervals) {
      expect(width(energyJ)).toBeLessThan(1e-9 * energyJ[0]);
      expect(width(saving.vsBestSingle)).toBe(0);
    }
    expect(found.measureNext).toEqual([]);
  });
});

describe('replicates', () => {
  const inputs = made({ short: 60, long: 4, trials: 5 });
  const setUp = bootstrapSetUp(settingsOf({ energyModel: 'grid', policy: 'all' }), inputs);
  const whole = bootstrapReplicates(setUp, 7, 0, 90);

  test('are the same for a seed to the last bit, and others for another', () => {
    expect(bootstrapReplicates(setUp, 7, 0, 90).values).toEqual(whole.values);
    expect(bootstrapReplicates(setUp, 8, 0, 90).values).not.toEqual(whole.values);
  });

  test('do not depend on how they are split, nor on the order in which chunks come back', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 90 }), { maxLength: 6 }), fc.nat(), (cuts, turn) => {
        const edges = [0, ...cuts.toSorted((a, b) => a - b), 90];
        const chunks = edges
          .slice(1)
          .map((to, i) => bootstrapReplicates(structuredClone(setUp), 7, edges[i]!, to));
        const turned = [...chunks.slice(turn % chunks.length), ...chunks.slice(0, turn % chunks.length)];
        expect(mergeReplicates(turned)).toEqual(whole);
      }),
      { numRuns: 25 },
    );
  });

  test('that are missing or there twice are refused', () => {
    const part = (from: number, to: number): typeof whole => bootstrapReplicates(setUp, 7, from, to);
    expect(() => mergeReplicates([part(0, 3), part(4, 6)])).toThrow('Replicate 3 is missing');
    expect(() => mergeReplicates([part(0, 3), part(2, 6)])).toThrow('there twice');
  });

  test('say how far they are, and end when asked to', () => {
    const told: number[] = [];
    bootstrapReplicates(setUp, 7, 0, 40, { progress: (done) => told.push(done) });
    expect(told).toEqual([0, 16, 32, 40]);
    const signal = { aborted: false };
    const stop = (done: number): void => void (signal.aborted = done >= 16);
    expect(() => bootstrapReplicates(setUp, 7, 0, 1000, { progress: stop, signal })).toThrow(
      expect.objectContaining({ kind: 'interrupted' }) as Error,
    );
  });

  test('give every policy and family a column of their own', () => {
    const { columns, width: wide } = columnsOf(setUp);
    const part = setUp.parts[0]!;
    const all = [
      ...part.policies.flatMap((_, p) => [columns[0]!.energy(p), columns[0]!.runtime(p)]),
      ...part.searches.flatMap((_, f) => [columns[0]!.search(f), columns[0]!.search(f) + 1]),
    ];
    expect(all.toSorted((a, b) => a - b)).toEqual(Array.from({ length: wide }, (_, i) => i));
    expect(whole.values).toHaveLength(90 * wide);
  });
});

test('intervals hold the median of their replicates, of whatever figures', () => {
  fc.assert(
    fc.property(
      fc.record({
        a: fc.double({ min: 1, max: 40, noNaN: true }),
        relativeSd: fc.double({ min: 0, max: 0.3, noNaN: true }),
        trials: fc.integer({ min: 2, max: 30 }),
        short: fc.integer({ min: 1, max: 500 }),
        long: fc.integer({ min: 1, max: 500 }),
      }),
      fc.constantFrom('grid' as const, 'paper' as const),
      (given, energyModel) => {
        const inputs = made(given);
        const setUp = bootstrapSetUp(settingsOf({ energyModel }), inputs);
        const replicates = bootstrapReplicates(setUp, 3, 0, 60);
        const found = summariseBootstrap(setUp, 3, replicates);
        const { columns, width: wide } = columnsOf(setUp);
        setUp.parts[0]!.policies.forEach((policy, p) => {
          const { energyJ, saving } = intervalsOf(found, policy)!;
          const energies = Array.from(
            { length: 60 },
            (_, k) => replicates.values[k * wide + columns[0]!.energy(p)]!,
          );
          energies.sort((x, y) => x - y);
          const median = (energies[29]! + energies[30]!) / 2;
          expect(energyJ[0]).toBeLessThanOrEqual(median * (1 + 1e-12));
          expect(energyJ[1]).toBeGreaterThanOrEqual(median * (1 - 1e-12));
          expect(saving.vsBestSingle[0]).toBeLessThanOrEqual(saving.vsBestSingle[1]);
        });
        expect(found.probabilityHybridWins).toBeGreaterThanOrEqual(0);
        expect(found.probabilityHybridWins).toBeLessThanOrEqual(1);
        expect(
          found.workloadShare + found.measureNext.reduce((sum, { share }) => sum + share, 0),
        ).toBeLessThan(1 + 1e-9);
      },
    ),
    { numRuns: 60 },
  );
});

test('an interval is the 2.5% and the 97.5% point, as R’s type 7 has them', () => {
  expect(interval95(Float64Array.from({ length: 101 }, (_, i) => 100 - i))).toEqual([2.5, 97.5]);
  expect(interval95(Float64Array.from([3]))).toEqual([3, 3]);
});
