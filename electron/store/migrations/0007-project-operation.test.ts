import { expect, test } from 'vitest';
import { temporaryFolder } from '../../test/temporaryFolder.ts';
import { databaseVersion, openForWriting } from '../database.ts';
import { projectOperation } from './0007-project-operation.ts';
import { MIGRATIONS } from './index.ts';

test('projects from before keep their drafts, and have said nothing of their devices', () => {
  const folder = temporaryFolder();
  const before = MIGRATIONS.filter(({ version }) => version < 7);
  const old = openForWriting(folder, before);
  old.exec(`UPDATE project SET draft = '{"lambda":0.5}'`);
  old.close();
  const db = openForWriting(folder, [...before, projectOperation]);
  expect(databaseVersion(db)).toBe(7);
  expect(db.prepare('SELECT draft, operation FROM project').all()).toEqual([
    { draft: '{"lambda":0.5}', operation: null },
  ]);
  expect(() => db.exec("UPDATE project SET operation = '{'")).toThrow();
  db.close();
});
