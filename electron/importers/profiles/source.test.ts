import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../test/temporaryFolder.ts';
import { memorySource, openSource, type SourceWatch } from './source.ts';

const watch = (): SourceWatch => ({ signal: new AbortController().signal, progress: () => {} });

function fileOf(content: string | Uint8Array, name = 'table.csv'): string {
  const file = path.join(temporaryFolder(), name);
  writeFileSync(file, content);
  return file;
}

test('a source knows its name, size and hash, and reads its text', async () => {
  const source = await openSource(fileOf('abc'), watch());
  expect(source.file).toEqual({
    name: 'table.csv',
    bytes: 3,
    // The example of FIPS 180-2.
    sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  });
  expect(source.head).toEqual({ text: 'abc', whole: true, binary: null, encoding: 'utf-8' });
  expect(await source.text()).toBe('abc');
});

const TEXT = 'Energie (J),Größe\n1,µ\n';
test.each([
  ['UTF-8', Buffer.from(TEXT), 'utf-8'],
  ['UTF-8 with a mark', Buffer.from(`\uFEFF${TEXT}`), 'utf-8'],
  ['UTF-16 LE', Buffer.from(`\uFEFF${TEXT}`, 'utf16le'), 'utf-16le'],
  ['UTF-16 LE without a mark', Buffer.from(TEXT.replace('µ', 'u'), 'utf16le'), 'utf-16le'],
  ['UTF-16 BE', Buffer.from(`\uFEFF${TEXT}`, 'utf16le').swap16(), 'utf-16be'],
  ['Windows-1252', Buffer.from(TEXT, 'latin1'), 'windows-1252'],
])('%s is read', async (_name, bytes, encoding) => {
  const source = await openSource(fileOf(bytes), watch());
  expect(source.head.encoding).toBe(encoding);
  expect((await source.text()).replace('1,u', '1,µ')).toBe(TEXT);
  expect(source.head.text.replace('1,u', '1,µ')).toBe(TEXT);
});

test.each([
  ['parquet', Buffer.from('PAR1....')],
  ['zip', Buffer.from('PK\x03\x04....')],
  ['gzip', Buffer.from([0x1f, 0x8b, 8, 0])],
  ['other', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0])],
] as const)('%s is told by its first bytes', async (binary, bytes) => {
  expect((await openSource(fileOf(bytes), watch())).head).toMatchObject({ binary, text: '' });
});

test('what is not there, a folder, an empty file and a pipe are refused with a sentence', async () => {
  const folder = temporaryFolder();
  await expect(openSource(path.join(folder, 'gone.csv'), watch())).rejects.toMatchObject({
    kind: 'file-not-readable',
    message: 'gone.csv cannot be read: there is no such file.',
  });
  mkdirSync(path.join(folder, 'folder'));
  await expect(openSource(path.join(folder, 'folder'), watch())).rejects.toMatchObject({
    kind: 'file-not-readable',
  });
  await expect(openSource(fileOf(''), watch())).rejects.toMatchObject({ kind: 'bad-profile' });
  await expect(openSource('/dev/null', watch())).rejects.toMatchObject({ kind: 'file-not-readable' });
});

test('a file that is larger than asked for is refused, and reading can be stopped', async () => {
  const source = await openSource(fileOf('x'.repeat(100)), watch());
  await expect(source.text(10)).rejects.toMatchObject({ kind: 'bad-profile' });
  const controller = new AbortController();
  controller.abort();
  await expect(
    openSource(fileOf('abc'), { signal: controller.signal, progress: () => {} }),
  ).rejects.toMatchObject({
    kind: 'interrupted',
  });
});

test('a source in memory is like one on disk', async () => {
  const memory = memorySource('table.csv', TEXT);
  const disk = await openSource(fileOf(TEXT), watch());
  expect([memory.file, memory.head, await memory.text()]).toEqual([disk.file, disk.head, await disk.text()]);
});
