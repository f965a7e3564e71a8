import { beforeAll, describe, expect, test } from 'vitest';
import { bootstrapReplicates } from '#core/analysis/bootstrap';
import { PartReplicator } from '#core/analysis/partReplicator';
import { columnsOf } from '#core/analysis/replicateColumns';
import { bootstrapSetUp } from '#core/analysis/bootstrapSetUp';
import { carriedText } from '#core/analysis/capacityIntervals';
import { withCapacity } from '#core/analysis/capacityStudy';
import type { Solve } from '#core/analysis/linearProgram';
import { manyBootstrapSetUp, summariseMany } from '#core/analysis/manyBootstrap';
import { parseManySettings } from '#core/analysis/manySettings';
import { compareSystems } from '#core/analysis/manySystems';
import { intervalsOf, summariseBootstrap } from '#core/analysis/uncertainty';
import type { Profile } from '#core/profile';
import { parseSettings, type StudyInputs, type StudyResult } from '#core/study';
import { analyseWithUncertainty } from '#core/studyUncertainty';
import { madeProfile, madeWorkload } from '../test/bundled.ts';
import { labErrorOf } from '../test/thrown.ts';
import { loadSolver } from './highs.ts';

let solve: Solve;
beforeAll(async () => {
  solve = await loadSolver();
});

/** Energies (J) and runtimes (s) at 8, 64 and 512 tokens; each cell is known to 1%. */
const made = (name: string, cells: readonly (readonly [number, number])[]): Profile => {
  const profile = madeProfile(
    name,
    cells.map(([energyJ, runtimeS], i) => [[8, 64, 512][i]!, energyJ, runtimeS] as const),
  );
  return {
    ...profile,
    cells: profile.cells.map((cell) => ({
      ...cell,
      trials: 100,
      sdEnergyJ: 0.1 * cell.energyJ.total!,
      sdRuntimeS: 0.1 * cell.runtimeS,
    })),
  };
};
const mac = made('mac', [
  [4, 1],
  [60, 3],
  [900, 20],
]);
const middle = made('middle', [
  [6, 1],
  [40, 2],
  [420, 9],
]);
const gpu = made('gpu', [
  [9, 0.5],
  [50, 1],
  [300, 3],
]);
const workload = madeWorkload([
  [8, 8, 900],
  [20, 60, 500],
  [64, 64, 400],
  [512, 512, 60],
]);
const inputs: StudyInputs = { small: mac, large: gpu, workload };

const settingsOf = (small: number, large: number, arrivalRate: number, bootstrap = 300) =>
  parseSettings({
    small: 'mac',
    large: 'gpu',
    workload: 'made-up',
    energyModel: 'grid',
    thresholds: 'every-integer',
    policy: 'all',
    bootstrap,
    capacity: { devices: { small, large }, arrivalRate },
  });

function studyOf(...capacity: Parameters<typeof settingsOf>): StudyResult {
  const settings = settingsOf(...capacity);
  return withCapacity(analyseWithUncertainty(settings, inputs, { solve }), settings, inputs, solve);
}

const optimum = (result: StudyResult) => result.policies.find(({ policy }) => policy === 'capacity')!;

describe('the optimum under capacity between two systems', () => {
  test('is, in the row of the study itself, what the linear program says', () => {
    for (const [small, large] of [
      [1, 1],
      [2, 1],
      [0, 2],
      [50, 50],
    ] as const) {
      const settings = settingsOf(small, large, 0.4);
      const result = withCapacity(
        analyseWithUncertainty({ ...settings, bootstrap: 0 }, inputs),
        settings,
        inputs,
        solve,
      );
      const setUp = bootstrapSetUp(settings, inputs, solve);
      const [part] = setUp.parts;
      const work = new PartReplicator(part!);
      const row = new Float64Array(work.width);
      work.writeStudy(row);
      const [columns] = columnsOf(setUp).columns;
      const { energyJ, runtimeS } = optimum(result);
      expect(row[columns!.energy(part!.capacity!.policy)]! / energyJ).toBeCloseTo(1, 7);
      expect(row[columns!.runtime(part!.capacity!.policy)]! / runtimeS).toBeCloseTo(1, 7);
      expect(row[columns!.capacity + 1]).toBeCloseTo(result.capacity!.small.queries, 6);
      // Only how many trials stand behind it is asked of the assignment as found.
      work.writePolicies(row, 0);
      expect(row[columns!.energy(part!.capacity!.policy)]! / energyJ).toBeCloseTo(1, 7);
    }
  });

  test('has intervals that hold it, and a regret against the best of the same replicate', () => {
    const result = studyOf(1, 1, 0.4);
    const { replicates, infeasible, queries } = result.uncertainty!.capacity!;
    expect([replicates, infeasible]).toEqual([300, 0]);
    const found = optimum(result);
    const intervals = intervalsOf(result.uncertainty!, found)!;
    for (const [[low, high], value] of [
      [intervals.energyJ, found.energyJ],
      [intervals.saving.vsBestSingle, found.saving.vsBestSingle],
      [intervals.regret!, found.regret!],
      [queries![0]!, result.capacity!.small.queries],
    ] as const) {
      expect(low).toBeLessThan(value);
      expect(high).toBeGreaterThan(value);
    }
    expect(intervals.regret![0]).toBeGreaterThan(-1e-12);
    expect(found.interval95).toEqual(intervals.saving.vsBestSingle);
    expect(result.assumptions.map(({ message }) => message)).toContain(
      'The optimum under capacity is found anew in 300 replicates; the devices carry the queries in all of them.',
    );
  });

  test('is that of each query alone where devices abound', () => {
    const result = studyOf(1000, 1000, 0.4, 60);
    const intervals = intervalsOf(result.uncertainty!, optimum(result))!;
    expect(intervals.regret).toEqual([expect.closeTo(0, 12), expect.closeTo(0, 12)]);
  });

  test('counts the replicates whose queries the devices cannot carry, and says so', () => {
    const most = Number(/the most is ([\d.]+) queries/.exec(labErrorOf(() => studyOf(1, 1, 50)).message)![1]);
    const result = studyOf(1, 1, Math.floor(most * 99) / 100);
    const { capacity } = result.uncertainty!;
    expect(capacity!.infeasible).toBeGreaterThan(20);
    expect(capacity!.infeasible).toBeLessThan(280);
    const said = result.assumptions.find(({ short }) => short === 'not always carried')!;
    expect(said).toMatchObject({ kind: 'capacity', level: 'warning', message: carriedText(capacity!) });
    expect(said.message).toContain(`in ${capacity!.infeasible} of them (`);
    const told = intervalsOf(result.uncertainty!, optimum(result)) !== undefined;
    expect(told).toBe(2 * capacity!.infeasible <= 300);
    expect(capacity!.queries !== undefined).toBe(told);
    expect(said.message).toContain(told ? 'hold for the others alone' : 'too many to tell an interval');
  });
});

test('two systems by a program of few rows have the intervals of two without one', () => {
  const settings = settingsOf(1, 1, 0.4, 12);
  const setUp = bootstrapSetUp(settings, inputs, solve);
  const two = summariseBootstrap(setUp, 1, bootstrapReplicates(setUp, 1, 0, 12));
  const asked = parseManySettings({
    profiles: ['mac', 'middle', 'gpu'],
    workload: 'made-up',
    energyModel: 'grid',
    capacity: { devices: [1, 0, 1], arrivalRate: 0.4 },
  });
  const many = manyBootstrapSetUp(asked, [mac, middle, gpu], workload, solve);
  const found = summariseMany(many, 1, bootstrapReplicates(many, 1, 0, 12, { solve }));
  // A third system without devices draws cells of its own, but takes no query.
  expect(found.capacity).toMatchObject({ replicates: 12, infeasible: 0 });
  expect(found.capacity!.queries![1]).toEqual([0, 0]);
  expect(found.capacity!.queries![0]![0]).toBeCloseTo(two.capacity!.queries![0]![0], 1);
  const result = compareSystems(asked, [mac, middle, gpu], workload, solve, found);
  const optimumOf = result.policies.at(-1)!;
  expect(optimumOf.policy).toBe('capacity');
  expect(optimumOf.intervals!.energyJ[0]).toBeLessThan(optimumOf.energyJ);
  expect(optimumOf.intervals!.energyJ[1]).toBeGreaterThan(optimumOf.energyJ);
  const part = many.parts[0]!;
  const work = new PartReplicator(part, solve);
  const row = new Float64Array(work.width);
  work.writeStudy(row);
  expect(row[2 * part.capacity!.policy]! / optimumOf.energyJ).toBeCloseTo(1, 6);
});
