import { existsSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../test/temporaryFolder.ts';
import { labErrorOf } from '../test/thrown.ts';
import { databaseFile, databaseVersion, openForReading, openForWriting } from './database.ts';
import { MIGRATIONS, type Migration } from './migrations/index.ts';
import { putProfile } from './profiles.ts';
import { openSqlite } from './sqlite.ts';
import { guarded } from './storeError.ts';
import { bundledProfile } from '../test/bundled.ts';

const first: Migration = {
  version: 1,
  name: 'one',
  sql: 'CREATE TABLE t (x INTEGER) STRICT; INSERT INTO t VALUES (1);',
};
const second: Migration = { version: 2, name: 'two', sql: 'ALTER TABLE t ADD COLUMN y TEXT;' };

/** A folder whose database has the form of `migrations`, closed. */
function folderAt(migrations: readonly Migration[]): string {
  const folder = temporaryFolder();
  openForWriting(folder, migrations).close();
  return folder;
}

test('a new database is made with its folder, in write-ahead mode, with foreign keys', () => {
  const folder = path.join(temporaryFolder(), 'a', 'b c');
  const db = openForWriting(folder);
  expect(databaseVersion(db)).toBe(MIGRATIONS.length);
  expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
  expect(db.pragma('foreign_keys', { simple: true })).toBe(1);
  db.close();
  expect(readdirSync(folder)).toEqual(['crossover.db']);
});

test('a database that is up to date is opened as it is, without a backup', () => {
  const folder = folderAt(MIGRATIONS);
  const before = readFileSync(databaseFile(folder));
  openForWriting(folder).close();
  expect(readFileSync(databaseFile(folder))).toEqual(before);
  expect(readdirSync(folder)).toEqual(['crossover.db']);
});

test('before a migration the database is copied, and the copy opens in the form it had', () => {
  const folder = folderAt([first]);
  const db = openForWriting(folder, [first, second]);
  expect(databaseVersion(db)).toBe(2);
  expect(db.prepare('SELECT * FROM t').all()).toEqual([{ x: 1, y: null }]);
  db.close();

  const backup = openSqlite(path.join(folder, 'crossover.db.before-v2'), { readonly: true });
  expect(databaseVersion(backup)).toBe(1);
  expect(backup.prepare('SELECT * FROM t').all()).toEqual([{ x: 1 }]);
  backup.close();
  expect(readdirSync(folder).sort()).toEqual(['crossover.db', 'crossover.db.before-v2']);
});

test('a migration that fails half-way leaves the database and its version as they were', () => {
  const folder = folderAt([first]);
  const before = readFileSync(databaseFile(folder));
  const broken: Migration = {
    version: 2,
    name: 'broken',
    sql: 'DELETE FROM t; CREATE TABLE u (y TEXT) STRICT; OOPS;',
  };
  const error = labErrorOf(() => openForWriting(folder, [first, broken]));
  expect(error.kind).toBe('database-damaged');
  expect(error.message).toContain('step 2, broken');
  expect(error.hint).toContain('crossover.db.before-v2');
  expect(readFileSync(databaseFile(folder))).toEqual(before);

  const db = openForReading(folder, [first]);
  expect(databaseVersion(db)).toBe(1);
  expect(db.prepare('SELECT * FROM t').all()).toEqual([{ x: 1 }]);
  db.close();
});

test('of two pending migrations the first stays when the second fails', () => {
  const folder = folderAt([first]);
  const broken: Migration = { version: 3, name: 'broken', sql: 'DROP TABLE t; OOPS;' };
  labErrorOf(() => openForWriting(folder, [first, second, broken]));
  const db = openForReading(folder, [first, second]);
  expect(databaseVersion(db)).toBe(2);
  expect(db.prepare('SELECT * FROM t').all()).toEqual([{ x: 1, y: null }]);
  db.close();
});

test('migrations that are not in order are refused before anything happens', () => {
  const folder = folderAt([first]);
  const skipping: Migration = { ...second, version: 3 };
  expect(() => openForWriting(folder, [first, skipping])).toThrow('has version 3, not 2');
  expect(readdirSync(folder)).toEqual(['crossover.db']);
});

test.each([
  ['for writing', openForWriting],
  ['for reading', openForReading],
])('a newer database is refused %s and stays as it is', (_how, open) => {
  const folder = folderAt([first, second]);
  const before = readFileSync(databaseFile(folder));
  const error = labErrorOf(() => open(folder, [first]));
  expect(error.kind).toBe('database-newer');
  expect(error.message).toMatch(/form 2; this version knows up to 1.*left as it is/);
  expect(readFileSync(databaseFile(folder))).toEqual(before);
});

test('an older database cannot be read without being brought up to date', () => {
  const folder = folderAt([first]);
  expect(labErrorOf(() => openForReading(folder, [first, second])).kind).toBe('database-in-use');
});

test('a file that is no database is called damaged, stays as it is, and backups are named', () => {
  const folder = temporaryFolder();
  writeFileSync(databaseFile(folder), 'A shopping list: milk, bread. '.repeat(200));
  writeFileSync(path.join(folder, 'crossover.db.before-v2'), '');
  const before = readFileSync(databaseFile(folder));
  const error = labErrorOf(() => openForWriting(folder));
  expect(error.kind).toBe('database-damaged');
  expect(error.message).toContain(databaseFile(folder));
  expect(error.message).toContain('left as it is');
  expect(error.hint).toContain('crossover.db.before-v2');
  expect(readFileSync(databaseFile(folder))).toEqual(before);
});

test('a database whose end is cut off is called damaged', () => {
  const folder = temporaryFolder();
  const db = openForWriting(folder);
  putProfile(db, bundledProfile('m1-pro.llama-2-7b.grid'), 'bundled');
  db.close();
  truncateSync(databaseFile(folder), 8192);
  expect(
    labErrorOf(() => {
      openForWriting(folder).close();
    }).kind,
  ).toBe('database-damaged');
});

test('after a writer that ended without closing, the whole database is looked through', () => {
  const folder = folderAt(MIGRATIONS);
  const bytes = readFileSync(databaseFile(folder));
  bytes.fill(0xff, 4096, 8192);
  writeFileSync(databaseFile(folder), bytes);
  // Without the sign of such an end nothing has been read yet, so nothing is known.
  openForWriting(folder).close();
  const db = openForWriting(folder);
  db.exec('PRAGMA wal_autocheckpoint = 0');
  const crashed = temporaryFolder();
  db.exec("INSERT INTO preference VALUES ('theme', '\"dark\"')");
  for (const name of readdirSync(folder)) {
    writeFileSync(path.join(crashed, name), readFileSync(path.join(folder, name)));
  }
  db.close();
  const error = labErrorOf(() => openForWriting(crashed));
  expect(error.kind).toBe('database-damaged');
});

test('without a database there is nothing to read', () => {
  const folder = temporaryFolder();
  expect(labErrorOf(() => openForReading(folder)).kind).toBe('missing');
  expect(existsSync(databaseFile(folder))).toBe(false);
});

test('a file where the data folder should be is bad input, not a crash', () => {
  const file = path.join(temporaryFolder(), 'file');
  writeFileSync(file, '');
  expect(labErrorOf(() => openForWriting(file)).kind).toBe('bad-setting');
  expect(labErrorOf(() => openForWriting(path.join(file, 'inside'))).kind).toBe('bad-setting');
});

test('a folder where the database should be cannot be opened', () => {
  const folder = temporaryFolder();
  mkdirSync(databaseFile(folder));
  expect(labErrorOf(() => openForWriting(folder)).kind).toBe('database-read-only');
});

test('a database that another program has locked is in use', () => {
  const folder = temporaryFolder();
  const other = openForWriting(folder);
  other.exec('BEGIN IMMEDIATE');
  const db = openForWriting(folder);
  db.pragma('busy_timeout = 0');
  expect(labErrorOf(() => guarded(db.name, () => db.exec('DELETE FROM preference'))).kind).toBe(
    'database-in-use',
  );
  db.close();
  other.close();
});
