import { expect, test } from 'vitest';
import { summariseProfile, summariseWorkload } from '#core/catalogue';
import { bundledProfiles, bundledWorkload, madeProfile, madeWorkload } from '../test/bundled.ts';
import { temporaryFolder } from '../test/temporaryFolder.ts';
import { labErrorOf } from '../test/thrown.ts';
import { openForWriting } from './database.ts';
import {
  countProfiles,
  findProfile,
  listProfiles,
  profileKind,
  putProfile,
  removeProfile,
} from './profiles.ts';
import type { WriteDb } from './sqlite.ts';
import {
  countWorkloads,
  findWorkload,
  listWorkloads,
  putWorkload,
  removeWorkload,
  workloadKind,
} from './workloads.ts';

function fresh(): WriteDb {
  return openForWriting(temporaryFolder());
}

test('every bundled profile comes back as it went in, and so does its line in the list', () => {
  const db = fresh();
  for (const profile of bundledProfiles) putProfile(db, profile, 'bundled');
  for (const profile of bundledProfiles) {
    expect(findProfile(db, profile.id)).toMatchObject({ kind: 'bundled', profile });
  }
  const lines = bundledProfiles.map((profile) => summariseProfile(profile, 'bundled'));
  expect(listProfiles(db)).toEqual(lines.sort((a, b) => (a.id < b.id ? -1 : 1)));
  expect(countProfiles(db)).toBe(bundledProfiles.length);
  db.close();
});

test('a profile with the same id takes the place of the one before', () => {
  const db = fresh();
  putProfile(db, madeProfile('p', [[8, 1, 1]]), 'imported');
  const before = findProfile(db, 'p');
  putProfile(db, madeProfile('p', [[8, 2, 1]]), 'measured');
  expect(findProfile(db, 'p')?.profile.cells[0]?.energyJ.total).toBe(2);
  expect(findProfile(db, 'p')?.contentHash).not.toBe(before?.contentHash);
  expect(profileKind(db, 'p')).toBe('measured');
  removeProfile(db, 'p');
  expect(findProfile(db, 'p')).toBeUndefined();
  expect(profileKind(db, 'p')).toBeUndefined();
  db.close();
});

test('a workload comes back as it went in, fractional counts included', () => {
  const db = fresh();
  const workload = bundledWorkload('alpaca-gpt4');
  putWorkload(db, workload, 'bundled');
  expect(findWorkload(db, workload.id)).toMatchObject({ kind: 'bundled', workload });
  expect(listWorkloads(db)).toEqual([summariseWorkload(workload, 'bundled')]);
  putWorkload(db, { ...madeWorkload([[1, 2, 3]]), id: workload.id }, 'imported');
  expect(workloadKind(db, workload.id)).toBe('imported');
  expect(countWorkloads(db)).toBe(1);
  removeWorkload(db, workload.id);
  expect(findWorkload(db, workload.id)).toBeUndefined();
  db.close();
});

test('a damaged row is named, and no number is made of it', () => {
  const db = fresh();
  putProfile(db, madeProfile('p', [[8, 1, 1]]), 'bundled');
  putWorkload(db, madeWorkload([[1, 2, 3]]), 'bundled');
  db.exec(
    "UPDATE content SET document = json_set(document, '$.cells[0].runtimeS', -1) WHERE document LIKE '%cells%'",
  );
  db.exec("UPDATE content SET document = '[]' WHERE document LIKE '%pairs%'");
  db.exec("UPDATE profile SET boundary = 'planet'");
  expect(labErrorOf(() => findProfile(db, 'p'))).toMatchObject({
    kind: 'database-damaged',
    message: expect.stringContaining('the profile p: cells.0.runtimeS') as string,
  });
  expect(labErrorOf(() => findWorkload(db, 'made-up')).kind).toBe('database-damaged');
  expect(labErrorOf(() => listProfiles(db)).message).toContain('boundary');
  db.close();
});
