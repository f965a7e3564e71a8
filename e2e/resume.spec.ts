import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { randomOf } from '#core/sweep';
import { expect, test } from './fixtures.ts';
import { writePowerLog } from './powerLog.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const KILLS = 20;

interface Stored {
  readonly integrity: string;
  readonly runs: readonly { readonly id: string; readonly state: string }[];
  readonly indices: readonly number[];
}

function look(folder: string): Stored {
  const db = new Database(`${folder}/crossover.db`, { readonly: true });
  try {
    return {
      integrity: db.pragma('integrity_check', { simple: true }) as string,
      runs: db.prepare('SELECT id, state FROM run').all() as { id: string; state: string }[],
      indices: db.prepare('SELECT trial_index FROM trial ORDER BY trial_index').pluck().all() as number[],
    };
  } finally {
    db.close();
  }
}

test('a run killed at 20 random moments, each time resumed, loses and doubles no completed trial', async ({}, info) => {
  test.setTimeout(600_000);
  const folder = info.outputPath('data');
  mkdirSync(folder, { recursive: true });
  const log = info.outputPath('power.csv');
  writePowerLog(log);
  const fresh = [
    '--meter',
    `replay:${log}`,
    '--sweep',
    '8,4 16,4 8,8 16,8',
    '--idle',
    '0.3',
    '--target',
    '0.000001',
  ];
  const random = randomOf(20261123);
  let run: string | undefined;
  let before: readonly number[] = [];

  for (let kill = 0; kill < KILLS; kill++) {
    const args = ['build/lab.mjs', 'measure', '--data', folder, '--max-trials', '12'];
    const child = spawn(process.execPath, [...args, ...(run === undefined ? fresh : ['--resume', run])], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const ended = once(child, 'close');
    const told: number[] = [];
    const wanted = Math.floor(random() * 4);
    let trials = 0;
    for await (const line of createInterface({ input: child.stderr })) {
      const made = /^ {2}trial (\d+):/.exec(line)?.[1];
      if (made !== undefined) {
        told.push(Number(made) - 1);
        trials += 1;
      }
      const measuring = line.includes('idle baseline');
      if (trials >= wanted && (measuring || trials > 0)) {
        // Somewhere within the next trial, the idle baseline or the write.
        setTimeout(() => child.kill('SIGKILL'), random() * 500);
        trials = -Infinity;
      }
    }
    await ended;
    const stored = look(folder);
    expect(stored.integrity).toBe('ok');
    expect(stored.runs.length).toBeLessThanOrEqual(1);
    run = stored.runs[0]?.id;
    expect(stored.indices).toEqual(stored.indices.map((_, i) => i));
    expect(stored.indices).toEqual(expect.arrayContaining([...before]));
    expect(stored.indices).toEqual(expect.arrayContaining(told));
    before = stored.indices;
  }

  const last = spawn(
    process.execPath,
    ['build/lab.mjs', 'measure', '--json', '--data', folder, '--resume', run!],
    {
      cwd: root,
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  let out = '';
  last.stdout.on('data', (part: Buffer) => (out += part.toString()));
  const [code] = (await once(last, 'close')) as [number | null];
  expect(code).toBe(0);
  const answer = JSON.parse(out) as { state: string; profile: string; trials: { valid: number } };
  expect(answer.state).toBe('done');
  expect(answer.profile).toMatch(/tiny/);
  const stored = look(folder);
  expect(stored.indices).toEqual(stored.indices.map((_, i) => i));
  expect(stored.indices.length).toBeGreaterThan(before.length);
  expect(stored.runs).toEqual([{ id: run, state: 'done' }]);
});
