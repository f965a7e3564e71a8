import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parseSynthetic } from '#core/modelShapes';
import { ensureSynthetic } from '../engines/syntheticModel.ts';
import { takeWriterLock } from '../store/lock.ts';
import { runCli, runJson } from '../test/runCli.ts';
import { temporaryFolder } from '../test/temporaryFolder.ts';

async function folderWithModels(): Promise<{ data: string[]; folder: string; models: string; file: string }> {
  const folder = temporaryFolder();
  const models = path.join(folder, 'models');
  mkdirSync(models);
  const { signal } = new AbortController();
  const file = await ensureSynthetic(parseSynthetic('synthetic:tiny'), models, { signal });
  writeFileSync(`${file}.77.partial`, 'half');
  return { data: ['--data', folder], folder, models, file };
}

test('models list tells what was made, whole and half-made, and the room that it takes', async () => {
  const { data, file } = await folderWithModels();
  const { size } = statSync(file);
  const { code, json } = await runJson(['models', 'list', ...data]);
  expect(code).toBe(0);
  expect(json).toMatchObject({
    models: [
      { name: 'synthetic-tiny-Q8_0-v1', file, bytes: size, complete: true, inUse: false },
      { bytes: 4, complete: false },
    ],
    bytes: size + 4,
  });
  const { out } = await runCli(['models', 'list', ...data]);
  expect(out).toContain('half-made, not used');
  expect(out).toContain('2 files, 21.7 MB.');
  for (const line of out.split('\n')) expect([...line].length, line).toBeLessThanOrEqual(100);
});

test('models remove and clear remove, and say what became free', async () => {
  const { data, models, file } = await folderWithModels();
  writeFileSync(path.join(models, 'mine.gguf'), 'mine');
  const one = await runJson(['models', 'remove', `${path.basename(file)}.77.partial`, ...data]);
  expect(one).toMatchObject({ code: 0, json: { freedBytes: 4, kept: [] } });
  const { code, out } = await runCli(['models', 'clear', ...data]);
  expect(code).toBe(0);
  expect(out).toBe('Removed synthetic-tiny-Q8_0-v1: 21.7 MB are free again.\n');
  expect(readdirSync(models)).toEqual(['mine.gguf']);
  expect((await runCli(['models', 'clear', ...data])).out).toBe('Nothing was removed.\n');
  expect((await runCli(['models', 'list', ...data])).out).toMatch(/^No weights were made yet/);
});

test('several names are several files, and a wrong one is answered as bad input', async () => {
  const { data, models } = await folderWithModels();
  const wrong = await runJson(['models', 'remove', 'synthetic-tiny-Q8_0-v1', 'none', ...data]);
  expect(wrong).toMatchObject({ code: 3, json: { error: { kind: 'bad-model' } } });
  expect(readdirSync(models)).toHaveLength(2);
  expect((await runCli(['models', 'remove', ...data])).code).toBe(2);
});

test('nothing is removed while another program measures in the folder', async () => {
  const { data, folder, models } = await folderWithModels();
  await runCli(['profiles', 'list', ...data]);
  const lock = takeWriterLock(folder, 'window');
  onTestFinished(() => lock.release());
  expect((await runJson(['models', 'list', ...data])).code).toBe(0);
  const refused = await runJson(['models', 'clear', ...data]);
  expect(refused).toMatchObject({ code: 4, json: { error: { kind: 'database-in-use' } } });
  expect(readdirSync(models)).toHaveLength(2);
});
