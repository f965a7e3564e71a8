import { expect, test } from 'vitest';
import { profileFromRun } from '#core/runProfile';
import { madeRun, madeTrial } from '../test/madeRun.ts';
import { temporaryFolder } from '../test/temporaryFolder.ts';
import { labErrorOf } from '../test/thrown.ts';
import { openForWriting } from './database.ts';
import { findProfile, listProfiles, profileOfRun, putMeasuredProfile, putProfile } from './profiles.ts';
import { createRun, deleteRun } from './runs.ts';
import type { WriteDb } from './sqlite.ts';

const run = madeRun();
const first = profileFromRun(run, [madeTrial()])!;
const second = profileFromRun(run, [madeTrial(), madeTrial({ index: 1, energyJ: { cpu: 3, gpu: 9 } })])!;

function withRun(): WriteDb {
  const db = openForWriting(temporaryFolder());
  createRun(db, run);
  return db;
}

const contents = (db: WriteDb): unknown => db.prepare('SELECT count(*) FROM content').pluck().get();

test('the profile of a run is a measured one, and its next version takes its place', () => {
  const db = withRun();
  putMeasuredProfile(db, first, run.id);
  putMeasuredProfile(db, second, run.id);
  expect(listProfiles(db)).toMatchObject([{ id: first.id, kind: 'measured', estimate: false }]);
  expect(findProfile(db, first.id)?.profile).toEqual(second);
  expect(profileOfRun(db, run.id)).toBe(first.id);
  expect(contents(db)).toBe(1);
  db.close();
});

test('the profile goes with its run', () => {
  const db = withRun();
  putMeasuredProfile(db, first, run.id);
  deleteRun(db, run.id);
  expect(listProfiles(db)).toEqual([]);
  expect(contents(db)).toBe(0);
  db.close();
});

test("a profile of the user's own with that id is never overwritten", () => {
  const db = withRun();
  putProfile(db, second, 'imported');
  const error = labErrorOf(() => putMeasuredProfile(db, first, run.id));
  expect(error.kind).toBe('bad-profile');
  expect(findProfile(db, first.id)).toMatchObject({ kind: 'imported', profile: second });
  db.close();
});
