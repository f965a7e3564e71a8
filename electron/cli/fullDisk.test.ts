/** Disks that fill, quotas and limits that are reached while a run is under way: real ones, with the program itself. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { RunSummary } from '#core/runSummary';
import type { Trial } from '#core/trial';
import { bundleForChild, type Bundled } from '../test/bundleForChild.ts';
import { temporaryFolder } from '../test/temporaryFolder.ts';
import { SERVED_MODEL, vllmServer } from '../test/vllmServer.ts';

let program: Bundled;
beforeAll(async () => {
  program = await bundleForChild('electron/test/runMain.ts');
});
afterAll(() => program.remove());

/** These disks have less room than a measurement should have. */
const SMALL_DISK = ['--ignore-preflight'];

interface Ended {
  readonly code: number | null;
  readonly json: Record<string, unknown>;
  readonly said: readonly string[];
}

/** Runs a command; `onSaid` gets each line of its progress. @param before words before the program, such as a limit */
async function run(
  args: readonly string[],
  { before = [], onSaid }: { before?: readonly string[]; onSaid?: (line: string) => void } = {},
): Promise<Ended> {
  const [file = '', ...rest] = [...before, process.execPath, program.file, ...args, '--json'];
  const child = spawn(file, rest, { stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const said: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => {
    said.push(line);
    onSaid?.(line);
  });
  const ended = once(child, 'close');
  const out = await text(child.stdout);
  const [code] = (await ended) as [number | null];
  return { code, json: JSON.parse(out) as Record<string, unknown>, said };
}

/** A measurement of queries that cost nothing, so that it is the writing that takes place. */
async function measureArgs(): Promise<string[]> {
  const { url } = await vllmServer();
  return [
    ...['measure', '--engine', 'openai', '--url', url, '--model', SERVED_MODEL, '--meter', 'estimate:15'],
    ...['--sweep', '8,4 16,4 8,8 16,8', '--idle', '0.2', '--target', '0.000001', '--max-trials', '6'],
    ...SMALL_DISK,
  ];
}

const trialsTold = (said: readonly string[]): number =>
  said.filter((line) => /^ {2}trial \d+:/.test(line)).length;

/** Whatever ended it: what it had told of is there, it is found interrupted, and goes on to its end. */
async function expectToGoOn(data: readonly string[], failed: Ended): Promise<void> {
  const { json: list } = await run(['runs', 'list', ...data]);
  const [summary, ...others] = list['runs'] as RunSummary[];
  expect(others).toEqual([]);
  const { id, state } = summary!;
  expect(['failed', 'interrupted']).toContain(state);
  expect(failed.said.at(-1)).toMatch(
    new RegExp(`trials are kept in the run ${id}. To go on: .*--resume ${id}$`),
  );
  const before = (await run(['runs', 'show', id, ...data])).json['trialList'] as Trial[];
  expect(before.length).toBeGreaterThanOrEqual(trialsTold(failed.said));
  expect(before.map(({ index }) => index)).toEqual(before.map((_, index) => index));

  const resumed = await run(['measure', '--resume', id, ...SMALL_DISK, ...data]);
  expect(resumed.code).toBe(0);
  const shown = await run(['runs', 'show', id, ...data]);
  expect(shown.json).toMatchObject({ state: 'done', profile: expect.any(String) as string });
  const after = shown.json['trialList'] as Trial[];
  expect(after.slice(0, before.length)).toEqual(before);
  expect(after.map(({ index }) => index)).toEqual(after.map((_, index) => index));
  // Four cells with a warm-up and six trials each.
  expect(after).toHaveLength(28);
}

/** Mounts a small disk in memory; undefined where that is not allowed. */
function smallDisk(megabytes: number): string | undefined {
  if (process.platform !== 'linux') return undefined;
  const folder = temporaryFolder();
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder]);
  if (mounted.status !== 0) return undefined;
  // Before the folder is removed, which was asked for before.
  onTestFinished(() => void spawnSync('umount', ['--lazy', folder]));
  return folder;
}

/** Writes a file until there is no room for another byte. */
function fill(file: string): void {
  const handle = openSync(file, 'w');
  try {
    for (let size = 65_536; size >= 1;) {
      try {
        writeSync(handle, Buffer.alloc(size));
      } catch (thrown) {
        if ((thrown as NodeJS.ErrnoException).code !== 'ENOSPC') throw thrown;
        size = Math.floor(size / 2);
      }
    }
  } finally {
    closeSync(handle);
  }
}

test('a disk that fills during a run ends it with a sentence, and the run goes on when there is room', async (context) => {
  const disk = smallDisk(48);
  if (disk === undefined) return context.skip('no disk in memory may be mounted here');
  const filler = path.join(disk, 'filler');
  const data = ['--data', path.join(disk, 'lab')];
  const failed = await run([...(await measureArgs()), ...data], {
    onSaid: (line) => {
      if (line.startsWith('  trial 3:')) fill(filler);
    },
  });
  expect(failed.code).toBe(4);
  expect(failed.json).toMatchObject({
    error: {
      kind: 'disk-full',
      message: `The disk with ${disk}/lab is full. What was being stored was not; everything before it is kept.`,
    },
  });
  expect(trialsTold(failed.said)).toBeGreaterThanOrEqual(3);
  // Reading works on the full disk as well.
  expect((await run(['runs', 'list', ...data])).code).toBe(0);
  rmSync(filler);
  await expectToGoOn(data, failed);
});

test('a limit on the size of files, as a quota, ends a run with a sentence, and it goes on without', async (context) => {
  const limits = process.platform === 'linux' && spawnSync('prlimit', ['--version']).status === 0;
  if (!limits) return context.skip('there is no prlimit here');
  const data = ['--data', path.join(temporaryFolder(), 'lab')];
  await run(['profiles', 'list', ...data]);
  const failed = await run([...(await measureArgs()), ...data], { before: ['prlimit', '--fsize=200000'] });
  expect(failed.code).toBe(4);
  expect(failed.json).toMatchObject({
    error: {
      kind: 'file-not-writable',
      message: expect.stringMatching(
        /could not be written any further: a quota or a limit .* is kept\.$/,
      ) as string,
    },
  });
  await expectToGoOn(data, failed);
});
