import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../test/temporaryFolder.ts';
import { labErrorOf } from '../test/thrown.ts';
import { requireSqlite } from './sqlite.ts';

test('an old runtime without a compiled SQLite is refused before it can crash', () => {
  const folder = temporaryFolder();
  const error = labErrorOf(() => requireSqlite(9, () => folder));
  expect(error.kind).toBe('missing');
  expect(error.message).toContain('Node-API 9');
  expect(error.hint).toContain('npm start');
  expect(labErrorOf(() => requireSqlite(NaN, () => folder)).kind).toBe('missing');
});

test('an old runtime with a compiled SQLite is taken, and so is a new one without', () => {
  const folder = temporaryFolder();
  requireSqlite(10, () => folder);
  mkdirSync(path.join(folder, 'build', 'Release'), { recursive: true });
  writeFileSync(path.join(folder, 'build', 'Release', 'better_sqlite3.node'), '');
  requireSqlite(9, () => folder);
});
