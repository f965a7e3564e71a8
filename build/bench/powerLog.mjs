// How fast a large log of nvidia-smi gives the energy of its requests, beside DuckDB reading the same file and adding
// its powers up; and the memory it takes. 200 MB by default, 1 GB with --large. Each part has a process of its own,
// and the two take turns, so that a busy moment meets both.

import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { root } from '../runtime/places.mjs';
import { bundleSources } from '../runtime/sources.mjs';
import { makeLog } from './powerLog/makeLog.mjs';

const goals = { timeOverBare: 3, memoryMB: 300 };
const turns = 3;

/** @returns {Promise<import('../runtime/benches.mjs').BenchResult>} */
export async function run() {
  const megabytes = process.argv.includes('--large') ? 1000 : 200;
  const bundle = await bundleSources({
    powerLogs: 'electron/lab/powerLogs.ts',
    source: 'electron/importers/profiles/source.ts',
  });
  const folder = mkdtempSync(path.join(tmpdir(), 'crossover-bench-'));
  try {
    const file = path.join(folder, 'nvidia-smi.csv');
    const rows = makeLog(file, megabytes * 1e6);
    /** @type {import('./powerLog/part.mjs').Part[]} */
    const bare = [];
    /** @type {import('./powerLog/part.mjs').Part[]} */
    const ours = [];
    for (let turn = 0; turn < turns; turn += 1) {
      bare.push(await inOwnProcess('bare', bundle.folder, file));
      ours.push(await inOwnProcess('ours', bundle.folder, file));
    }
    const bareS = median(bare.map(({ seconds }) => seconds));
    const oursS = median(ours.map(({ seconds }) => seconds));
    return {
      title: 'A large log of nvidia-smi',
      conditions: `${megabytes} MB, ${rows.toLocaleString('en')} rows, the energy of 1,000 requests, medians of ${turns} turns`,
      measures: [
        { name: 'energy of the requests', value: oursS, unit: 's' },
        { name: 'DuckDB, read and sum', value: bareS, unit: 's' },
        { name: 'time over DuckDB', value: oursS / bareS, unit: '×', goal: goals.timeOverBare },
        {
          name: 'memory, most',
          value: Math.max(...ours.map(({ memoryMB }) => memoryMB)),
          unit: 'MB',
          goal: goals.memoryMB,
        },
      ],
    };
  } finally {
    bundle.remove();
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/**
 * @param {'bare' | 'ours'} which
 * @param {string} bundle
 * @param {string} file
 */
async function inOwnProcess(which, bundle, file) {
  const script = path.join(root, 'build', 'bench', 'powerLog', 'part.mjs');
  const { stdout } = await promisify(execFile)(process.execPath, [script, which, bundle, file]);
  return JSON.parse(stdout);
}

/** @param {number[]} values */
const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
