import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { openLab } from '../lab.ts';
import { openForWriting } from '../store/database.ts';
import { takeWriterLock } from '../store/lock.ts';
import { createRun, findRun } from '../store/runs.ts';
import { bundleForChild, type Bundled } from '../test/bundleForChild.ts';
import { madeRun } from '../test/madeRun.ts';
import { temporaryFolder } from '../test/temporaryFolder.ts';

const options = { program: 'command line', version: 'test' } as const;

let program: Bundled;
beforeAll(async () => {
  program = await bundleForChild('electron/test/holdLab.ts');
});
afterAll(() => program.remove());

/** A data folder with a run that is stored as running, which nothing carries out any more. */
function folderWithDeadRun(): { folder: string; id: string } {
  const folder = temporaryFolder();
  openLab({ ...options, dataFolder: folder }).close();
  const db = openForWriting(folder);
  const run = madeRun();
  createRun(db, run);
  db.close();
  return { folder, id: run.id };
}

test('a run whose program died reads as interrupted, and nothing is written for it', () => {
  const { folder, id } = folderWithDeadRun();
  const lab = openLab({ ...options, dataFolder: folder, readonly: true });
  expect(lab.runs.list()).toMatchObject([{ id, state: 'interrupted' }]);
  expect(lab.runs.show(id).run.state).toBe('interrupted');
  expect(JSON.parse(lab.runs.exportText(id, 'json'))).toMatchObject({ run: { state: 'interrupted' } });
  lab.close();
  const db = openForWriting(folder);
  expect(findRun(db, id)?.state).toBe('running');
  db.close();
});

test('a run that another program carries out reads as running', () => {
  const { folder, id } = folderWithDeadRun();
  const lock = takeWriterLock(folder, 'command line');
  const lab = openLab({ ...options, dataFolder: folder, readonly: true });
  expect(lab.runs.list()).toMatchObject([{ id, state: 'running' }]);
  lock.release();
  expect(lab.runs.list()).toMatchObject([{ id, state: 'interrupted' }]);
  lab.close();
});

test('whoever opens the lab for writing finds the runs of a dead program interrupted, and everyone after', async () => {
  const { folder, id } = folderWithDeadRun();
  const writer = spawn(process.execPath, [program.file, folder], { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => void writer.kill('SIGKILL'));
  await once(writer.stdout, 'data');
  // The writer is alive, but it does not carry out this run: it has found it dead.
  const reader = openLab({ ...options, dataFolder: folder, readonly: true });
  expect(reader.runs.list()).toMatchObject([{ id, state: 'interrupted' }]);
  reader.close();
  const ended = once(writer, 'exit');
  writer.kill('SIGKILL');
  await ended;
  const db = openForWriting(folder);
  expect(findRun(db, id)?.state).toBe('interrupted');
  db.close();
});
