// How fast made-up weights are written, and in how much memory: that does not depend on the size of the file.

import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { root } from '../runtime/places.mjs';
import { bundleSources } from '../runtime/sources.mjs';

/** One that takes a gigabyte: the largest would only take longer. */
const model = 'synthetic:tinyllama-1.1b:Q8_0';
const goalMB = 200;

/** @returns {Promise<import('../runtime/benches.mjs').BenchResult>} */
export async function run() {
  const bundle = await bundleSources({
    shapes: 'electron/core/modelShapes.ts',
    weights: 'electron/engines/syntheticModel.ts',
  });
  const folder = mkdtempSync(path.join(tmpdir(), 'crossover-bench-'));
  try {
    // In a process of its own, so that its memory is that of the writing, Node and all.
    const script = path.join(root, 'build', 'bench', 'weights', 'make.mjs');
    const { stdout } = await promisify(execFile)(process.execPath, [script, bundle.folder, folder, model]);
    /** @type {import('./weights/make.mjs').Made} */
    const { bytes, seconds, memoryBytes } = JSON.parse(stdout);
    return {
      title: 'Made-up weights',
      conditions: `${model}, ${(bytes / 1e9).toFixed(2)} GB, written to the temporary folder's disk`,
      measures: [
        { name: 'written', value: bytes / 1e6 / seconds, unit: 'MB/s' },
        { name: 'memory while writing', value: memoryBytes / 1e6, unit: 'MB', goal: goalMB },
      ],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    bundle.remove();
  }
}
