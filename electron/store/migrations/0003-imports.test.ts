import { expect, test } from 'vitest';
import { bundledProfile } from '../../test/bundled.ts';
import { temporaryFolder } from '../../test/temporaryFolder.ts';
import { databaseVersion, openForWriting } from '../database.ts';
import { findProfile, putProfile } from '../profiles.ts';
import type { WriteDb } from '../sqlite.ts';
import { foundation } from './0001-foundation.ts';
import { runs } from './0002-runs.ts';
import { imports } from './0003-imports.ts';

function fresh(): WriteDb {
  return openForWriting(temporaryFolder(), [foundation, runs, imports]);
}

const IMPORT = (id: string, profile: string): string =>
  `INSERT INTO import VALUES ('${id}', '${profile}', '2026-01-01', 'table', '[]', '{}')`;

test('the third form adds the tables of imports, both strict', () => {
  const db = fresh();
  expect(databaseVersion(db)).toBe(3);
  const tables = db
    .prepare<[], { name: string; strict: number }>(
      "SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND name IN ('import', 'mapping') ORDER BY name",
    )
    .all();
  expect(tables).toEqual([
    { name: 'import', strict: 1 },
    { name: 'mapping', strict: 1 },
  ]);
  db.close();
});

test('a profile of the second form is still there, and is no import', () => {
  const folder = temporaryFolder();
  const profile = bundledProfile('m1-pro.llama-2-7b.grid');
  const old = openForWriting(folder, [foundation, runs]);
  putProfile(old, profile, 'imported');
  old.close();
  const db = openForWriting(folder, [foundation, runs, imports]);
  expect(findProfile(db, profile.id)).toMatchObject({ kind: 'imported', profile });
  expect(db.prepare('SELECT count(*) FROM import').pluck().get()).toBe(0);
  db.close();
});

test('an import needs its profile, goes with it, and is the only one of it', () => {
  const db = fresh();
  expect(() => db.exec(IMPORT('i', 'p'))).toThrow('FOREIGN KEY');
  db.exec("INSERT INTO content VALUES ('h', '{}')");
  db.exec(
    "INSERT INTO profile VALUES ('p', 'imported', 'h', 'P', 'S', 'mac', 'M', 'cells', '[]', 'gpu', 0, 1, 'T', NULL)",
  );
  db.exec(IMPORT('i', 'p'));
  expect(() => db.exec(IMPORT('j', 'p'))).toThrow('UNIQUE');
  db.exec("DELETE FROM profile WHERE id = 'p'");
  expect(db.prepare('SELECT count(*) FROM import').pluck().get()).toBe(0);
  db.close();
});

test('documents that are no JSON are refused', () => {
  const db = fresh();
  expect(() => db.exec("INSERT INTO mapping VALUES ('s', '2026-01-01', 'not JSON')")).toThrow('CHECK');
  db.close();
});
