import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundleForChild, type Bundled } from '../test/bundleForChild.ts';
import { rejectionOf } from '../test/testMeters.ts';
import { temporaryFolder } from '../test/temporaryFolder.ts';
import { runImport, type ImportOptions } from './importProcess.ts';

let worker: Bundled;
beforeAll(async () => {
  worker = await bundleForChild('electron/importers/importWorker.ts');
});
afterAll(() => worker.remove());

const run = (files: string[], options: Partial<ImportOptions> = {}): Promise<unknown> =>
  runImport('fingerprint', { files }, { badContent: 'bad-workload', workerFile: worker.file, ...options });

test('a job is done in a process of its own, and tells how far it is', async () => {
  const file = path.join(temporaryFolder(), 'some.bin');
  writeFileSync(file, Buffer.alloc(3_000_000, 7));
  const told: string[] = [];
  const found = await run([file], { onProgress: ({ what }) => told.push(what) });
  const sha256 = createHash('sha256').update(Buffer.alloc(3_000_000, 7)).digest('hex');
  expect(found).toEqual([{ name: 'some.bin', bytes: 3_000_000, sha256 }]);
  expect(told).toContain('reading some.bin');
});

test('what the job throws arrives as it is', async () => {
  const error = await rejectionOf(run([path.join(temporaryFolder(), 'gone.csv')]));
  expect(error).toMatchObject({
    kind: 'file-not-readable',
    message: expect.stringContaining('is not there') as string,
  });
});

test('a folder is no file', async () => {
  expect((await rejectionOf(run([temporaryFolder()]))).message).toContain('is a folder');
});

test('it can be stopped before and while it runs', async () => {
  const file = path.join(temporaryFolder(), 'large.bin');
  writeFileSync(file, Buffer.alloc(50_000_000));
  const stop = new AbortController();
  const error = await rejectionOf(run([file], { signal: stop.signal, onProgress: () => stop.abort() }));
  expect(error.kind).toBe('interrupted');
  expect((await rejectionOf(run([file], { signal: AbortSignal.abort() }))).kind).toBe('interrupted');
});

test('a process that dies is an error with a sentence', async () => {
  const workerFile = path.join(temporaryFolder(), 'worker.mjs');
  writeFileSync(
    workerFile,
    "process.once('message', () => { console.error('Fatal: no more'); process.exit(9); });",
  );
  const error = await rejectionOf(run([], { workerFile }));
  expect(error).toMatchObject({
    kind: 'bad-workload',
    message: expect.stringContaining('code 9 and said: Fatal: no more') as string,
  });
});

test('without its worker nothing is started', async () => {
  expect((await rejectionOf(run([], { workerFile: '/nowhere.mjs' }))).kind).toBe('missing');
});
