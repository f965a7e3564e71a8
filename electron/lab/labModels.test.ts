import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { LabError } from '#core/errors';
import { parseRunRequest } from '#core/runRequest';
import { temporaryFolder } from '../test/temporaryFolder.ts';
import { createLabModels, modelFolderOf, type LabModels } from './labModels.ts';

const FILES = [
  'mine.gguf',
  'synthetic-llama-2-7b-F16-v1.gguf.12.partial',
  'synthetic-tiny-F16-v1.gguf',
  'synthetic-tiny-Q8_0-v1.gguf',
  'synthetic-tiny-Q8_0-v1.gguf.77.partial',
];

function models(request?: object): { models: LabModels; left: () => string[] } {
  const dataFolder = temporaryFolder();
  const folder = modelFolderOf(dataFolder);
  mkdirSync(folder);
  for (const name of FILES) writeFileSync(path.join(folder, name), '0123456789');
  return {
    models: createLabModels({
      dataFolder,
      underWay: () =>
        request && parseRunRequest('model' in request ? { ...request, model: at(request, folder) } : request),
      mayWrite: () => {},
    }),
    left: () => readdirSync(folder).sort(),
  };
}

const at = ({ model }: { model?: unknown }, folder: string): string =>
  String(model).replace('FOLDER', folder);

test('the list adds up, and nothing is in use without a run', () => {
  const { models: cache } = models();
  const { models: list, bytes } = cache.list();
  expect(list).toHaveLength(4);
  expect(bytes).toBe(40);
  expect(list.every(({ inUse }) => !inUse)).toBe(true);
});

test.each([
  ['a name of the list', 'synthetic-tiny-F16-v1', ['synthetic-tiny-F16-v1.gguf']],
  ['a file', 'synthetic-tiny-F16-v1.gguf', ['synthetic-tiny-F16-v1.gguf']],
  ['a model with its quantisation, half-made ones too', 'synthetic:tiny:q8_0', FILES.slice(3)],
  ['a model in its usual quantisation', 'synthetic:tiny', FILES.slice(3)],
  ['a half-made file', 'synthetic-llama-2-7b-F16-v1.gguf.12.partial', [FILES[1]]],
])('%s names what is removed', async (_, name, gone) => {
  const { models: cache, left } = models();
  const { removed, freedBytes } = await cache.remove([name]);
  expect(left()).toEqual(FILES.filter((file) => !gone.includes(file)));
  expect(freedBytes).toBe(10 * gone.length);
  expect(removed).toHaveLength(gone.length);
});

test('a name that is not there removes nothing and tells the nearest', async () => {
  const { models: cache, left } = models();
  const failure = cache.remove(['synthetic-tiny-F16-v1', 'synthetic-tiny-F32-v1']);
  await expect(failure).rejects.toMatchObject({
    kind: 'bad-model',
    hint: expect.stringContaining('Did you mean synthetic-tiny-F16-v1') as string,
  });
  expect(left()).toEqual(FILES);
  await expect(cache.remove(['mine'])).rejects.toBeInstanceOf(LabError);
});

test('all of them are removed when none is named; other files stay', async () => {
  const { models: cache, left } = models();
  expect(await cache.remove()).toMatchObject({ kept: [], freedBytes: 40 });
  expect(left()).toEqual(['mine.gguf']);
  expect(await cache.remove()).toEqual({ removed: [], kept: [], freedBytes: 0 });
});

test.each([
  ['made-up weights', { model: 'synthetic:tiny' }],
  ['the file by its path', { model: 'FOLDER/synthetic-tiny-Q8_0-v1.gguf' }],
])('what the run under way works with is kept: %s', async (_, request) => {
  const { models: cache, left } = models(request);
  expect(cache.list().models.filter(({ inUse }) => inUse)).toHaveLength(2);
  const refused = cache.remove(['synthetic-tiny-F16-v1', 'synthetic-tiny-Q8_0-v1']);
  await expect(refused).rejects.toMatchObject({ kind: 'bad-setting' });
  expect(left()).toEqual(FILES);
  expect((await cache.remove()).kept).toHaveLength(2);
  expect(left()).toEqual(['mine.gguf', ...FILES.slice(3)]);
});

test('a server’s model is none of these', async () => {
  const { models: cache } = models({ engine: 'ollama', model: 'synthetic:tiny' });
  expect((await cache.remove()).kept).toEqual([]);
});
