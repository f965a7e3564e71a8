import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { bundledProfile, bundledProfiles, bundledWorkloads, madeProfile } from '../test/bundled.ts';
import { temporaryFolder } from '../test/temporaryFolder.ts';
import { labErrorOf } from '../test/thrown.ts';
import { sha256 } from './content.ts';
import { openForWriting } from './database.ts';
import { findProfile, listProfiles, profileKind, putProfile, removeProfile } from './profiles.ts';
import { bundleFolder, seed } from './seed.ts';
import type { WriteDb } from './sqlite.ts';
import { guarded } from './storeError.ts';
import { listWorkloads } from './workloads.ts';

const ID = 'm1-pro.llama-2-7b.sweeps';

/** A small bundle of its own: two profiles and a workload. */
function smallBundle(): string {
  const bundle = temporaryFolder();
  mkdirSync(path.join(bundle, 'bundled'));
  mkdirSync(path.join(bundle, 'workloads'));
  for (const file of [
    `bundled/${ID}.yaml`,
    'bundled/swing-a100.llama-2-7b.sweeps.yaml',
    'workloads/alpaca-gpt4.json',
  ]) {
    cpSync(path.join(bundleFolder(), file), path.join(bundle, file));
  }
  return bundle;
}

function edit(bundle: string, file: string, change: (text: string) => string): void {
  const at = path.join(bundle, file);
  writeFileSync(at, change(readFileSync(at, 'utf8')));
}

function fresh(): WriteDb {
  return openForWriting(temporaryFolder());
}

const dump = (db: WriteDb): unknown[] =>
  ['profile', 'workload', 'content', 'bundled_file'].map((name) => db.prepare(`SELECT * FROM ${name}`).all());

test('the whole bundle is taken in', () => {
  const db = fresh();
  const { taken } = seed(db, bundleFolder());
  expect(taken).toHaveLength(bundledProfiles.length + bundledWorkloads.length);
  expect(listProfiles(db).map(({ id }) => id)).toEqual(bundledProfiles.map(({ id }) => id).sort());
  expect(listWorkloads(db).map(({ id }) => id)).toEqual([
    'alpaca-davinci',
    'alpaca-gpt4',
    'azure-code',
    'azure-conversation',
    'gsm8k',
  ]);
  expect(listProfiles(db).every(({ kind }) => kind === 'bundled')).toBe(true);
  db.close();
});

test('unchanged files change nothing, and are not even parsed', () => {
  const bundle = smallBundle();
  const db = fresh();
  seed(db, bundle);
  const before = dump(db);
  // A row that says a broken file is known shows that the hash alone decides.
  edit(bundle, `bundled/${ID}.yaml`, () => 'broken');
  db.prepare('UPDATE bundled_file SET file_hash = ? WHERE item_id = ?').run(sha256('broken'), ID);
  expect(seed(db, bundle)).toEqual({ taken: [], removed: [], skipped: [] });
  expect(dump(db).slice(0, 3)).toEqual(before.slice(0, 3));
  db.close();
});

test('an upgrade refreshes the file that has changed, and it alone', () => {
  const bundle = smallBundle();
  const db = fresh();
  seed(db, bundle);
  edit(bundle, `bundled/${ID}.yaml`, (text) => text.replace('M1 Pro · Llama-2 7B', 'M1 Pro · renamed'));
  expect(seed(db, bundle).taken).toEqual([ID]);
  expect(findProfile(db, ID)?.profile.name).toContain('renamed');
  expect(db.prepare('SELECT count(*) FROM content').pluck().get()).toBe(3);
  db.close();
});

test("a user's own profile with a bundled id stays as it is, until the user removes it", () => {
  const bundle = smallBundle();
  const db = fresh();
  const own = madeProfile(ID, [[8, 1, 1]]);
  putProfile(db, own, 'imported');
  putProfile(db, madeProfile('mine', [[8, 1, 1]]), 'measured');
  expect(seed(db, bundle)).toMatchObject({ skipped: [ID] });
  edit(bundle, `bundled/${ID}.yaml`, (text) => text.replace('estimate: false', 'estimate: true'));
  expect(seed(db, bundle)).toMatchObject({ taken: [], skipped: [ID] });
  rmSync(path.join(bundle, `bundled/${ID}.yaml`));
  expect(seed(db, bundle)).toMatchObject({ removed: [] });
  expect(findProfile(db, ID)).toMatchObject({ kind: 'imported', profile: own });
  expect(profileKind(db, 'mine')).toBe('measured');

  cpSync(path.join(bundleFolder(), `bundled/${ID}.yaml`), path.join(bundle, `bundled/${ID}.yaml`));
  seed(db, bundle);
  removeProfile(db, ID);
  expect(seed(db, bundle).taken).toEqual([ID]);
  expect(findProfile(db, ID)).toMatchObject({ kind: 'bundled', profile: bundledProfile(ID) });
  db.close();
});

test('a profile that is no longer bundled goes, and so does its content', () => {
  const bundle = smallBundle();
  const db = fresh();
  seed(db, bundle);
  rmSync(path.join(bundle, `bundled/${ID}.yaml`));
  expect(seed(db, bundle)).toEqual({ taken: [], removed: [ID], skipped: [] });
  expect(findProfile(db, ID)).toBeUndefined();
  expect(db.prepare('SELECT count(*) FROM content').pluck().get()).toBe(2);
  db.close();
});

test('a bundled profile whose id or file name changes is there once', () => {
  const bundle = smallBundle();
  const db = fresh();
  seed(db, bundle);
  edit(bundle, `bundled/${ID}.yaml`, (text) => text.replace(`id: ${ID}`, 'id: m1-pro.renamed'));
  expect(seed(db, bundle)).toEqual({ taken: ['m1-pro.renamed'], removed: [ID], skipped: [] });
  renameSync(path.join(bundle, `bundled/${ID}.yaml`), path.join(bundle, 'bundled/other.yaml'));
  seed(db, bundle);
  expect(listProfiles(db).map(({ id }) => id)).toEqual(['m1-pro.renamed', 'swing-a100.llama-2-7b.sweeps']);
  db.close();
});

test.each([
  ['is not YAML', `bundled/${ID}.yaml`, 'a: [', 'bad-profile'],
  ['has a total that is not the sum of its rails', `bundled/${ID}.yaml`, undefined, 'bad-profile'],
  ['is not JSON', 'workloads/alpaca-gpt4.json', '{', 'bad-workload'],
])('a bundled file that %s is named, and nothing is half-written', (_what, file, text, kind) => {
  const bundle = smallBundle();
  const db = fresh();
  seed(db, bundle);
  const before = dump(db);
  edit(bundle, 'bundled/swing-a100.llama-2-7b.sweeps.yaml', (good) => `${good}\n# changed\n`);
  edit(bundle, file, (good) => text ?? good.replace('total: 97.842', 'total: 98.842'));
  const error = labErrorOf(() => seed(db, bundle));
  expect(error.kind).toBe(kind);
  expect(error.message).toContain(file);
  expect(dump(db)).toEqual(before);
  db.close();
});

test('two bundled files with one id are refused', () => {
  const bundle = smallBundle();
  const db = fresh();
  cpSync(path.join(bundle, `bundled/${ID}.yaml`), path.join(bundle, 'bundled/twin.yaml'));
  expect(labErrorOf(() => seed(db, bundle)).message).toContain('twin.yaml');
  rmSync(path.join(bundle, 'bundled/twin.yaml'));
  seed(db, bundle);
  cpSync(path.join(bundle, `bundled/${ID}.yaml`), path.join(bundle, 'bundled/twin.yaml'));
  expect(labErrorOf(() => seed(db, bundle)).kind).toBe('bad-profile');
  db.close();
});

test('a bundle that is not there is said to be missing', () => {
  const db = fresh();
  expect(labErrorOf(() => seed(db, path.join(temporaryFolder(), 'nowhere'))).kind).toBe('missing');
  db.close();
});

test('a disk that fills up while the bundle is taken in leaves the database as it was', () => {
  const db = fresh();
  const bundle = smallBundle();
  seed(db, bundle);
  const before = dump(db);
  const pages = Number(db.pragma('page_count', { simple: true }));
  db.pragma(`max_page_count = ${pages + 4}`);
  const error = labErrorOf(() => guarded(db.name, () => seed(db, bundleFolder())));
  expect(error.kind).toBe('disk-full');
  expect(error.message).toContain('everything before it is kept');
  expect(dump(db)).toEqual(before);
  db.pragma('max_page_count = 100000');
  expect(seed(db, bundleFolder()).taken.length).toBeGreaterThan(10);
  db.close();
});
