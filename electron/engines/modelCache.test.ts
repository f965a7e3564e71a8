import { existsSync, mkdirSync, readdirSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { parseSynthetic } from '#core/modelShapes';
import { smallModel } from '../test/smallModel.ts';
import { temporaryFolder } from '../test/temporaryFolder.ts';
import { listCachedModels, removeCachedModel, wholeName } from './modelCache.ts';
import { ensureSynthetic } from './syntheticModel.ts';

const { signal } = new AbortController();

test('a folder that is not there holds nothing', () => {
  expect(listCachedModels(path.join(temporaryFolder(), 'none'))).toEqual([]);
});

test('the files that were made are listed with what they are; others are not', async () => {
  const folder = temporaryFolder();
  const file = await ensureSynthetic(parseSynthetic('synthetic:tiny'), folder, { signal });
  writeFileSync(path.join(folder, 'mine.gguf'), 'mine');
  writeFileSync(path.join(folder, 'synthetic-notes.txt'), 'notes');
  mkdirSync(path.join(folder, 'synthetic-folder.gguf'));
  expect(listCachedModels(folder)).toEqual([
    {
      name: 'synthetic-tiny-Q8_0-v1',
      model: 'synthetic:tiny:Q8_0',
      file,
      bytes: statSync(file).size,
      madeAt: statSync(file).mtime.toISOString(),
      complete: true,
    },
  ]);
});

test('what an interrupted program left, and what was cut, is shown as half-made', async () => {
  const folder = temporaryFolder();
  const file = await ensureSynthetic(parseSynthetic('synthetic:tiny'), folder, { signal });
  const partial = `${file}.77.partial`;
  writeFileSync(partial, 'half');
  truncateSync(file, 1000);
  expect(listCachedModels(folder)).toMatchObject([
    { name: 'synthetic-tiny-Q8_0-v1', bytes: 1000, complete: false },
    {
      name: 'synthetic-tiny-Q8_0-v1.gguf.77.partial',
      model: 'synthetic:tiny:Q8_0',
      bytes: 4,
      complete: false,
    },
  ]);
  expect(wholeName(partial)).toBe(wholeName(file));
});

test('a shape that this version does not know is listed all the same', async () => {
  const folder = temporaryFolder();
  await ensureSynthetic(smallModel('F16'), folder, { signal });
  expect(listCachedModels(folder)).toMatchObject([
    { name: 'synthetic-small-F16-v1', model: null, complete: true },
  ]);
});

test('a file is removed, and one that is gone already is no failure', async () => {
  const folder = temporaryFolder();
  const file = path.join(folder, 'synthetic-tiny-Q8_0-v1.gguf');
  writeFileSync(file, '');
  await removeCachedModel(file, '');
  await removeCachedModel(file, '');
  expect(existsSync(file)).toBe(false);
  expect(readdirSync(folder)).toEqual([]);
});
