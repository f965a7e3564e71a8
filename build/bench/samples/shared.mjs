// What the processes of ../samples.mjs share: the store as it was bundled, made-up samples, and a stop-watch.

import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** Samples in a portion, as a meter at 1 kHz hands them over in a second. */
export const portion = 1000;

export const rails = /** @type {const} */ (['cpu', 'gpu', 'ane', 'dram', 'package']);

/**
 * The parts of the store that are measured.
 * @param {string} bundle the folder of the bundle
 */
export async function loadStore(bundle) {
  /** @param {string} name */
  const load = (name) => import(pathToFileURL(path.join(bundle, `${name}.mjs`)).href);
  /** @type {typeof import('../../../electron/store/database.ts')} */
  const database = await load('database');
  /** @type {typeof import('../../../electron/store/runs.ts')} */
  const runs = await load('runs');
  /** @type {typeof import('../../../electron/store/samples.ts')} */
  const samples = await load('samples');
  /** @type {typeof import('../../../electron/store/sampleReader.ts')} */
  const sampleReader = await load('sampleReader');
  /** @type {typeof import('../../../electron/test/madeRun.ts')} */
  const madeRun = await load('madeRun');
  return { ...database, ...runs, ...samples, ...sampleReader, ...madeRun };
}

let state = 1;

/** A random number from 0 to 1; the sequence is the same every time. */
export function random() {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return state / 2 ** 32;
}

let tick = 1_000_000_000;

/** Where the clock of the samples stands, s. */
export const nowS = () => tick / 1e9;

/** Samples as counters of microjoules give them, each millisecond with a jitter of 20 µs, on a clock of nanoseconds. */
export function makeSamples() {
  return Array.from({ length: portion }, () => {
    const startS = nowS();
    tick += 980_000 + Math.floor(random() * 40_000);
    /** @type {Partial<Record<typeof rails[number], number>>} */
    const energyJ = {};
    for (const rail of rails) energyJ[rail] = Math.floor(random() * 40_000) / 1e6;
    return { startS, endS: nowS(), energyJ };
  });
}

/**
 * @param {() => void} work
 * @returns {number} seconds
 */
export function timeOf(work) {
  const began = performance.now();
  work();
  return (performance.now() - began) / 1000;
}

/** @param {number[]} values */
export function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
