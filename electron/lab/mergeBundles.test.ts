/** Shards of a sweep, measured apart, imported together. */
import { expect, test } from 'vitest';
import type { Run } from '#core/run';
import { profileFromRun } from '#core/runProfile';
import { cellKey, shardPlan } from '#core/shards';
import { makePlan } from '#core/sweep';
import { findProfile, listProfiles, profileOfRun } from '../store/profiles.ts';
import { makeRunBundle } from '../store/runBundle/write.ts';
import { listRuns } from '../store/runs.ts';
import { fresh, rowsIn, saved, stored } from '../test/madeBundle.ts';
import { madeRun, madeTrial } from '../test/madeRun.ts';
import { labErrorOf } from '../test/thrown.ts';
import { importRunBundles } from './runBundles.ts';

const PLAN = makePlan('quick', { seed: 7 });
const distinct = [...new Map(PLAN.cells.map((cell) => [cellKey(cell), cell])).values()];
const TRIALS = distinct.flatMap(({ m, n }, i) =>
  [1, 2, 3].map((value) => madeTrial({ m, n, energyJ: { gpu: value + i }, runtimeS: value / 3 + i })),
);

/** The bundle of one shard, measured on a node of its own. */
function bundleOf(index: number, of: number, changes: Partial<Run> = {}): string {
  const plan = shardPlan(PLAN, { index, of }, { kvCache: true });
  const keys = new Set(plan.cells.map(cellKey));
  const trials = TRIALS.filter((trial) => keys.has(cellKey(trial))).map((trial, i) => ({
    ...trial,
    index: i,
  }));
  const node = fresh();
  const { id } = stored(node, {
    run: madeRun({ id: `run-array-${index}`, state: 'done', plan, ...changes }),
    trials,
    samples: [],
  });
  const { bytes } = makeRunBundle(node, id)!;
  node.close();
  return saved(bytes, `shard-${index}.crossover-run.zip`);
}

test('the bundles of all shards give one profile, with the cells of the whole sweep', () => {
  const db = fresh();
  const { runs, merged, warnings } = importRunBundles(
    db,
    [3, 1, 2].map((index) => bundleOf(index, 3)),
  );
  expect(warnings).toEqual([]);
  expect(runs.map(({ shard, profile }) => [shard, profile])).toEqual([
    ['3 of 3', null],
    ['1 of 3', null],
    ['2 of 3', null],
  ]);
  expect(listRuns(db)).toHaveLength(3);
  expect(listProfiles(db).map(({ id, kind }) => [id, kind])).toEqual([[merged[0]!.profile, 'imported']]);
  const { profile } = findProfile(db, merged[0]!.profile!)!;
  const whole = profileFromRun(
    madeRun({ plan: PLAN }),
    TRIALS.map((trial, index) => ({ ...trial, index })),
  )!;
  expect(profile.cells).toEqual(whole.cells);
  expect(profile.source.note).toContain('run-array-1 (1 of 3), run-array-2 (2 of 3), run-array-3 (3 of 3)');
  expect(importRunBundles(db, [bundleOf(2, 3)]).runs[0]!.already).toBe(true);
});

test('a shard that comes later completes the profile, and is told of while it is missing', () => {
  const db = fresh();
  const first = importRunBundles(db, [bundleOf(1, 3), bundleOf(3, 3)]);
  expect(first.merged[0]).toMatchObject({ missingShards: ['2 of 3'] });
  expect(first.warnings.join(' ')).toContain('The shards 2 of 3 are missing.');
  const { merged, warnings } = importRunBundles(db, [bundleOf(2, 3)]);
  expect(warnings).toEqual([]);
  expect(merged[0]!.runs.map(({ id }) => id)).toEqual(['run-array-1', 'run-array-2', 'run-array-3']);
  expect(merged[0]!.profile).toBe(first.merged[0]!.profile);
  expect(listProfiles(db)).toHaveLength(1);
  expect(findProfile(db, merged[0]!.profile!)!.profile.cells).toHaveLength(PLAN.cells.length);
});

const meter = { ...madeRun().meter, kind: 'nvidia-smi' as const };

test('shards of different meters are refused together, and are two profiles one after the other', () => {
  const db = fresh();
  const before = rowsIn(db);
  const error = labErrorOf(() => importRunBundles(db, [bundleOf(1, 2), bundleOf(2, 2, { meter })]));
  expect(error).toMatchObject({ kind: 'incompatible' });
  expect(error.message).toContain('the meter: ioreport, nvidia-smi');
  expect(rowsIn(db)).toEqual(before);

  importRunBundles(db, [bundleOf(1, 2)]);
  const { merged } = importRunBundles(db, [bundleOf(2, 2, { meter })]);
  expect(merged[0]!.runs).toHaveLength(1);
  expect(listProfiles(db)).toHaveLength(2);
});

test('a cell that two jobs measured is the mean over the trials of both', () => {
  const db = fresh();
  importRunBundles(db, [bundleOf(1, 2), bundleOf(2, 2)]);
  const { merged } = importRunBundles(db, [bundleOf(1, 2, { id: 'run-again' })]);
  expect(merged[0]!.pooledCells.length).toBeGreaterThan(0);
  const { profile } = findProfile(db, merged[0]!.profile!)!;
  for (const cell of profile.cells) {
    const pooled = merged[0]!.pooledCells.some((other) => cellKey(other) === cellKey(cell));
    expect(cell.trials).toBe(pooled ? 6 : 3);
  }
});

test('on demand every shard stays by itself', () => {
  const db = fresh();
  const { runs, merged } = importRunBundles(db, [bundleOf(1, 2), bundleOf(2, 2, { meter })], {
    merge: false,
  });
  expect(merged).toEqual([]);
  expect(runs.map(({ run, profile }) => profile === profileOfRun(db, run) && profile !== null)).toEqual([
    true,
    true,
  ]);
});

test('shards of two sweeps are two profiles, and that is said', () => {
  const db = fresh();
  const other = shardPlan(makePlan('8,32 64,32', { seed: 1 }), { index: 1, of: 2 }, { kvCache: true });
  const { merged, warnings } = importRunBundles(db, [
    bundleOf(1, 1),
    bundleOf(1, 1, { id: 'run-other', plan: other }),
  ]);
  expect(merged).toHaveLength(2);
  expect(warnings[0]).toContain('shards of 2 different sweeps');
});
