import { expect, test } from 'vitest';
import type { ImportRecord } from '#core/import/record';
import { profileFromRun } from '#core/runProfile';
import { bundledProfile, madeProfile } from '../test/bundled.ts';
import { madeRun, madeTrial } from '../test/madeRun.ts';
import { temporaryFolder } from '../test/temporaryFolder.ts';
import { labErrorOf } from '../test/thrown.ts';
import { openForWriting } from './database.ts';
import {
  findImport,
  importId,
  listImports,
  listMappings,
  putImport,
  putMapping,
  removeImported,
} from './imports.ts';
import { mappingSignature } from './mappingSignature.ts';
import { findProfile, profileKind, putMeasuredProfile, putProfile } from './profiles.ts';
import { createRun } from './runs.ts';
import type { WriteDb } from './sqlite.ts';

const PROFILE = madeProfile('mine', [
  [8, 10, 1],
  [16, 12, 1],
]);

function recordOf(changes: Partial<ImportRecord> = {}): ImportRecord {
  const files = [{ name: 'trials.csv', bytes: 10, sha256: 'ab'.repeat(32) }];
  const options = { system: 'Mine' };
  return {
    id: importId({ files, options, ...changes }),
    profile: PROFILE.id,
    importedAt: '2026-01-01T00:00:00.000Z',
    format: 'table',
    files,
    options,
    ...changes,
  };
}

const fresh = (): WriteDb => openForWriting(temporaryFolder());
const counts = (db: WriteDb): unknown[] =>
  ['profile', 'import', 'content'].map((name) => db.prepare(`SELECT count(*) FROM ${name}`).pluck().get());

test('an import is stored with its profile, and the same again changes nothing', () => {
  const db = fresh();
  const record = recordOf();
  expect(putImport(db, PROFILE, record, false)).toEqual({ profile: 'mine', state: 'new', import: record });
  expect(findProfile(db, 'mine')).toMatchObject({ kind: 'imported', profile: PROFILE });
  expect(findImport(db, 'mine')).toEqual(record);
  const later = recordOf({ importedAt: '2027-01-01T00:00:00.000Z' });
  expect(putImport(db, PROFILE, later, false)).toEqual({ profile: 'mine', state: 'same', import: record });
  expect(listImports(db)).toEqual([record]);
  expect(counts(db)).toEqual([1, 1, 1]);
  db.close();
});

test('the profile of a run that was measured elsewhere belongs to the run, and no file takes its place', () => {
  const db = fresh();
  const run = madeRun();
  createRun(db, run);
  const own = profileFromRun(run, [madeTrial()])!;
  putMeasuredProfile(db, own, run.id, 'imported');
  const other = { ...own, name: 'Another' };
  const record = recordOf({ profile: own.id });
  const error = labErrorOf(() => putImport(db, other, record, true));
  expect(error.message).toContain('is of a run that was imported');
  expect(findProfile(db, own.id)?.profile).toEqual(own);
  // The very same profile is there already, whoever brings it.
  expect(putImport(db, own, record, true)).toMatchObject({ state: 'same' });
  expect(listImports(db)).toEqual([]);
  db.close();
});

test('another import of the same id needs to be told to replace it', () => {
  const db = fresh();
  putImport(db, PROFILE, recordOf(), false);
  const other = { ...PROFILE, name: 'Other' };
  const record = recordOf({ options: { system: 'Other' } });
  const refused = labErrorOf(() => putImport(db, other, record, false));
  expect(refused).toMatchObject({
    kind: 'bad-profile',
    hint: expect.stringContaining('--replace') as string,
  });
  expect(findProfile(db, 'mine')!.profile).toEqual(PROFILE);
  expect(putImport(db, other, record, true).state).toBe('replaced');
  expect(findProfile(db, 'mine')!.profile).toEqual(other);
  expect(listImports(db)).toEqual([record]);
  expect(counts(db)).toEqual([1, 1, 1]);
  db.close();
});

test('the id of a bundled or measured profile is refused, unless it is the very profile', () => {
  const db = fresh();
  const bundled = bundledProfile('m1-pro.llama-2-7b.sweeps');
  putProfile(db, bundled, 'bundled');
  putProfile(db, PROFILE, 'measured');
  const record = recordOf({ profile: bundled.id });
  expect(putImport(db, bundled, record, true)).toEqual({ profile: bundled.id, state: 'same', import: null });
  expect(labErrorOf(() => putImport(db, { ...bundled, name: 'Mine' }, record, true)).message).toContain(
    'comes with Crossover',
  );
  expect(labErrorOf(() => putImport(db, { ...PROFILE, name: 'Mine' }, recordOf(), true)).message).toContain(
    'measured here',
  );
  expect(listImports(db)).toEqual([]);
  db.close();
});

test('undoing takes profile, import and content away, and only those of an import', () => {
  const db = fresh();
  putImport(db, PROFILE, recordOf(), false);
  removeImported(db, 'mine');
  expect(counts(db)).toEqual([0, 0, 0]);
  expect(labErrorOf(() => removeImported(db, 'mine')).kind).toBe('unknown-profile');
  putProfile(db, PROFILE, 'bundled');
  expect(labErrorOf(() => removeImported(db, 'mine')).message).toContain('comes with Crossover');
  putProfile(db, PROFILE, 'measured');
  expect(labErrorOf(() => removeImported(db, 'mine')).message).toContain('belongs to its run');
  expect(profileKind(db, 'mine')).toBe('measured');
  db.close();
});

test('a profile of an older version, imported without a record, can be removed too', () => {
  const db = fresh();
  putProfile(db, PROFILE, 'imported');
  expect(findImport(db, 'mine')).toBeUndefined();
  removeImported(db, 'mine');
  expect(counts(db)).toEqual([0, 0, 0]);
  db.close();
});

test('the id of an import follows from its files and options, not from their order', () => {
  const [a, b] = ['aa', 'bb'].map((mark) => ({ name: mark, bytes: 1, sha256: mark.repeat(32) }));
  const options = { system: 'S', model: 'M' };
  const id = importId({ files: [a!, b!], options });
  expect(importId({ files: [b!, a!], options: { model: 'M', system: 'S' } })).toBe(id);
  expect(importId({ files: [a!], options })).not.toBe(id);
  expect(importId({ files: [a!, b!], options: { system: 'S' } })).not.toBe(id);
});

test('a mapping is kept by the columns that it is of, and an empty one is forgotten', () => {
  const db = fresh();
  const signature = mappingSignature(['a', 'b']);
  expect(mappingSignature(['b', 'a'])).not.toBe(signature);
  expect(listMappings(db)).toEqual({});
  const columns = { a: { role: 'energy', unit: 'mJ', rail: 'gpu' } } as const;
  putMapping(db, signature, columns, '2026-01-01');
  expect(listMappings(db)).toEqual({ [signature]: columns });
  putMapping(db, signature, { b: { role: 'runtime' } }, '2026-01-02');
  expect(listMappings(db)).toEqual({ [signature]: { b: { role: 'runtime' } } });
  putMapping(db, signature, {}, '2026-01-03');
  expect(listMappings(db)).toEqual({});
  db.close();
});

test('what is not as it was stored is damage', () => {
  const db = fresh();
  putImport(db, PROFILE, recordOf(), false);
  db.exec(`UPDATE import SET files = '[{"name":1}]'`);
  expect(labErrorOf(() => findImport(db, 'mine')).kind).toBe('database-damaged');
  db.exec("INSERT INTO mapping VALUES ('s', '2026-01-01', '[1]')");
  expect(labErrorOf(() => listMappings(db)).kind).toBe('database-damaged');
  db.close();
});
