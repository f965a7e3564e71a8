import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { LabError } from '#core/errors';
import { MODEL_SHAPES, QUANTISATIONS } from '#core/modelShapes';
import { smallModel } from '../test/smallModel.ts';
import { temporaryFolder } from '../test/temporaryFolder.ts';
import { ensureSynthetic, estimateSynthetic } from './syntheticModel.ts';

const { signal } = new AbortController();
const hashOf = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');

test.each(QUANTISATIONS)('a %s file has the estimated size and says how far it is', async (quantisation) => {
  const folder = path.join(temporaryFolder(), 'models');
  const fractions: number[] = [];
  const model = smallModel(quantisation);
  const file = await ensureSynthetic(model, folder, {
    signal,
    onProgress: (fraction) => fractions.push(fraction),
  });
  expect(statSync(file).size).toBe(estimateSynthetic(model).bytes);
  expect(fractions.at(-1)).toBe(1);
  expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
  expect(readdirSync(folder)).toEqual([path.basename(file)]);
});

test('the same seed gives the same file, another seed another', async () => {
  const [one, again, other] = [temporaryFolder(), temporaryFolder(), temporaryFolder()];
  const model = smallModel('Q4_0');
  const first = hashOf(await ensureSynthetic(model, one, { signal }));
  expect(hashOf(await ensureSynthetic(model, again, { signal }))).toBe(first);
  expect(hashOf(await ensureSynthetic(model, other, { signal, seed: 2 }))).not.toBe(first);
});

test('a file that is there is used again; one of another size is made anew', async () => {
  const folder = temporaryFolder();
  const model = smallModel('F16');
  const file = await ensureSynthetic(model, folder, { signal });
  const made = statSync(file).mtimeMs;
  await ensureSynthetic(model, folder, { signal, freeBytes: () => Promise.resolve(0) });
  expect(statSync(file).mtimeMs).toBe(made);
  writeFileSync(file, 'cut');
  await ensureSynthetic(model, folder, { signal });
  expect(statSync(file).size).toBe(estimateSynthetic(model).bytes);
});

test('too little free disk is said before anything is written', async () => {
  const folder = temporaryFolder();
  const model = { shape: MODEL_SHAPES['llama-2-7b'], quantisation: 'F16' } as const;
  const failure = ensureSynthetic(model, folder, { signal, freeBytes: () => Promise.resolve(2e9) });
  await expect(failure).rejects.toMatchObject({
    kind: 'disk-full',
    message: `The model takes 13.5 GB and the disk with ${folder} has 2.00 GB free. Nothing was written.`,
  });
  expect(readdirSync(folder)).toEqual([]);
});

test('an abort half-way leaves nothing behind', async () => {
  const folder = temporaryFolder();
  const controller = new AbortController();
  const making = ensureSynthetic(smallModel('Q8_0'), folder, {
    signal: controller.signal,
    onProgress: () => controller.abort(),
  });
  await expect(making).rejects.toMatchObject({ kind: 'interrupted' });
  expect(readdirSync(folder)).toEqual([]);
});

test('a folder that cannot be made has its sentence', async () => {
  const file = path.join(temporaryFolder(), 'file');
  writeFileSync(file, '');
  const failure = ensureSynthetic(smallModel('Q8_0'), path.join(file, 'models'), { signal });
  await expect(failure).rejects.toBeInstanceOf(LabError);
  await expect(failure).rejects.toMatchObject({ kind: 'file-not-writable' });
});
