// How long the intervals of a study of Alpaca take: 1,000 replicates of all policies, shared out between two threads
// that are at the ready, with what is done before and after in one.

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { parse } from 'yaml';
import { root } from '../runtime/places.mjs';
import { bundleSources } from '../runtime/sources.mjs';

const goalS = 1.5;
const replicates = 1000;
const threads = 2;
const turns = 3;
const workload = 'alpaca-davinci';

/** Trials a cell, where each has its own values. */
const trials = 25;

/** @type {readonly (readonly ['grid' | 'physical' | 'linear' | 'paper', 'sweeps' | 'grid', boolean])[]} */
const studies = [
  ['grid', 'sweeps', false],
  ['grid', 'grid', false],
  ['physical', 'sweeps', false],
  ['linear', 'grid', false],
  ['grid', 'sweeps', true],
  ['grid', 'grid', true],
];

/** @returns {Promise<import('../runtime/benches.mjs').BenchResult>} */
export async function run() {
  const core = 'electron/core';
  const bundle = await bundleSources({
    study: `${core}/study.ts`,
    studyUncertainty: `${core}/studyUncertainty.ts`,
    bootstrapSetUp: `${core}/analysis/bootstrapSetUp.ts`,
    bootstrap: `${core}/analysis/bootstrap.ts`,
  });
  const at = (/** @type {string} */ name) => pathToFileURL(path.join(bundle.folder, `${name}.mjs`)).href;
  const pool = Array.from(
    { length: threads },
    () => new Worker(new URL('bootstrap/replicates.mjs', import.meta.url), { workerData: at('bootstrap') }),
  );
  try {
    /** @type {typeof import('../../electron/core/study.ts')} */
    const { parseSettings, analyse } = await import(at('study'));
    /** @type {typeof import('../../electron/core/studyUncertainty.ts')} */
    const { withReplicates } = await import(at('studyUncertainty'));
    /** @type {typeof import('../../electron/core/analysis/bootstrapSetUp.ts')} */
    const { bootstrapSetUp } = await import(at('bootstrapSetUp'));
    const profiles = path.join(root, 'profiles');
    const read = (/** @type {string} */ id) =>
      parse(readFileSync(path.join(profiles, 'bundled', `${id}.yaml`), 'utf8'));
    const queries = JSON.parse(readFileSync(path.join(profiles, 'workloads', `${workload}.json`), 'utf8'));

    const measures = [];
    for (const [energyModel, design, resampled] of studies) {
      const [small, large] = [`m1-pro.llama-2-7b.${design}`, `swing-a100.llama-2-7b.${design}`];
      const form = resampled ? withTrials : (/** @type {Profile} */ profile) => profile;
      const inputs = {
        small: form({ notes: [], ...read(small) }),
        large: form({ notes: [], ...read(large) }),
        workload: queries,
      };
      const settings = parseSettings({
        small,
        large,
        workload,
        energyModel,
        policy: 'all',
        thresholds: 'every-integer',
        bootstrap: replicates,
        seed: 1,
      });
      analyse(settings, inputs);
      const seconds = [];
      const busy = [];
      for (let turn = 0; turn < turns; turn += 1) {
        const began = performance.now();
        analyse(settings, inputs);
        const analysed = performance.now();
        const usage = process.cpuUsage();
        const setUp = bootstrapSetUp(settings, inputs);
        const chunks = await Promise.all(pool.map((worker, i) => chunkOf(worker, setUp, i)));
        withReplicates(settings, inputs, setUp, chunks);
        // The study itself is there without intervals too.
        seconds.push((performance.now() - analysed - (analysed - began)) / 1000);
        const { user, system } = process.cpuUsage(usage);
        busy.push((user + system) / 1e6 - (analysed - began) / 1000);
      }
      const name =
        `${energyModel} model, ${design === 'grid' ? 'full grids' : 'sweeps'}` +
        (resampled ? `, ${trials} trials a cell resampled` : '');
      measures.push({ name, value: median(seconds), unit: 's', goal: goalS });
      measures.push({ name: `${name}, processor`, value: median(busy), unit: 's' });
    }
    return {
      title: 'Intervals of a study',
      conditions:
        `${replicates.toLocaleString('en')} replicates of the trials and of the 51,941 queries of Alpaca, all policies and ` +
        `their thresholds over all integers, on ${threads} threads; set-up and summary included, the study itself not; beside the ` +
        `time on the clock that of the processors, which a busy machine leaves alone; ` +
        `medians of ${turns} turns`,
      measures,
    };
  } finally {
    await Promise.all(pool.map((worker) => worker.terminate()));
    bundle.remove();
  }
}

/** @typedef {import('../../electron/core/profile.ts').Profile} Profile */

/**
 * A profile whose cells have trials of their own, spread evenly about their means.
 * @param {Profile} profile
 * @returns {Profile}
 */
function withTrials(profile) {
  return {
    ...profile,
    cells: profile.cells.map((cell) => {
      const scales = Array.from({ length: trials }, (_, i) => 1 + (0.1 * (i - (trials - 1) / 2)) / trials);
      return {
        ...cell,
        trials,
        trialValues: scales.map((scale, i) => ({
          energyJ: Object.fromEntries(
            profile.rails.map((rail) => [rail, scale * /** @type {number} */ (cell.energyJ[rail])]),
          ),
          runtimeS: cell.runtimeS * /** @type {number} */ (scales[(7 * i) % trials]),
        })),
      };
    }),
  };
}

/** @param {number[]} values an odd number of them */
function median(values) {
  return values.toSorted((a, b) => a - b)[(values.length - 1) / 2] ?? NaN;
}

/**
 * The part of the replicates of one thread.
 * @param {Worker} worker
 * @param {import('../../electron/core/analysis/bootstrapPart.ts').BootstrapSetUp} setUp
 * @param {number} part
 * @returns {Promise<import('../../electron/core/analysis/bootstrap.ts').Replicates>}
 */
async function chunkOf(worker, setUp, part) {
  const edge = (/** @type {number} */ i) => Math.round((i * replicates) / threads);
  worker.postMessage({ setUp, seed: 1, from: edge(part), to: edge(part + 1) });
  const [chunk] = await once(worker, 'message');
  return chunk;
}
