import { execFileSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import * as toolFixtures from '../importers/profiles/formats/fixtures.ts';
import { makeRunBundle } from '../store/runBundle/write.ts';
import { paperTableText } from '../test/importFixtures.ts';
import { fresh, stored } from '../test/madeBundle.ts';
import { temporaryFolder } from '../test/temporaryFolder.ts';
import { recogniseFiles } from './recogniseFiles.ts';

/** Names say nothing, so they have none that does. */
function fileOf(content: string | Uint8Array): string {
  const file = path.join(temporaryFolder(), 'dropped');
  writeFileSync(file, content);
  return file;
}

const filesIn = (folder: string): string[] => readdirSync(folder).map((name) => path.join(folder, name));

describe('profiles', () => {
  const tables: [string, string][] = [
    ['trial table', paperTableText()],
    ['headerless trial table', paperTableText(undefined, { header: false, unit: 'J' })],
    ['unknown table with energies', 'prompt_len,out_len,total_energy_mJ\n8,32,1000\n'],
    ['JSON with energies', '[{"m":8,"n":32,"gpu_energy_j":100.5}]'],
    ['power log', 'timestamp, index, power.draw [W]\n2024/04/02 07:36:20.123, 0, 61.20 W\n'],
  ];
  const fixtures = Object.entries(toolFixtures).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  test.each([...tables, ...fixtures])('%s', async (_name, content) => {
    expect(await recogniseFiles([fileOf(content)])).toBe('profile');
  });

  test('bundled ones', async () => {
    for (const file of filesIn('profiles/bundled'))
      expect(await recogniseFiles([file]), file).toBe('profile');
  });

  test('what nobody knows, too: the doctor says why', async () => {
    expect(await recogniseFiles([fileOf(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 3]))])).toBe('profile');
  });
});

describe('workloads', () => {
  test.each([
    ['Azure trace', 'TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:15:46.68,374,44\n'],
    ['counts', 'input_tokens,output_tokens\n8,32\n'],
    ['texts about energy', '[{"instruction":"How much energy has a joule?","input":"","output":"One."}]'],
    ['chats', '{"messages":[{"role":"user","content":"Save power"}]}\n'],
  ])('%s', async (_name, content) => {
    expect(await recogniseFiles([fileOf(content)])).toBe('workload');
  });

  test('bundled ones', async () => {
    for (const file of filesIn('profiles/workloads'))
      expect(await recogniseFiles([file]), file).toBe('workload');
  });
});

test('a model, and a run with its samples', async () => {
  expect(await recogniseFiles([fileOf('GGUF\u0003\0\0\0')])).toBe('model');
  const db = fresh();
  const { bytes } = makeRunBundle(db, stored(db).id)!;
  db.close();
  expect(await recogniseFiles([fileOf(bytes)])).toBe('runs');
});

test('a bundle of a study, and a damaged file that is called one', async () => {
  const head = Buffer.alloc(64);
  head.write('PK\u0003\u0004', 0, 'latin1');
  head.write('crossover-bundle.json', 30, 'latin1');
  expect(await recogniseFiles([fileOf(head)])).toBe('study');
  const damaged = path.join(temporaryFolder(), 'mine.crossover');
  writeFileSync(damaged, 'cut');
  expect(await recogniseFiles([damaged])).toBe('study');
});

test('a request log and its power log belong together', async () => {
  const requests = fileOf('input_tokens,output_tokens,start,end\n8,32,1,2\n');
  const power = fileOf('timestamp, index, power.draw [W]\n2024/04/02 07:36:20.123, 0, 61.20 W\n');
  expect(await recogniseFiles([requests, power])).toBe('profile');
});

test('a file that is not there, and a folder', async () => {
  await expect(recogniseFiles(['/nowhere/at all'])).rejects.toMatchObject({ kind: 'file-not-readable' });
  await expect(recogniseFiles([temporaryFolder()])).rejects.toMatchObject({ kind: 'file-not-readable' });
});

test('a pipe that nobody writes to is refused, and not waited for', async () => {
  const pipe = path.join(temporaryFolder(), 'pipe');
  execFileSync('mkfifo', [pipe]);
  await expect(recogniseFiles([pipe])).rejects.toMatchObject({ kind: 'file-not-readable' });
});
