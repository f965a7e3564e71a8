import { expect, test } from 'vitest';
import { temporaryFolder } from '../../test/temporaryFolder.ts';
import { bundledProfile } from '../../test/bundled.ts';
import { databaseVersion, openForWriting } from '../database.ts';
import { findProfile, putProfile } from '../profiles.ts';
import type { WriteDb } from '../sqlite.ts';
import { foundation } from './0001-foundation.ts';
import { runs } from './0002-runs.ts';

function fresh(): WriteDb {
  return openForWriting(temporaryFolder(), [foundation, runs]);
}

const RUN = `INSERT INTO run VALUES ('r', 'R', '', 'running', '2026-01-01', NULL, NULL, '{}', '{}', '{}', NULL, '{}')`;

test('the second form adds the tables of runs, all of them strict', () => {
  const db = fresh();
  expect(databaseVersion(db)).toBe(2);
  const tables = db
    .prepare<[], { name: string; strict: number }>(
      "SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite_%' ORDER BY name",
    )
    .all();
  expect(tables.every(({ strict }) => strict === 1)).toBe(true);
  expect(tables.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['run', 'run_event', 'sample_chunk', 'sample_level', 'trial']),
  );
  db.close();
});

test('a profile of the first form is still there, and belongs to no run', () => {
  const folder = temporaryFolder();
  const profile = bundledProfile('m1-pro.llama-2-7b.grid');
  const old = openForWriting(folder, [foundation]);
  putProfile(old, profile, 'imported');
  old.close();
  const db = openForWriting(folder, [foundation, runs]);
  expect(findProfile(db, profile.id)).toMatchObject({ kind: 'imported', profile });
  expect(db.prepare('SELECT run_id FROM profile').all()).toEqual([{ run_id: null }]);
  db.close();
});

test('what belongs to a run needs the run, and goes with it', () => {
  const db = fresh();
  const parts = [
    "INSERT INTO trial VALUES ('r', 0, 0, 1, '{}')",
    "INSERT INTO run_event VALUES (1, 'r', 0, '{}')",
    "INSERT INTO sample_chunk VALUES (1, 'r', 0, 1, 0, 1, x'00')",
    "INSERT INTO sample_level VALUES (1, 'r', 1, 0, 1, 0, 1, x'00')",
    `INSERT INTO profile VALUES ('p', 'measured', 'h', 'P', 'S', 'mac', 'M', 'cells', '[]', 'gpu', 0, 1, 'T', 'r')`,
  ];
  db.exec("INSERT INTO content VALUES ('h', '{}')");
  for (const part of parts) expect(() => db.exec(part), part).toThrow('FOREIGN KEY');
  db.exec(RUN);
  for (const part of parts) db.exec(part);
  db.exec("DELETE FROM run WHERE id = 'r'");
  for (const table of ['trial', 'run_event', 'sample_chunk', 'sample_level', 'profile']) {
    expect(db.prepare(`SELECT count(*) FROM ${table}`).pluck().get(), table).toBe(0);
  }
  db.close();
});

test('a run has one profile, one of the known states, and documents that are JSON', () => {
  const db = fresh();
  expect(() => db.exec(RUN.replace("'running'", "'lost'"))).toThrow('CHECK');
  expect(() => db.exec(RUN.replace("'{}'", "'not JSON'"))).toThrow('CHECK');
  db.exec(RUN);
  db.exec("INSERT INTO content VALUES ('h', '{}')");
  const profile = (id: string): string =>
    `INSERT INTO profile VALUES ('${id}', 'measured', 'h', 'P', 'S', 'mac', 'M', 'cells', '[]', 'gpu', 0, 1, 'T', 'r')`;
  db.exec(profile('p'));
  expect(() => db.exec(profile('q'))).toThrow('UNIQUE');
  db.close();
});
