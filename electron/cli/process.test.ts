import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, closeSync, constants, openSync, readdirSync, readFileSync } from 'node:fs';
import { Socket } from 'node:net';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundleForChild, type Bundled } from '../test/bundleForChild.ts';
import { temporaryFolder } from '../test/temporaryFolder.ts';

let program: Bundled;
beforeAll(async () => {
  program = await bundleForChild('electron/test/runMain.ts');
});
afterAll(() => program.remove());

/** A user without any rights of its own: root may write everywhere, so a folder is read-only for others alone. */
const NOBODY = 65534;
const asRoot = process.getuid?.() === 0;

async function run(
  args: readonly string[],
  user?: number,
): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [program.file, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(user === undefined ? {} : { uid: user, gid: user }),
  });
  const ended = once(child, 'close');
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = (await ended) as [number | null];
  return { code, out, err };
}

test('the command line is a program of its own, without Electron', async () => {
  const { code, out, err } = await run(['reproduce', '--json', '--data', temporaryFolder()]);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const { output } = JSON.parse(out) as { output: { hybridKwh: number[] } };
  expect(Math.min(...output.hybridKwh)).toBeCloseTo(0.657196, 6);
  expect(readFileSync(program.file, 'utf8')).not.toMatch(/(?:from|require\()\s*["']electron["']/);
});

test('its exit code is that of the error', async () => {
  expect((await run(['dance'])).code).toBe(2);
  expect((await run(['profiles', 'show', 'x', '--data', temporaryFolder()])).code).toBe(3);
});

/**
 * Starts a command that writes into a pipe which holds less than its answer, and waits until it has begun to write:
 * it is then still at it.
 */
async function startIntoPipe(): Promise<{ child: ChildProcess; reader: Socket }> {
  const pipe = path.join(temporaryFolder(), 'pipe');
  execFileSync('mkfifo', [pipe]);
  const reader = new Socket({
    fd: openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK),
    readable: true,
  });
  const writer = openSync(pipe, 'w');
  const args = ['workloads', 'show', 'azure-conversation', '--json', '--data', temporaryFolder()];
  const child = spawn(process.execPath, [program.file, ...args], { stdio: ['ignore', writer, 'pipe'] });
  closeSync(writer);
  await once(reader, 'readable');
  return { child, reader };
}

test.skipIf(process.platform === 'win32')(
  'a reader that goes away early, as head does, is no error',
  async () => {
    const { child, reader } = await startIntoPipe();
    const ended = once(child, 'close');
    const complaints = text(child.stderr!);
    reader.destroy();
    expect(await ended).toEqual([0, null]);
    expect(await complaints).toBe('');
  },
);

test.skipIf(process.platform === 'win32')(
  'an interrupted command ends with 130, and its answer stays one document',
  async () => {
    const { child, reader } = await startIntoPipe();
    const ended = once(child, 'close');
    const complaint = once(child.stderr!, 'data');
    child.kill('SIGINT');
    // Only then is the rest read: the command could otherwise be done before it is interrupted.
    expect(String(await complaint)).toContain('Interrupted');
    const out = await text(reader);
    expect(await ended).toEqual([130, null]);
    expect(JSON.parse(out)).toMatchObject({ id: 'azure-conversation' });
  },
);

test('commands that are started at once all succeed, or say that the folder is in use', async () => {
  const folder = temporaryFolder();
  const results = await Promise.all(
    ['0', '0.25', '0.5', '1'].map((lambda) =>
      run(['analyze', '--lambda', lambda, '--json', '--data', folder]),
    ),
  );
  const done = results.filter(({ code }) => code === 0);
  expect(done.length).toBeGreaterThan(0);
  for (const { code, out } of results) {
    if (code !== 0) expect(JSON.parse(out)).toMatchObject({ error: { kind: 'database-in-use' } });
  }
  const { out } = await run(['studies', 'list', '--json', '--data', folder]);
  expect((JSON.parse(out) as { studies: unknown[] }).studies).toHaveLength(done.length);
});

/** Whether the user without rights may read the program at all, which depends on where the repository lies. */
function nobodyMayRead(): boolean {
  if (!asRoot) return true;
  chmodSync(path.dirname(program.file), 0o755);
  const look = spawnSync(process.execPath, ['--check', program.file], { uid: NOBODY, gid: NOBODY });
  return look.status === 0;
}

test('in a folder without write access, reading works and writing says so', async (context) => {
  context.skip(process.platform === 'win32', 'Windows has no such folders');
  context.skip(!nobodyMayRead(), 'the user without rights may not read this repository');
  const user = asRoot ? NOBODY : undefined;
  const folder = temporaryFolder();
  const empty = temporaryFolder();
  await run(['analyze', '--data', folder]);
  for (const at of [folder, empty]) chmodSync(at, 0o555);
  try {
    const before = readFileSync(path.join(folder, 'crossover.db'));
    const list = await run(['profiles', 'list', '--json', '--data', folder], user);
    expect(list).toMatchObject({ code: 0, err: '' });
    expect((JSON.parse(list.out) as { profiles: unknown[] }).profiles).toHaveLength(19);
    expect((await run(['reproduce', '--data', folder], user)).code).toBe(0);

    const analyze = await run(['analyze', '--json', '--data', folder], user);
    expect(analyze.code).toBe(4);
    expect(JSON.parse(analyze.out)).toMatchObject({ error: { kind: 'database-read-only' } });
    const fresh = await run(['profiles', 'list', '--json', '--data', empty], user);
    expect(fresh.code).toBe(4);
    expect(JSON.parse(fresh.out)).toMatchObject({ error: { kind: 'database-read-only' } });
    expect(readFileSync(path.join(folder, 'crossover.db'))).toEqual(before);
    expect(readdirSync(empty)).toEqual([]);
  } finally {
    for (const at of [folder, empty]) chmodSync(at, 0o755);
  }
});
