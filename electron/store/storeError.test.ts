import { expect, test } from 'vitest';
import { LabError } from '#core/errors';
import Database from 'better-sqlite3';
import { guarded, storeError } from './storeError.ts';

const kindOf = (thrown: unknown): unknown => {
  const known = storeError(thrown, '/data/crossover.db');
  return known instanceof LabError ? known.kind : undefined;
};
const sqlite = (code: string): Error => new Database.SqliteError('it failed', code);
const system = (code: string): Error => Object.assign(new Error('it failed'), { code });

test.each([
  [sqlite('SQLITE_FULL'), 'disk-full'],
  [sqlite('SQLITE_IOERR_SHMSIZE'), 'disk-full'],
  [system('ENOSPC'), 'disk-full'],
  [sqlite('SQLITE_NOTADB'), 'database-damaged'],
  [sqlite('SQLITE_CORRUPT_VTAB'), 'database-damaged'],
  [sqlite('SQLITE_BUSY_SNAPSHOT'), 'database-in-use'],
  [sqlite('SQLITE_READONLY_DBMOVED'), 'database-read-only'],
  [sqlite('SQLITE_CANTOPEN'), 'database-read-only'],
  [system('EACCES'), 'database-read-only'],
  [system('EROFS'), 'database-read-only'],
  [system('ENOTDIR'), 'bad-setting'],
  [sqlite('SQLITE_IOERR_READ'), 'file-not-readable'],
  [sqlite('SQLITE_IOERR_WRITE'), 'file-not-writable'],
  [system('EFBIG'), 'file-not-writable'],
  [sqlite('SQLITE_CONSTRAINT'), undefined],
  [system('SOMETHING'), undefined],
  [new Error('a mistake'), undefined],
  ['text', undefined],
])('%s is %s', (thrown, kind) => {
  expect(kindOf(thrown)).toBe(kind);
});

test('every message names the place and ends as a sentence, with what to do', () => {
  for (const code of ['SQLITE_FULL', 'SQLITE_CORRUPT', 'SQLITE_BUSY', 'SQLITE_READONLY', 'SQLITE_IOERR']) {
    const known = storeError(sqlite(code), '/data/crossover.db') as LabError;
    expect(known.message).toMatch(/\/data.*\.$/);
    expect(known.hint).toMatch(/^[A-Z].*\.$/);
  }
});

test('an error that is known already, or not expected, goes through as it is', () => {
  const known = new LabError('incompatible', 'No.');
  const mistake = new TypeError('a mistake');
  expect(() =>
    guarded('f', () => {
      throw known;
    }),
  ).toThrow(known);
  expect(() =>
    guarded('f', () => {
      throw mistake;
    }),
  ).toThrow(mistake);
  expect(guarded('f', () => 7)).toBe(7);
});
