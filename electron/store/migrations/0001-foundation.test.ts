import { expect, test } from 'vitest';
import { temporaryFolder } from '../../test/temporaryFolder.ts';
import { databaseVersion, openForWriting } from '../database.ts';
import type { WriteDb } from '../sqlite.ts';
import { foundation } from './0001-foundation.ts';

function fresh(): WriteDb {
  return openForWriting(temporaryFolder(), [foundation]);
}

test('the first form has the tables of the foundation, all of them strict', () => {
  const db = fresh();
  expect(databaseVersion(db)).toBe(1);
  const tables = db
    .prepare<[], { name: string; strict: number }>(
      "SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite_%' ORDER BY name",
    )
    .all();
  expect(tables).toEqual(
    ['bundled_file', 'content', 'preference', 'profile', 'study', 'workload'].map((name) => ({
      name,
      strict: 1,
    })),
  );
  db.close();
});

test('a profile without its content is refused, and so is content that is no JSON', () => {
  const db = fresh();
  expect(() =>
    db.exec("INSERT INTO workload VALUES ('w', 'bundled', 'no such hash', 'W', 1, 1, 0, 'MIT', 'a test')"),
  ).toThrow('FOREIGN KEY');
  expect(() => db.exec("INSERT INTO content VALUES ('h', 'not JSON')")).toThrow('CHECK');
  expect(() => db.exec("INSERT INTO preference VALUES ('theme', 1)")).not.toThrow();
  expect(() => db.exec("INSERT INTO preference VALUES ('theme', x'00')")).toThrow('cannot store BLOB');
  db.close();
});

test('content that a study was computed from cannot go while the study is there', () => {
  const db = fresh();
  db.exec(`
    INSERT INTO content VALUES ('s', '{}'), ('l', '{}'), ('w', '{}');
    INSERT INTO study VALUES ('study-1', '2026-01-01', 'T', '{}', 's', 'l', 'w', 1, '{}', 'threshold', 'text');
  `);
  expect(() => db.exec("DELETE FROM content WHERE hash = 'l'")).toThrow('FOREIGN KEY');
  db.close();
});
