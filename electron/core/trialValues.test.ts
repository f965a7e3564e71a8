import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { madeProfile } from '../test/bundled.ts';
import { parseProfile, type Cell } from './profile.ts';
import { meanAndSd } from './statistics.ts';
import {
  distinctMeasurements,
  drawnWords,
  hasTrialValues,
  inFormOf,
  keepTrialValues,
  MOST_TRIALS_OF_CELL,
  MOST_TRIALS_OF_PROFILE,
  trialsWords,
  trialValuesFault,
  withoutTrialValues,
  type CellOfTrials,
  type TrialValue,
} from './trialValues.ts';

/** A cell of some trials: [cpu J, gpu J, gpu J above idle, s]. */
function cellOf(
  trials: readonly (readonly [number, number, number, number])[],
  more: Partial<Cell> = {},
): Cell {
  const column = (i: 0 | 1 | 2 | 3): { mean: number; sd: number | undefined } =>
    meanAndSd(trials.map((trial) => trial[i]));
  const { sd: sdEnergyJ } = meanAndSd(trials.map(([cpu, gpu]) => cpu + gpu));
  const [cpu, gpu, above, runtime] = [column(0), column(1), column(2), column(3)];
  return {
    m: 8,
    n: 32,
    trials: trials.length,
    energyJ: { total: cpu.mean + gpu.mean, cpu: cpu.mean, gpu: gpu.mean },
    ...(sdEnergyJ === undefined ? {} : { sdEnergyJ }),
    aboveIdleJ: { gpu: above.mean },
    runtimeS: runtime.mean,
    ...(runtime.sd === undefined ? {} : { sdRuntimeS: runtime.sd }),
    trialValues: trials.map(([cpu, gpu, above, runtimeS]) => ({
      energyJ: { cpu, gpu },
      aboveIdleJ: { gpu: above },
      runtimeS,
    })),
    ...more,
  };
}

const GOOD = [
  [10, 100, 90, 2],
  [12, 104, 93, 2.2],
  [11, 96, 88, 1.9],
] as const;

test('means, standard deviations and number of the trials of a cell are accepted, also with six digits', () => {
  expect(trialValuesFault(cellOf(GOOD))).toBeUndefined();
  const round = (value: number): number => Number(value.toPrecision(6));
  fc.assert(
    fc.property(
      fc.array(
        fc.tuple(
          fc.double({ min: 0.001, max: 50, noNaN: true }),
          fc.double({ min: 1, max: 5000, noNaN: true }),
          fc.double({ min: -1, max: 5000, noNaN: true }),
          fc.double({ min: 0.01, max: 500, noNaN: true }),
        ),
        { minLength: 1, maxLength: 12 },
      ),
      (trials) => {
        const cell = cellOf(trials);
        const rounded = JSON.parse(JSON.stringify(cell), (_, value: unknown) =>
          typeof value === 'number' ? round(value) : value,
        ) as Cell;
        expect(trialValuesFault(cell)).toBeUndefined();
        expect(trialValuesFault(rounded)).toBeUndefined();
      },
    ),
    { numRuns: 200 },
  );
});

const good = cellOf(GOOD);
const first = good.trialValues![0]!;
test.each<[string, Partial<Cell>, RegExp]>([
  ['fewer trials than it says', { trials: 4 }, /values of 3 trials, but says that there were 4/],
  [
    'a mean energy of another rail',
    { energyJ: { ...good.energyJ, gpu: 101 } },
    /the gpu energy of its trials has a mean of 100, the cell says 101/,
  ],
  ['another runtime', { runtimeS: 2.5 }, /the runtime of its trials has a mean of 2\.03333/],
  [
    'another spread',
    { sdEnergyJ: 9 },
    /the energy of its trials has a standard deviation of 4\.58258, the cell says 9/,
  ],
  ['another spread of the runtime', { sdRuntimeS: 1 }, /the runtime of its trials has a standard deviation/],
  [
    'another energy above idle',
    { aboveIdleJ: { gpu: 80 } },
    /the gpu energy above idle of its trials has a mean/,
  ],
  [
    'a trial without a rail',
    { trialValues: [{ ...first, energyJ: { gpu: 110 } }, ...good.trialValues!.slice(1)] },
    /trial 1 does not have the rails of the cell \(cpu, gpu\)/,
  ],
  [
    'a trial without its energy above idle',
    { trialValues: [...good.trialValues!.slice(1), { energyJ: first.energyJ, runtimeS: first.runtimeS }] },
    /trial 3 does not have the rails above idle/,
  ],
])('a cell with %s is refused', (_, change, reason) => {
  const cell = { ...good, ...change };
  expect(trialValuesFault(cell)).toMatch(reason);
  const profile = {
    ...madeProfile('mac', [[8, 1, 1]]),
    design: 'cells',
    rails: ['cpu', 'gpu'],
    cells: [cell],
  };
  expect(() => parseProfile(profile, 'mine.yaml')).toThrow(
    /mine\.yaml is not a Crossover profile: cells\.0: /,
  );
});

test('a standard deviation over one trial is refused: it has none', () => {
  expect(trialValuesFault(cellOf([GOOD[0]], { sdRuntimeS: 0 }))).toMatch(/one trial has none/);
});

test('whether the energy of a cell can be had trial by trial depends on what is counted', () => {
  const gross = {
    ...good,
    trialValues: good.trialValues!.map(({ energyJ, runtimeS }) => ({ energyJ, runtimeS })),
  };
  expect(trialValuesFault(gross)).toBeUndefined();
  expect([hasTrialValues(gross, 'gross'), hasTrialValues(gross, 'above-idle')]).toEqual([true, false]);
  expect(hasTrialValues(good, 'above-idle')).toBe(true);
  expect(hasTrialValues(cellOf([GOOD[0]]), 'gross')).toBe(false);
  expect(hasTrialValues({}, 'gross')).toBe(false);
});

describe('too many trials to keep', () => {
  const value: TrialValue = { energyJ: { gpu: 1 }, runtimeS: 1 };
  const cell = (trials: number): CellOfTrials => ({
    trials,
    energyJ: { total: 1, gpu: 1 },
    runtimeS: 1,
    trialValues: Array.from({ length: trials }, () => value),
  });

  test('of a cell leave its means alone; one trial is its own mean', () => {
    const { cells, leftOut } = keepTrialValues([
      cell(MOST_TRIALS_OF_CELL),
      cell(MOST_TRIALS_OF_CELL + 1),
      cell(1),
      { trials: 3, energyJ: { total: 1, gpu: 1 }, runtimeS: 1 },
    ]);
    expect(cells.map(({ trialValues }) => trialValues?.length)).toEqual([
      500,
      undefined,
      undefined,
      undefined,
    ]);
    expect(leftOut).toBe(1);
  });

  test('of a profile go where there are most', () => {
    const many = Array.from({ length: 25 }, (_, i) => cell(i % 2 === 0 ? 499 : 480));
    const { cells, leftOut } = keepTrialValues(many);
    const kept = cells.map(({ trialValues }) => trialValues?.length ?? 0);
    expect(kept.reduce((a, b) => a + b, 0)).toBeLessThanOrEqual(MOST_TRIALS_OF_PROFILE);
    expect(kept.filter((size) => size === 480)).toHaveLength(12);
    expect(kept.filter((size) => size === 499)).toHaveLength(8);
    expect(leftOut).toBe(5);
  });
});

test('a profile made anew takes the form of one that was stored without the values of trials', () => {
  const profile = { cells: [good] };
  const old = withoutTrialValues(profile);
  expect(old.cells[0]).not.toHaveProperty('trialValues');
  expect(inFormOf(profile, old)).toEqual(old);
  expect(inFormOf(profile, profile)).toBe(profile);
});

test('what a profile holds of its trials, and how means are drawn, is told in words', () => {
  const means: Cell = { m: 8, n: 64, trials: 4, energyJ: { total: 3, gpu: 3 }, runtimeS: 1 };
  const other = { ...good, m: 16 };
  expect(trialsWords([means])).toBe('4 trials, means alone');
  expect(trialsWords([{ ...means, sdEnergyJ: 1 }])).toBe('4 trials, means and standard deviations alone');
  expect(trialsWords([good, other])).toBe('6 trials, each with its own values');
  expect(trialsWords([good, means])).toBe('7 trials, with their own values in 1 of 2 cells');
  // The cell where two sweeps meet was measured once.
  expect(trialsWords([{ ...good, sweep: 'input' } as Cell, { ...good, sweep: 'output' } as Cell])).toBe(
    '3 trials, each with its own values',
  );
  expect(distinctMeasurements([good, other, { ...good }, means])).toEqual([good, other, means]);
  expect(drawnWords(4, 0)).toBe('means drawn from their standard errors');
  expect(drawnWords(4, 4)).toBe('trials resampled');
  expect(drawnWords(4, 3)).toBe(
    'trials resampled of 3 of 4 cells, the means of the others drawn from their standard errors',
  );
});
