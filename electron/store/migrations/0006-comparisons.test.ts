import { expect, test } from 'vitest';
import { temporaryFolder } from '../../test/temporaryFolder.ts';
import { databaseVersion, openForWriting } from '../database.ts';
import { comparisons } from './0006-comparisons.ts';
import { MIGRATIONS } from './index.ts';

test('comparisons stand beside the studies that were there, and take their profiles along when they go', () => {
  const folder = temporaryFolder();
  const old = openForWriting(folder, MIGRATIONS.slice(0, 5));
  old.exec(`INSERT INTO content VALUES ('h', '{}');
    INSERT INTO study (id, stored_at, title, settings, small_hash, large_hash, workload_hash, analysis_version, result,
      verdict_kind, verdict_text)
    VALUES ('study-1', '2026-01-01', 'T', '{}', 'h', 'h', 'h', 2, '{}', 'threshold', 'V')`);
  old.close();
  const db = openForWriting(folder, [...MIGRATIONS.slice(0, 5), comparisons]);
  expect(databaseVersion(db)).toBe(6);
  expect(db.prepare('SELECT id FROM study').pluck().all()).toEqual(['study-1']);
  db.exec(`INSERT INTO comparison (id, stored_at, title, settings, workload_hash, analysis_version, crossover_version,
      result, verdict_kind, verdict_text)
    VALUES ('comparison-1', '2026-01-01', 'T', '{}', 'h', 4, '0.1.0', '{}', 'threshold', 'V');
    INSERT INTO comparison_profile VALUES ('comparison-1', 0, 'h'), ('comparison-1', 1, 'h')`);
  expect(() => db.exec("INSERT INTO comparison_profile VALUES ('comparison-1', 2, 'none')")).toThrow(
    'FOREIGN KEY',
  );
  db.exec('DELETE FROM comparison');
  expect(db.prepare('SELECT count(*) FROM comparison_profile').pluck().get()).toBe(0);
  db.close();
});
