import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { openLab } from '../lab.ts';
import { bundleForChild, type Bundled } from '../test/bundleForChild.ts';
import { temporaryFolder } from '../test/temporaryFolder.ts';
import { rejectionOf } from '../test/testMeters.ts';
import { labErrorOf } from '../test/thrown.ts';
import { hasWriter, takeWriterLock } from './lock.ts';

let program: Bundled;
beforeAll(async () => {
  program = await bundleForChild('electron/test/holdLab.ts');
});
afterAll(() => program.remove());

/** Starts another program that has the lab open, and waits until it says so. */
async function startWriter(folder: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [program.file, folder], { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return child;
}

const options = { program: 'command line', version: 'test' } as const;

test('one folder has one writer, and the second is told who the first is', () => {
  const folder = path.join(temporaryFolder(), 'new');
  const lock = takeWriterLock(folder, 'window');
  const error = labErrorOf(() => takeWriterLock(folder, 'command line', 0));
  expect(error.kind).toBe('database-in-use');
  expect(error.message).toBe(
    `The data folder ${folder} is in use by Crossover's window (process ${process.pid}). Nothing was changed.`,
  );
  expect(error.hint).toContain('--data');
  lock.release();
  lock.release();
  expect(existsSync(path.join(folder, 'writer.json'))).toBe(false);
  takeWriterLock(folder, 'command line', 0).release();
});

test('who has the right is told as far as it is known', () => {
  const folder = temporaryFolder();
  const lock = takeWriterLock(folder, 'command line');
  expect(labErrorOf(() => takeWriterLock(folder, 'window', 0)).message).toContain('a crossover command');
  writeFileSync(path.join(folder, 'writer.json'), '{"pid":');
  expect(labErrorOf(() => takeWriterLock(folder, 'window', 0)).message).toContain('another Crossover');
  lock.release();
});

test('whether somebody may write is seen without writing and without taking the right', () => {
  const folder = path.join(temporaryFolder(), 'new');
  expect(hasWriter(folder)).toBe(false);
  expect(existsSync(folder)).toBe(false);
  const lock = takeWriterLock(folder, 'window');
  expect(hasWriter(folder)).toBe(true);
  lock.release();
  const before = readdirSync(folder);
  expect(hasWriter(folder)).toBe(false);
  expect(readdirSync(folder)).toEqual(before);
  takeWriterLock(folder, 'window', 0).release();
});

test('a lock that nobody refers to any more is held all the same', () => {
  const folder = temporaryFolder();
  takeWriterLock(folder, 'window');
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  expect(labErrorOf(() => takeWriterLock(folder, 'command line', 0)).kind).toBe('database-in-use');
});

test('two folders have two writers', () => {
  const locks = [takeWriterLock(temporaryFolder(), 'window'), takeWriterLock(temporaryFolder(), 'window')];
  for (const lock of locks) lock.release();
});

test('a note that cannot be left is no reason to refuse', () => {
  const folder = temporaryFolder();
  mkdirSync(path.join(folder, 'writer.json'));
  takeWriterLock(folder, 'window').release();
  takeWriterLock(folder, 'window').release();
});

test('while another program writes, a second writer is refused and a reader goes on', async () => {
  const folder = temporaryFolder();
  const writer = await startWriter(folder);
  const error = labErrorOf(() => openLab({ ...options, dataFolder: folder }));
  expect(error.kind).toBe('database-in-use');
  expect(error.message).toContain(`Crossover's window (process ${writer.pid})`);

  expect(hasWriter(folder)).toBe(true);
  const reader = openLab({ ...options, dataFolder: folder, readonly: true });
  expect(reader.listProfiles()).toHaveLength(19);
  expect(
    await rejectionOf(
      reader.saveStudy({
        small: 'm1-pro.llama-2-7b.sweeps',
        large: 'swing-a100.llama-2-7b.sweeps',
        workload: 'gsm8k',
      }),
    ),
  ).toMatchObject({ kind: 'database-read-only' });
  reader.close();
});

test('a writer that is killed leaves the folder free and whole', async () => {
  const folder = temporaryFolder();
  const writer = await startWriter(folder);
  const ended = once(writer, 'exit');
  writer.kill('SIGKILL');
  await ended;
  expect(hasWriter(folder)).toBe(false);
  const lab = openLab({ ...options, dataFolder: folder });
  expect(lab.listProfiles()).toHaveLength(19);
  lab.close();
});

test('a reader does not keep a writer out', () => {
  const folder = temporaryFolder();
  const reader = openLab({ ...options, dataFolder: folder, readonly: true });
  const writer = openLab({ ...options, dataFolder: folder });
  writer.savePreferences({ theme: 'dark', place: 'start' });
  expect(reader.loadPreferences().theme).toBe('dark');
  expect(labErrorOf(() => reader.savePreferences({ theme: 'light', place: 'start' })).kind).toBe(
    'database-read-only',
  );
  writer.close();
  reader.close();
});
