import path from 'node:path';
import { writeFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { queryFault, type EngineKind } from '#core/engine';
import { bundleForChild } from '../test/bundleForChild.ts';
import { temporaryFolder } from '../test/temporaryFolder.ts';
import { estimateModel, openEngine } from './choose.ts';

const { signal } = new AbortController();

test('made-up weights are made, checked, loaded and run, from nothing', async () => {
  const worker = await bundleForChild('electron/engines/embeddedWorker.ts');
  onTestFinished(worker.remove);
  const seen = new Set<string>();
  const engine = await openEngine({
    engine: 'embedded',
    model: 'synthetic:tiny',
    cacheFolder: path.join(temporaryFolder(), 'models'),
    threads: 1,
    signal,
    workerFile: worker.file,
    onProgress: ({ what }) => seen.add(what),
  });
  onTestFinished(() => engine.close());
  expect(engine.info.model).toMatchObject({
    id: 'tiny',
    name: 'Tiny Q8_0 (made-up weights)',
    quantisation: 'Q8_0',
    parameters: 19_597_568,
    synthetic: true,
  });
  expect([...seen].sort()).toEqual(['hashing', 'loading', 'making']);
  expect(queryFault(await engine.query(32, 8, { seed: 1, signal }), 32, 8)).toBeUndefined();
});

test('a size is told without making anything', () => {
  expect(estimateModel('synthetic:llama-2-7b')).toEqual({
    name: 'Llama 2 7B F16 (made-up weights)',
    parameters: 6_738_415_616,
    bytes: expect.closeTo(13.48e9, -7) as number,
  });
  expect(() => estimateModel('synthetic:none')).toThrow('There is no made-up model "synthetic:none"');
});

test.each([
  ['embedded', 'synthetic:none', 'bad-model'],
  ['embedded', 'synthetic:tiny:Q9', 'bad-setting'],
  ['embedded', '/nowhere/model.gguf', 'file-not-readable'],
  ['steam' as EngineKind, 'synthetic:tiny', 'bad-setting'],
] as const)('%s with %s is refused as %s', async (engine, model, kind) => {
  const refused = openEngine({ engine, model, cacheFolder: temporaryFolder(), signal });
  await expect(refused).rejects.toMatchObject({ kind });
});

test('a file that is no model is refused before a process is started', async () => {
  const model = path.join(temporaryFolder(), 'notes.gguf');
  writeFileSync(model, 'notes');
  const refused = openEngine({ engine: 'embedded', model, cacheFolder: '', signal, workerFile: '/nowhere' });
  await expect(refused).rejects.toMatchObject({ kind: 'bad-model' });
});
