import { expect, test } from 'vitest';
import { temporaryFolder } from '../../test/temporaryFolder.ts';
import { databaseVersion, openForWriting } from '../database.ts';
import { foundation } from './0001-foundation.ts';
import { runs } from './0002-runs.ts';
import { imports } from './0003-imports.ts';
import { studies } from './0004-studies.ts';
import { projects } from './0005-projects.ts';

const BEFORE = [foundation, runs, imports, studies];
const STUDY = `INSERT INTO study (id, stored_at, title, settings, small_hash, large_hash, workload_hash,
    analysis_version, result, verdict_kind, verdict_text)
  VALUES ('study-1', '2026-01-01', 'T', '{}', 'h', 'h', 'h', 2, '{}', 'threshold', 'V')`;

test('the first project holds the draft that was a preference, and every study', () => {
  const folder = temporaryFolder();
  const old = openForWriting(folder, BEFORE);
  old.exec("INSERT INTO content VALUES ('h', '{}')");
  old.exec(STUDY);
  old.exec(`INSERT INTO preference VALUES ('draft', '{"lambda":0.5}'), ('theme', '"dark"')`);
  old.close();
  const db = openForWriting(folder, [...BEFORE, projects]);
  expect(databaseVersion(db)).toBe(5);
  expect(db.prepare('SELECT name, draft, removed_at FROM project').all()).toEqual([
    { name: 'First project', draft: '{"lambda":0.5}', removed_at: null },
  ]);
  expect(db.prepare('SELECT study, added_at FROM project_study').all()).toEqual([
    { study: 'study-1', added_at: '2026-01-01' },
  ]);
  expect(db.prepare('SELECT key FROM preference').pluck().all()).toEqual(['theme']);
  db.close();
});

test('a draft that cannot be read is left behind, and a study that is deleted leaves its project', () => {
  const folder = temporaryFolder();
  const old = openForWriting(folder, BEFORE);
  old.exec("INSERT INTO content VALUES ('h', '{}')");
  old.exec(STUDY);
  old.exec("INSERT INTO preference VALUES ('draft', '{')");
  old.close();
  const db = openForWriting(folder, [...BEFORE, projects]);
  expect(db.prepare('SELECT draft FROM project').pluck().all()).toEqual([null]);
  db.exec("DELETE FROM study WHERE id = 'study-1'");
  expect(db.prepare('SELECT count(*) FROM project_study').pluck().get()).toBe(0);
  db.close();
});
