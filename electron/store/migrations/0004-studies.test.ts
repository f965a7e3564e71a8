import { expect, test } from 'vitest';
import { temporaryFolder } from '../../test/temporaryFolder.ts';
import { databaseVersion, openForWriting } from '../database.ts';
import { foundation } from './0001-foundation.ts';
import { runs } from './0002-runs.ts';
import { imports } from './0003-imports.ts';
import { studies } from './0004-studies.ts';

const STUDY = `INSERT INTO study (id, stored_at, title, settings, small_hash, large_hash, workload_hash,
    analysis_version, result, verdict_kind, verdict_text)
  VALUES ('study-1', '2026-01-01', 'T', '{}', 'h', 'h', 'h', 2, '{}', 'threshold', 'V')`;

test('a study of the third form is still there, with no name, no note and no version that computed it', () => {
  const folder = temporaryFolder();
  const old = openForWriting(folder, [foundation, runs, imports]);
  old.exec("INSERT INTO content VALUES ('h', '{}')");
  old.exec(STUDY);
  old.close();
  const db = openForWriting(folder, [foundation, runs, imports, studies]);
  expect(databaseVersion(db)).toBe(4);
  expect(db.prepare('SELECT id, title, name, note, crossover_version FROM study').all()).toEqual([
    { id: 'study-1', title: 'T', name: '', note: '', crossover_version: null },
  ]);
  db.close();
});

test('a name and a note are text, and always there', () => {
  const db = openForWriting(temporaryFolder(), [foundation, runs, imports, studies]);
  db.exec("INSERT INTO content VALUES ('h', '{}')");
  db.exec(STUDY);
  expect(() => db.exec('UPDATE study SET name = NULL')).toThrow('NOT NULL');
  expect(() => db.exec("UPDATE study SET note = x'00'")).toThrow('BLOB');
  db.close();
});
