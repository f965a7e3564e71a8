// What the embedded engine adds to a query, beside node-llama-cpp's own loop with nothing around it. Each runs in a
// process of its own, both are timed from here, and the two take turns, so that a busy moment meets both.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../runtime/places.mjs';
import { bundleSources } from '../runtime/sources.mjs';

const warmUps = 3;
const turns = 100;
const goal = 1.03;
/** One thread: with more, a busy machine is measured rather than a loop. */
const threads = 1;
const query = { m: 32, n: 64 };

/** @returns {Promise<import('../bench.mjs').BenchResult>} */
export async function run() {
  const bundle = await bundleSources({
    engine: 'electron/engines/embeddedWorker.ts',
    choose: 'electron/engines/choose.ts',
    cache: 'electron/engines/modelCache.ts',
  });
  const models = mkdtempSync(path.join(tmpdir(), 'crossover-bench-'));
  try {
    const found = await measure(bundle.folder, models);
    return {
      title: 'The embedded engine’s loop',
      conditions:
        `${query.m} tokens in and ${query.n} out, synthetic:tiny, ${threads} thread, the fastest tenth of ` +
        `${turns} queries each, taking turns`,
      measures: [
        { name: 'Crossover', value: found.ours, unit: 'ms' },
        { name: 'bare node-llama-cpp', value: found.bare, unit: 'ms' },
        { name: 'ratio', value: found.ours / found.bare, unit: '×', goal },
      ],
    };
  } finally {
    rmSync(models, { recursive: true, force: true, maxRetries: 3 });
    bundle.remove();
  }
}

/**
 * @param {string} folder the bundled sources
 * @param {string} cacheFolder where the model is made
 * @returns {Promise<{ ours: number, bare: number }>} ms of a query
 */
async function measure(folder, cacheFolder) {
  /** @param {string} name @returns {string} */
  const bundled = (name) => pathToFileURL(path.join(folder, `${name}.mjs`)).href;
  /** @type {typeof import('../../electron/engines/choose.ts')} */
  const { openEngine } = await import(bundled('choose'));
  /** @type {typeof import('../../electron/engines/modelCache.ts')} */
  const { listCachedModels } = await import(bundled('cache'));
  const { signal } = new AbortController();
  const engine = await openEngine({
    engine: 'embedded',
    model: 'synthetic:tiny',
    cacheFolder,
    threads,
    signal,
    workerFile: path.join(folder, 'engine.mjs'),
  });
  const [model] = listCachedModels(cacheFolder);
  const bare = fork(path.join(root, 'build', 'bench', 'engine', 'bareLoop.mjs'), [
    model?.file ?? '',
    `${threads}`,
  ]);
  try {
    await once(bare, 'message');
    const timeOurs = () => timed(() => engine.query(query.m, query.n, { seed: 1, signal }));
    const timeBare = () =>
      timed(async () => {
        bare.send(query);
        await once(bare, 'message');
      });
    /** @type {{ ours: number[], bare: number[] }} */
    const times = { ours: [], bare: [] };
    for (let turn = -warmUps; turn < turns; turn += 1) {
      // Who goes first alternates, too.
      const first = turn % 2 === 0 ? await timeBare() : undefined;
      const oursMs = await timeOurs();
      const bareMs = first ?? (await timeBare());
      if (turn < 0) continue;
      times.bare.push(bareMs);
      times.ours.push(oursMs);
    }
    return { ours: fastest(times.ours), bare: fastest(times.bare) };
  } finally {
    bare.disconnect();
    await engine.close();
  }
}

/** @param {() => Promise<unknown>} work @returns {Promise<number>} ms */
async function timed(work) {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/**
 * The mean of the fastest tenth: what a query takes when nothing else wants the processor. Whatever else runs makes a
 * query several times as long, and never shorter.
 * @param {number[]} values
 */
function fastest(values) {
  const best = values.toSorted((a, b) => a - b).slice(0, Math.ceil(values.length / 10));
  return best.reduce((sum, value) => sum + value, 0) / best.length;
}
