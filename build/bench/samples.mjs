// How fast samples are stored, beside bare inserts of the same samples, a row each; and how long a run of ten million
// samples takes to open and to pan. Each part has a process of its own, so that its memory is that of the store.

import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { root } from '../runtime/places.mjs';
import { bundleSources } from '../runtime/sources.mjs';
import { ensureSqlite } from '../runtime/sqlite.mjs';

const goals = { timeOverBare: 1.42, openMs: 500, memoryMB: 150 };

/** @returns {Promise<import('../runtime/benches.mjs').BenchResult>} */
export async function run() {
  await ensureSqlite();
  const bundle = await bundleSources({
    database: 'electron/store/database.ts',
    runs: 'electron/store/runs.ts',
    samples: 'electron/store/samples.ts',
    sampleReader: 'electron/store/sampleReader.ts',
    madeRun: 'electron/test/madeRun.ts',
  });
  try {
    /** @type {import('./samples/ingest.mjs').Ingest} */
    const ingest = await inOwnProcess('ingest', bundle.folder);
    /** @type {import('./samples/longRun.mjs').LongRun} */
    const longRun = await inOwnProcess('longRun', bundle.folder);
    return {
      title: 'Samples of 5 rails',
      conditions:
        `${ingest.samples.toLocaleString('en')} samples in transactions of 1000, medians of ${ingest.turns} turns; ` +
        `then a run of ${longRun.samples.toLocaleString('en')} samples, its file in the system's cache`,
      measures: [
        { name: 'stored', value: ingest.samples / ingest.ourS, unit: 'samples/s' },
        { name: 'bare inserts', value: ingest.samples / ingest.bareS, unit: 'samples/s' },
        { name: 'time over bare', value: ingest.ourS / ingest.bareS, unit: '×', goal: goals.timeOverBare },
        { name: 'size', value: longRun.bytesASample, unit: 'bytes/sample' },
        { name: 'bare size', value: ingest.bareBytesASample, unit: 'bytes/sample' },
        { name: 'memory while storing', value: longRun.memoryMB, unit: 'MB', goal: goals.memoryMB },
        { name: 'opening the long run', value: longRun.openMs, unit: 'ms', goal: goals.openMs },
        { name: 'pan and zoom, median', value: longRun.panMs, unit: 'ms' },
        { name: 'pan and zoom, p95', value: longRun.panP95Ms, unit: 'ms' },
      ],
    };
  } finally {
    bundle.remove();
  }
}

/**
 * Runs one of the scripts beside this one on an empty folder.
 * @param {string} name
 * @param {string} bundle
 */
async function inOwnProcess(name, bundle) {
  const data = mkdtempSync(path.join(tmpdir(), 'crossover-bench-'));
  try {
    const script = path.join(root, 'build', 'bench', 'samples', `${name}.mjs`);
    const { stdout } = await promisify(execFile)(process.execPath, [script, bundle, data]);
    return JSON.parse(stdout);
  } finally {
    rmSync(data, { recursive: true, force: true, maxRetries: 3 });
  }
}
