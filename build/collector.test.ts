/** The collector is built, taken away from the repository, and used with nothing but Node. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { here, makeCollector } from './runtime/collector.mjs';

/** Where the prebuilt SQLite does not run, the tests themselves have compiled it. */
const compiled = Number(process.versions.napi) < 10;

const place = mkdtempSync(path.join(tmpdir(), 'crossover-collector-'));
let collector: Awaited<ReturnType<typeof makeCollector>>;
beforeAll(async () => {
  collector = await makeCollector({ into: place, compiled });
});
afterAll(() => rmSync(place, { recursive: true, force: true }));

/** Runs the collector in an empty folder, with an empty home and nothing else in the environment. */
function run(...args: string[]) {
  const empty = mkdtempSync(path.join(place, 'empty-'));
  const home = path.join(empty, 'home');
  mkdirSync(home);
  const { status, stdout, stderr } = spawnSync(
    path.join(collector.folder, 'crossover'),
    [...args, '--json'],
    {
      cwd: empty,
      encoding: 'utf8',
      env: { HOME: home, PATH: '/usr/bin:/bin', CROSSOVER_NODE: process.execPath },
    },
  );
  return { status, stderr, json: JSON.parse(stdout) as Record<string, unknown>, home };
}

test('the command line imports one native package when it starts, and no Electron ever', () => {
  // What is imported here is loaded by every command on every node: import the rest where it is needed.
  expect(collector.imported).toEqual(['better-sqlite3']);
  expect(collector.packages).toEqual(['better-sqlite3']);
  const files = readdirSync(collector.folder, { recursive: true, encoding: 'utf8' });
  expect(files.filter((file) => /(^|\/)electron(\/|$)/.test(file))).toEqual([]);
  const scripts = files.filter((file) => /^out\/.*\.js$/.test(file));
  expect(scripts).toContain('out/cli/index.js');
  for (const file of scripts) {
    expect(readFileSync(path.join(collector.folder, file), 'utf8'), file).not.toMatch(
      /(?:from|import|require\()\s*["']electron["'/]/,
    );
  }
});

test.skipIf(process.platform === 'win32')('away from the repository it runs with Node alone', () => {
  const { status, stderr, json, home } = run('doctor');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(json).toMatchObject({ data: { profiles: 19, workloads: 5 } });
  expect(json['engines']).toContainEqual(expect.objectContaining({ id: 'embedded', available: false }));
  expect(readdirSync(home).length).toBe(1);
});

test.skipIf(process.platform === 'win32')('what it came without it says', () => {
  const { status, json } = run('measure', '--meter', 'estimate:10', '--sweep', '8,8');
  expect(status).toBe(4);
  expect(json).toMatchObject({ error: { kind: 'engine-missing' } });
});

test('its scripts and its guide come with it', () => {
  expect(readdirSync(path.join(collector.folder, 'collect'))).toEqual(expect.arrayContaining(['README.md']));
  expect(readdirSync(path.join(collector.folder, 'profiles')).sort()).toEqual(['bundled', 'workloads']);
});

test('the notices of what was bundled into it come with it', () => {
  const notices = readFileSync(path.join(collector.folder, 'THIRD-PARTY-NOTICES.txt'), 'utf8');
  for (const name of ['zod', 'commander', 'fflate', 'yaml']) {
    expect(notices).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+, (MIT|ISC)$`, 'm'));
  }
  expect(notices).toContain('Permission is hereby granted, free of charge');
  expect(notices).not.toContain('comes without the text');
  // What is there as a package has its own beside it.
  expect(notices).not.toMatch(/^better-sqlite3 /m);
});

test('for another computer it has the binaries of that one, and nothing that was compiled here', async () => {
  const target = here() === 'linux-arm64' ? 'linux-x64' : 'linux-arm64';
  const { folder } = await makeCollector({ into: place, target });
  const sqlite = path.join(folder, 'node_modules', 'better-sqlite3');
  expect(readdirSync(path.join(sqlite, 'prebuilds')).sort()).toEqual([
    `${target}.node`,
    `${target.replace('linux', 'linuxmusl')}.node`,
  ]);
  expect(readdirSync(sqlite)).not.toContain('build');
  await expect(makeCollector({ into: place, target, compiled: true })).rejects.toThrow('runs on');
  await expect(makeCollector({ into: place, target: 'plan9-mips' })).rejects.toThrow('There is no collector');
});
