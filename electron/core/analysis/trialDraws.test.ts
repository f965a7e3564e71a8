import { expect, test } from 'vitest';
import { bundledProfile, bundledWorkload, madeProfile, madeWorkload } from '../../test/bundled.ts';
import { fingerprint } from '../fingerprint.ts';
import type { Cell, Profile } from '../profile.ts';
import { meanAndSd } from '../statistics.ts';
import { parseSettings, type StudyInputs, type StudySettings } from '../study.ts';
import { bootstrapReplicates } from './bootstrap.ts';
import { columnsOf } from './replicateColumns.ts';
import { bootstrapSetUp } from './bootstrapSetUp.ts';
import { energyCells, runtimeCells } from './costCells.ts';
import { RandomStream } from './randomStream.ts';
import { drawTrials, trialDraws, type TrialDraw } from './trialDraws.ts';
import { summariseBootstrap } from './uncertainty.ts';

const ENERGIES = [100, 120, 90, 150];
const RUNTIMES = [2, 2.1, 1.7, 3];

/** A cell with trials of these energies (GPU; the CPU takes a tenth of it) and runtimes. */
function withTrials(cell: Cell, energies = ENERGIES, runtimes = RUNTIMES): Cell {
  const energy = meanAndSd(energies);
  const runtime = meanAndSd(runtimes);
  return {
    ...cell,
    trials: energies.length,
    energyJ: { total: energy.mean, gpu: energy.mean },
    sdEnergyJ: energy.sd!,
    runtimeS: runtime.mean,
    sdRuntimeS: runtime.sd!,
    trialValues: energies.map((gpu, i) => ({ energyJ: { gpu }, runtimeS: runtimes[i]! })),
  };
}

const RULE = { rails: 'total', idle: 'gross' } as const;
const drawsOf = (profile: Profile): TrialDraw[] => {
  const quantity = (cells: ReturnType<typeof runtimeCells>) => {
    const deviations = cells.map(({ trialValues }) =>
      trialValues?.map((value) => value - meanAndSd(trialValues).mean),
    );
    const none = new Float64Array(cells.length);
    return { spread: { value: none, error: none, degrees: none, basis: [], deviations }, plan: undefined! };
  };
  const system = {
    id: profile.id,
    cells: profile.cells,
    energy: quantity(energyCells(profile, RULE)),
    runtime: quantity(runtimeCells(profile)),
  };
  return trialDraws(system).filter((draw) => draw !== undefined);
};

test('drawn means have the covariance of the mean of the trials, whatever their number', () => {
  const random = new RandomStream();
  for (const trials of [2, 3, 4]) {
    const [energies, runtimes] = [ENERGIES.slice(0, trials), RUNTIMES.slice(0, trials)];
    const made = madeProfile('mac', [[8, 1, 1]], []);
    const [draw] = drawsOf({ ...made, cells: [withTrials(made.cells[0]!, energies, runtimes)] });
    const sums = { e: 0, r: 0, ee: 0, rr: 0, er: 0 };
    const times = 40_000;
    random.begin(1, trials);
    const moved = { energyJ: 0, runtimeS: 0 };
    for (let k = 0; k < times; k++) {
      drawTrials(draw!, random, moved);
      sums.e += moved.energyJ;
      sums.r += moved.runtimeS;
      sums.ee += moved.energyJ ** 2;
      sums.rr += moved.runtimeS ** 2;
      sums.er += moved.energyJ * moved.runtimeS;
    }
    const [e, r] = [meanAndSd(energies), meanAndSd(runtimes)];
    const covariance =
      energies.reduce((sum, value, i) => sum + (value - e.mean) * (runtimes[i]! - r.mean), 0) /
      (trials - 1) /
      trials;
    expect(Math.abs(sums.e / times)).toBeLessThan((4 * e.sd!) / Math.sqrt(trials * times));
    expect(Math.abs(sums.r / times)).toBeLessThan((4 * r.sd!) / Math.sqrt(trials * times));
    expect(sums.ee / times / (e.sd! ** 2 / trials)).toBeCloseTo(1, 1);
    expect(sums.rr / times / (r.sd! ** 2 / trials)).toBeCloseTo(1, 1);
    expect(sums.er / times / covariance).toBeCloseTo(1, 1);
  }
});

test('energy and runtime of a trial stay together: where they are in proportion, so is every drawn mean', () => {
  const made = madeProfile('mac', [[8, 1, 1]], []);
  const [draw] = drawsOf({
    ...made,
    cells: [
      withTrials(
        made.cells[0]!,
        ENERGIES,
        ENERGIES.map((energy) => energy / 50),
      ),
    ],
  });
  const random = new RandomStream();
  random.begin(1, 1);
  const moved = { energyJ: 0, runtimeS: 0 };
  for (let k = 0; k < 200; k++) {
    drawTrials(draw!, random, moved);
    // The rest is what rounding leaves of a variance beyond the line.
    expect(moved.runtimeS * 50).toBeCloseTo(moved.energyJ, 4);
  }
});

test('a rail has the spread of its own trials, not a share of the total’s', () => {
  const made = madeProfile('mac', [[8, 1, 1]], []);
  const cell: Cell = {
    ...made.cells[0]!,
    trials: 2,
    energyJ: { total: 60, cpu: 10, gpu: 50 },
    sdEnergyJ: 0,
    aboveIdleJ: { total: 55, cpu: 9, gpu: 46 },
    sdRuntimeS: Math.SQRT2,
    runtimeS: 2,
    trialValues: [
      { energyJ: { cpu: 5, gpu: 55 }, aboveIdleJ: { cpu: 4, gpu: 51 }, runtimeS: 1 },
      { energyJ: { cpu: 15, gpu: 45 }, aboveIdleJ: { cpu: 14, gpu: 41 }, runtimeS: 3 },
    ],
  };
  const profile: Profile = { ...made, rails: ['cpu', 'gpu'], cells: [cell] };
  const values = (rule: Parameters<typeof energyCells>[1]): number[] => [
    ...energyCells(profile, rule)[0]!.trialValues!,
  ];
  expect(values(RULE)).toEqual([60, 60]);
  expect(values({ rails: ['gpu'], idle: 'gross' })).toEqual([55, 45]);
  expect(energyCells(profile, { rails: ['gpu'], idle: 'gross' })[0]!.sd).toBeCloseTo(Math.sqrt(50), 12);
  expect(values({ rails: ['gpu'], idle: 'above-idle', pue: 2 })).toEqual([102, 82]);
  // What is stated follows each trial's own energy and runtime.
  expect(
    values({ rails: ['gpu', 'dram'], idle: 'gross', fills: [{ rail: 'dram', watts: 3, of: { cpu: 0.5 } }] }),
  ).toEqual([60.5, 61.5]);
});

function inputsOf(change: (cell: Cell, i: number) => Cell): StudyInputs {
  const made = (id: string, scale: number): Profile => {
    const profile = madeProfile(id, [
      [8, 100, 2],
      [64, 300 * scale, 5],
      [512, 900 / scale, 9],
    ]);
    return { ...profile, cells: profile.cells.map(change) };
  };
  return {
    small: made('mac', 1.5),
    large: made('gpu', 1),
    workload: madeWorkload([
      [10, 10, 30],
      [300, 40, 20],
    ]),
  };
}

const settings = (more: Partial<StudySettings> = {}): StudySettings =>
  parseSettings({
    small: 'mac',
    large: 'gpu',
    workload: 'made-up',
    energyModel: 'grid',
    policy: 'all',
    ...more,
  });
const scaled = (cell: Cell): Cell =>
  withTrials(
    cell,
    ENERGIES.map((energy) => (energy * cell.energyJ.total) / 115),
  );

test('which way was used is told of each system', () => {
  const told = (inputs: StudyInputs): string => {
    const setUp = bootstrapSetUp(settings(), inputs);
    return summariseBootstrap(setUp, 1, bootstrapReplicates(setUp, 1, 0, 20)).assumptions[0]!.message;
  };
  const none = inputsOf((cell) => cell);
  expect(told(none)).toContain(
    'cell means are drawn from their standard errors, energy and runtime of a cell together',
  );
  const { small } = inputsOf(scaled);
  expect(told({ ...none, small })).toContain(
    'mac: trials resampled; gpu: means drawn from their standard errors',
  );
  const { large } = inputsOf((cell, i) => (i === 0 ? cell : scaled(cell)));
  expect(told({ ...none, small, large })).toContain(
    'gpu: trials resampled of 5 of 6 cells, the means of the others',
  );
});

test('replicates of trials are the same for a seed to the last bit, and stay above 0', () => {
  const wild = inputsOf((cell) => withTrials(cell, [1, 400, 1, 2]));
  const setUp = structuredClone(bootstrapSetUp(settings(), wild));
  const once = bootstrapReplicates(setUp, 7, 0, 60);
  expect(bootstrapReplicates(setUp, 7, 0, 60)).toEqual(once);
  expect(bootstrapReplicates(setUp, 8, 0, 60)).not.toEqual(once);
  const { columns, width } = columnsOf(setUp);
  for (let k = 0; k < 60; k++) expect(once.values[k * width + columns[0]!.energy(0)]!).toBeGreaterThan(0);
});

/** Of studies without the trials' own values; taken down before profiles had any. */
test.each([
  ['grid', 'sweeps', 'fa9a8e135a683d08'],
  ['paper', 'sweeps', '44e1f2b9a8458e1e'],
  ['physical', 'grid', 'fba8de6f8a86bdd2'],
] as const)('the replicates of means alone are what they were: %s on %s', (energyModel, design, expected) => {
  const [small, large] = [`m1-pro.llama-2-7b.${design}`, `swing-a100.llama-2-7b.${design}`];
  const setUp = bootstrapSetUp(
    parseSettings({ small, large, workload: 'gsm8k', energyModel, policy: 'all' }),
    {
      small: bundledProfile(small),
      large: bundledProfile(large),
      workload: bundledWorkload('gsm8k'),
    },
  );
  const { values } = bootstrapReplicates(setUp, 5, 0, 5);
  expect(fingerprint([...values].map((value) => value.toPrecision(12)).join())).toBe(expected);
});

test('a cell that both sweeps hold is drawn once: its trials are the same', () => {
  const made = madeProfile(
    'mac',
    [
      [8, 100, 2],
      [32, 115, 2.2],
    ],
    [
      [32, 115, 2.2],
      [64, 200, 4],
    ],
  );
  // Exact but for the cell in both sweeps.
  const exact = (cell: Cell): Cell =>
    withTrials(cell, [cell.energyJ.total, cell.energyJ.total], [cell.runtimeS, cell.runtimeS]);
  const small: Profile = {
    ...made,
    cells: made.cells.map((cell) => (cell.m === 32 && cell.n === 32 ? withTrials(cell) : exact(cell))),
  };
  expect(small.cells.filter(({ m, n }) => m === 32 && n === 32)).toHaveLength(2);
  const inputs: StudyInputs = {
    small,
    large: madeProfile(
      'gpu',
      [
        [8, 10, 1],
        [32, 10, 1],
      ],
      [
        [32, 10, 1],
        [64, 10, 1],
      ],
    ),
    workload: madeWorkload([[32, 32, 50]]),
  };
  const settings = parseSettings({
    small: small.id,
    large: inputs.large.id,
    workload: inputs.workload.id,
    energyModel: 'grid',
    policy: 'small',
    thresholds: 'every-integer',
    bootstrap: 2000,
  });
  const setUp = bootstrapSetUp(settings, inputs);
  const { columns, width } = columnsOf(setUp);
  const { values } = bootstrapReplicates(setUp, 1, 0, 2000);
  const energies = Array.from({ length: 2000 }, (_, k) => values[k * width + columns[0]!.energy(0)]!);
  // Every query costs what that cell does: its mean has the standard error of its own trials.
  const error = (50 * meanAndSd(ENERGIES).sd!) / Math.sqrt(ENERGIES.length);
  expect(meanAndSd(energies).sd! / error).toBeCloseTo(1, 1);
});
