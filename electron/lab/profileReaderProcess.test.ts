import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { PLAIN_LOCALE } from '#core/format';
import { bundleForChild, type Bundled } from '../test/bundleForChild.ts';
import { bundledProfile } from '../test/bundled.ts';
import { paperTableText } from '../test/importFixtures.ts';
import { temporaryFolder } from '../test/temporaryFolder.ts';
import { rejectionOf } from '../test/testMeters.ts';
import { profileReader, type DiagnosisRequest, type ProfileReader } from './profileReader.ts';
import { profileReaderProcess } from './profileReaderProcess.ts';

let worker: Bundled;
beforeAll(async () => {
  worker = await bundleForChild('electron/lab/profileReaderWorker.ts');
});
afterAll(() => worker.remove());

function reader(file = worker.file): ProfileReader {
  const made = profileReaderProcess(file);
  onTestFinished(() => made.forget());
  return made;
}
function asked(content: string, changes: Partial<DiagnosisRequest> = {}): DiagnosisRequest {
  const file = path.join(temporaryFolder(), 'trials.csv');
  writeFileSync(file, content);
  return {
    files: [file],
    options: {},
    stored: [bundledProfile('m1-pro.llama-2-7b.sweeps')],
    mappings: {},
    numbers: PLAIN_LOCALE,
    ...changes,
  };
}
/** A process of the test's own in place of the reader. */
function standIn(script: string): string {
  const file = path.join(temporaryFolder(), 'reader.mjs');
  writeFileSync(file, script);
  return file;
}
const isThere = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

test('another process finds what this one does, and keeps what it read for the next correction', async () => {
  const apart = reader();
  const request = asked(paperTableText());
  const told: number[] = [];
  const progress = (fraction: number): void => void told.push(fraction);
  const first = await apart.diagnose(request, { progress });
  expect(first).toEqual(await profileReader().diagnose(request, {}));
  expect(told.at(-1)).toBe(1);

  told.length = 0;
  const corrected = { ...request, options: { warmUp: 'none', batch: 'divide' } } as const;
  const second = await apart.diagnose(corrected, { progress });
  expect(told).toEqual([]);
  expect(second.diagnosis.cells[0]!.trials).toBe(first.diagnosis.cells[0]!.trials + 1);
  expect(second).toEqual(await profileReader().diagnose(corrected, {}));
});

test('a mapping that was saved for these columns is used there too', async () => {
  const request = asked('a,b,c,d\n8,32,100,1\n8,32,101,1.1\n8,32,102,1.2\n');
  const apart = reader();
  const [table] = (await apart.diagnose(request, {})).tables;
  const mapping = { a: { role: 'input-tokens' }, b: { role: 'output-tokens' } } as const;
  const { diagnosis, options } = await apart.diagnose(
    { ...request, mappings: { [table!.signature]: mapping } },
    {},
  );
  expect(options.columns).toEqual(mapping);
  expect(diagnosis.findings.map(({ kind }) => kind)).toContain('saved-mapping');
});

test('what is wrong with a file arrives as it is', async () => {
  const apart = reader();
  const error = await rejectionOf(apart.diagnose(asked('\n'), {}));
  const here = await rejectionOf(profileReader().diagnose(asked('\n'), {}));
  expect(error).toMatchObject({ kind: here.kind, message: here.message, hint: here.hint });
  const gone = await rejectionOf(apart.diagnose({ ...asked(''), files: ['/nowhere/x.csv'] }, {}));
  expect(gone).toMatchObject({ kind: 'file-not-readable' });
});

test('stopping while files are read ends the process, and the next diagnosis has one of its own', async () => {
  const pids = path.join(temporaryFolder(), 'pids');
  const apart = reader(
    standIn(`
      import { appendFileSync } from 'node:fs';
      process.on('message', ({ number, request }) => {
        appendFileSync(${JSON.stringify(pids)}, process.pid + '\\n');
        process.send({ number, kind: 'progress', fraction: 0.5 });
        if (request.files[0] === 'quick') process.send({ number, kind: 'done', value: { quick: true } });
      });
    `),
  );
  const stopper = new AbortController();
  const request = { files: ['slow'], options: {}, stored: [], mappings: {}, numbers: PLAIN_LOCALE };
  const stopped = apart.diagnose(request, { signal: stopper.signal, progress: () => stopper.abort() });
  expect(await rejectionOf(stopped)).toMatchObject({ kind: 'interrupted' });
  expect(await apart.diagnose({ ...request, files: ['quick'] }, {})).toEqual({ quick: true });
  const [first, second] = readFileSync(pids, 'utf8').trim().split('\n').map(Number);
  expect(second).not.toBe(first);
  await vi.waitFor(() => expect(isThere(first!)).toBe(false));
  expect(isThere(second!)).toBe(true);
  apart.forget();
  await vi.waitFor(() => expect(isThere(second!)).toBe(false));
  expect(await rejectionOf(apart.diagnose(request, { signal: AbortSignal.abort() }))).toMatchObject({
    kind: 'interrupted',
  });
});

test('stopping once files are read leaves them there for the next diagnosis', async () => {
  const apart = reader(
    standIn(`
      let count = 0;
      process.on('message', ({ number }) => {
        count += 1;
        process.send({ number, kind: 'read' });
        if (count > 1) process.send({ number, kind: 'done', value: { count, pid: process.pid } });
      });
    `),
  );
  const stopper = new AbortController();
  const request = { files: ['any'], options: {}, stored: [], mappings: {}, numbers: PLAIN_LOCALE };
  const stopped = apart.diagnose(request, { signal: stopper.signal, onRead: () => stopper.abort() });
  expect(await rejectionOf(stopped)).toMatchObject({ kind: 'interrupted' });
  expect(await apart.diagnose(request, {})).toMatchObject({ count: 2 });
});

test('a process that dies of a file costs the import alone, and says why', async () => {
  const apart = reader(
    standIn(
      `process.on('message', () => { process.stderr.write('FATAL: heap out of memory\\n'); process.exit(7); });`,
    ),
  );
  const error = await rejectionOf(apart.diagnose(asked('x'), {}));
  expect(error.kind).toBe('bad-profile');
  expect(error.message).toContain('needs more memory');
  const other = reader(standIn(`process.on('message', () => process.exit(7));`));
  expect((await rejectionOf(other.diagnose(asked('x'), {}))).message).toContain('ended with code 7');
});

test('a build without the reader says so', async () => {
  const error = await rejectionOf(reader('/nowhere/reader.js').diagnose(asked('x'), {}));
  expect(error).toMatchObject({ kind: 'missing', hint: expect.stringContaining('npm run build') as string });
});
