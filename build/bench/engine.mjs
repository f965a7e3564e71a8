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

/** Processes are started anew so often: where their memory happens to lie makes a query some percent slower or faster. */
const rounds = 6;
const warmUps = 3;
/** In each of these both run twice, as A B B A, so that a slow drift meets both alike. */
const turns = 30;
const goal = 1.03;
/** One thread: with more, a busy machine is measured rather than a loop. */
const threads = 1;
const query = { m: 32, n: 64 };

/** @returns {Promise<import('../runtime/benches.mjs').BenchResult>} */
export async function run() {
  const bundle = await bundleSources({
    engine: 'electron/engines/embeddedWorker.ts',
    choose: 'electron/engines/choose.ts',
    cache: 'electron/engines/modelCache.ts',
  });
  const models = mkdtempSync(path.join(tmpdir(), 'crossover-bench-'));
  try {
    /** @type {{ ours: number, bare: number }[]} */
    const pairs = [];
    /** @type {number[]} */
    const ratios = [];
    for (let round = 0; round < rounds; round += 1) {
      const found = await measure(bundle.folder, models);
      pairs.push(...found);
      ratios.push(median(found.map(({ ours, bare }) => ours / bare)));
    }
    return {
      title: 'The embedded engine’s loop',
      conditions:
        `${query.m} tokens in and ${query.n} out, synthetic:tiny, ${threads} thread; medians of ` +
        `${rounds} pairs of processes, ${turns} turns of two queries each`,
      measures: [
        { name: 'Crossover', value: median(pairs.map(({ ours }) => ours)), unit: 'ms' },
        { name: 'bare node-llama-cpp', value: median(pairs.map(({ bare }) => bare)), unit: 'ms' },
        { name: 'ratio, least', value: Math.min(...ratios), unit: '×' },
        { name: 'ratio, greatest', value: Math.max(...ratios), unit: '×' },
        { name: 'ratio', value: median(ratios), unit: '×', goal },
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
 * @returns {Promise<{ ours: number, bare: number }[]>} ms of a query in each turn, the mean of two
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
    /** @type {{ ours: number, bare: number }[]} */
    const pairs = [];
    for (let turn = -warmUps; turn < turns; turn += 1) {
      // Who is first and last alternates, too.
      const [outer, inner] = turn % 2 === 0 ? [timeOurs, timeBare] : [timeBare, timeOurs];
      const first = await outer();
      const middle = (await inner()) + (await inner());
      const outside = first + (await outer());
      if (turn < 0) continue;
      const [ours, bareMs] = turn % 2 === 0 ? [outside, middle] : [middle, outside];
      pairs.push({ ours: ours / 2, bare: bareMs / 2 });
    }
    return pairs;
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

/** @param {number[]} values */
function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return ((sorted[(sorted.length - 1) >> 1] ?? NaN) + (sorted[sorted.length >> 1] ?? NaN)) / 2;
}
