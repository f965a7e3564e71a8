import { renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { calledRecent, folderOf, MOST_RECENT_FILES } from '#core/recentFile';
import { openLab, type Lab } from '../lab.ts';
import { temporaryFolder } from '../test/temporaryFolder.ts';
import { labErrorOf } from '../test/thrown.ts';

function open(dataFolder = temporaryFolder()): Lab {
  const lab = openLab({ dataFolder, program: 'command line', version: '1.2.3' });
  onTestFinished(() => lab.close());
  return lab;
}

test('the latest come first, each once, ten at the most, also at the next start', () => {
  const dataFolder = temporaryFolder();
  const lab = open(dataFolder);
  expect(lab.recent.list()).toEqual([]);
  for (let i = 1; i <= 12; i++) lab.recent.add([`/data/${i}.csv`], 'profile');
  lab.recent.add(['/data/5.csv'], 'workload');
  lab.recent.add(['/data/log.csv', '/data/requests.csv'], 'profile');
  lab.recent.add([], 'profile');
  lab.close();
  const found = open(dataFolder).recent.list();
  expect(found).toHaveLength(MOST_RECENT_FILES);
  expect(found.slice(0, 3)).toMatchObject([
    { paths: ['/data/log.csv', '/data/requests.csv'], kind: 'profile' },
    { paths: ['/data/5.csv'], kind: 'workload' },
    { paths: ['/data/12.csv'] },
  ]);
  expect(found.map(calledRecent)).not.toContain('3.csv');
  expect([calledRecent(found[0]!), folderOf(found[0]!)]).toEqual(['log.csv and 1 more', '/data']);
});

test('one that is no longer there says so and leaves the list', () => {
  const lab = open();
  const folder = temporaryFolder();
  const [file, other] = [path.join(folder, 'a.csv'), path.join(folder, 'b.csv')];
  writeFileSync(file, 'x');
  writeFileSync(other, 'x');
  lab.recent.add([file, other], 'profile');
  const [{ id } = { id: '' }] = lab.recent.list();
  expect(lab.recent.take(id).paths).toEqual([file, other]);
  renameSync(other, path.join(folder, 'c.csv'));
  expect(labErrorOf(() => lab.recent.take(id))).toMatchObject({
    kind: 'file-not-readable',
    message: `b.csv is no longer in ${folder}, so it was taken off the list of recent files.`,
  });
  expect(lab.recent.list()).toEqual([]);
  expect(labErrorOf(() => lab.recent.take(id)).kind).toBe('file-not-readable');
});

test('the list is cleared', () => {
  const lab = open();
  lab.recent.add(['/x'], 'report');
  lab.recent.clear();
  expect(lab.recent.list()).toEqual([]);
});
