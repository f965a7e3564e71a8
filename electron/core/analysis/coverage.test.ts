import { describe, expect, test } from 'vitest';
import { madeProfile, madeWorkload } from '../../test/bundled.ts';
import type { Cell, Profile } from '../profile.ts';
import { parseSettings, type StudyInputs } from '../study.ts';
import { bootstrapReplicates } from './bootstrap.ts';
import { bootstrapSetUp } from './bootstrapSetUp.ts';
import { RandomStream } from './randomStream.ts';
import { summariseBootstrap, type Interval95 } from './uncertainty.ts';

/*
 * A truth is measured again and again: every cell by a few normal trials, the workload by a sample of its queries. An
 * interval that is called 95% should hold the truth 95 times in a hundred. The policy is settled on beforehand, so that
 * the truth is one number.
 */
const LENGTHS = [8, 64, 512] as const;
const QUERIES: readonly (readonly [m: number, n: number, share: number])[] = [
  [10, 12, 0.3],
  [20, 40, 0.25],
  [60, 30, 0.2],
  [30, 200, 0.15],
  [300, 100, 0.1],
];
const TRUE_MAC = { input: [30, 80, 700], output: [20, 120, 1600] } as const;
const TRUE_GPU = { input: [70, 90, 160], output: [40, 160, 1150] } as const;

function profileOf(
  id: string,
  truth: typeof TRUE_MAC | typeof TRUE_GPU,
  change: (mean: number) => Partial<Cell> & { value: number },
): Profile {
  const side = (values: readonly number[]): [number, number, number][] =>
    values.map((energy, i) => [LENGTHS[i]!, energy, energy / 50]);
  const made = madeProfile(id, side(truth.input), side(truth.output));
  return {
    ...made,
    cells: made.cells.map((cell) => {
      const { value, ...rest } = change(cell.energyJ.total);
      return { ...cell, ...rest, energyJ: { total: value, gpu: value } };
    }),
  };
}

/** A cell as so many normal trials of a relative standard deviation show it, with or without their own values. */
function trialsOf(
  random: RandomStream,
  { trials, relativeSd, kept = false }: { trials: number; relativeSd: number; kept?: boolean },
): (mean: number) => Partial<Cell> & { value: number } {
  return (mean) => {
    const values = Array.from({ length: trials }, () => mean * (1 + relativeSd * random.normal()));
    const value = values.reduce((a, b) => a + b, 0) / trials;
    const sd = Math.sqrt(values.reduce((sum, each) => sum + (each - value) ** 2, 0) / (trials - 1));
    const trialValues = values.map((gpu) => ({ energyJ: { gpu }, runtimeS: mean / 50 }));
    return { value, trials, sdRuntimeS: 0, sdEnergyJ: sd, ...(kept ? { trialValues } : {}) };
  };
}

function sampleOf(random: RandomStream, queries: number): StudyInputs['workload'] {
  const counts = QUERIES.map(() => 0);
  for (let i = 0; i < queries; i++) {
    let left = random.uniform();
    let at = 0;
    while (at < QUERIES.length - 1 && left >= QUERIES[at]![2]) left -= QUERIES[at++]![2];
    counts[at]! += 1;
  }
  return madeWorkload(QUERIES.flatMap(([m, n], i) => (counts[i]! > 0 ? [[m, n, counts[i]!]] : [])));
}

const settings = parseSettings({
  small: 'mac',
  large: 'gpu',
  workload: 'made-up',
  energyModel: 'grid',
  policy: 'threshold-product',
  thresholds: 'every-integer',
  chosen: { policy: 'threshold-product', product: 1800 },
});

/** Figures that have a true value: energy of the Mac alone, energy and saving of the policy. */
function figuresOf(inputs: StudyInputs, replicates: number, seed: number): Record<string, Interval95> {
  const setUp = bootstrapSetUp(settings, inputs);
  const found = summariseBootstrap(setUp, seed, bootstrapReplicates(setUp, seed, 0, replicates));
  const queries = setUp.parts[0]!.resampling.draws;
  const small = found.intervals.find(({ policy }) => policy === 'small')!;
  const policy = found.intervals[setUp.parts[0]!.hybrid]!;
  const each = ([low, high]: Interval95): Interval95 => [low / queries, high / queries];
  return {
    'energy of a query on the Mac': each(small.energyJ),
    'energy of a query under the policy': each(policy.energyJ),
    'saving against the better single system': found.saving95,
    'saving against the Mac': policy.saving.vsSmall,
  };
}

const exact = (mean: number): Partial<Cell> & { value: number } => ({
  value: mean,
  sdEnergyJ: 0,
  sdRuntimeS: 0,
});
const truth = figuresOf(
  {
    small: profileOf('mac', TRUE_MAC, exact),
    large: profileOf('gpu', TRUE_GPU, exact),
    workload: madeWorkload(QUERIES.map(([m, n, share]) => [m, n, share * 1e8])),
  },
  25,
  1,
);

describe.each([
  { trials: 5, relativeSd: 0.05, queries: 500, from: 'means', kept: false },
  { trials: 3, relativeSd: 0.03, queries: 2000, from: 'means', kept: false },
  { trials: 3, relativeSd: 0.05, queries: 1000, from: 'trials', kept: true },
])('95% intervals from $from of $trials trials that vary by $relativeSd and $queries queries', (given) => {
  test('hold the truth 93 to 97 times in a hundred', () => {
    const rounds = 600;
    const held: Record<string, number> = {};
    const random = new RandomStream();
    for (let round = 0; round < rounds; round++) {
      random.begin(20, round);
      const trials = trialsOf(random, given);
      const figures = figuresOf(
        {
          small: profileOf('mac', TRUE_MAC, trials),
          large: profileOf('gpu', TRUE_GPU, trials),
          workload: sampleOf(random, given.queries),
        },
        199,
        round,
      );
      for (const [name, [low, high]] of Object.entries(figures)) {
        const value = truth[name]!;
        const middle = (value[0] + value[1]) / 2;
        held[name] = (held[name] ?? 0) + Number(low <= middle && middle <= high);
      }
    }
    for (const [name, count] of Object.entries(held)) {
      expect(count / rounds, name).toBeGreaterThanOrEqual(0.93);
      expect(count / rounds, name).toBeLessThanOrEqual(0.97);
    }
    expect(Object.keys(held)).toHaveLength(4);
  });
});
