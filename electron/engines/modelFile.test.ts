import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../test/temporaryFolder.ts';
import { checkModelFile } from './modelFile.ts';

function written(bytes: Buffer): string {
  const file = path.join(temporaryFolder(), 'model.gguf');
  writeFileSync(file, bytes);
  return file;
}
const gguf = (version: number) =>
  Buffer.from([...Buffer.from('GGUF'), version, 0, 0, 0, ...Buffer.alloc(92)]);
const memory = (available: number, total: number) => () => ({ available, total });

test('a GGUF file that fits is taken', async () => {
  expect(await checkModelFile(written(gguf(3)), memory(100, 100))).toBe(100);
});

test.each([
  ['text', Buffer.from('this is no model at all')],
  ['an empty file', Buffer.alloc(0)],
  ['a cut one', Buffer.from('GG')],
])('%s is not a model', async (_, bytes) => {
  const file = written(bytes);
  await expect(checkModelFile(file)).rejects.toMatchObject({
    kind: 'bad-model',
    message: `${file} is not a GGUF model. Nothing was loaded.`,
  });
});

test.each([0, 1, 4])('version %i is refused', async (version) => {
  await expect(checkModelFile(written(gguf(version)))).rejects.toMatchObject({ kind: 'bad-model' });
});

test('a model that this computer could hold asks for other programs to be closed', async () => {
  await expect(checkModelFile(written(gguf(3)), memory(99, 200))).rejects.toMatchObject({
    kind: 'bad-model',
    hint: 'Close other programs, or choose a smaller model or quantisation.',
  });
});

test('a model that it could never hold asks for a smaller one', async () => {
  await expect(checkModelFile(written(gguf(3)), memory(50, 99))).rejects.toMatchObject({
    kind: 'bad-model',
    hint: 'Choose a smaller model or a smaller quantisation, such as Q4_0.',
  });
});

test('a file that is not there cannot be read', async () => {
  await expect(checkModelFile('/nowhere/model.gguf')).rejects.toMatchObject({ kind: 'file-not-readable' });
});
