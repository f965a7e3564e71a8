// The benches of build/bench: each is a module that exports `run`.

import { readdirSync } from 'node:fs';
import { cpus } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './places.mjs';

/**
 * @typedef {object} Measure one line of the table
 * @property {string} name
 * @property {number} value
 * @property {string} unit
 * @property {number} [goal] the value should not be above it
 */

/**
 * @typedef {object} BenchResult
 * @property {string} title
 * @property {string} conditions on what and how it was measured
 * @property {Measure[]} measures
 */

/** @typedef {{ run: () => Promise<BenchResult> }} Bench */

/** @typedef {{ machine: string, results: Record<string, BenchResult> }} BenchReport */

const folder = path.join(root, 'build', 'bench');

/** @returns {string[]} */
export function benchNames() {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.mjs'))
    .map((file) => path.basename(file, '.mjs'));
}

/**
 * Runs benches one after the other.
 * @param {readonly string[]} names none for all of them
 * @param {(name: string) => void} started
 * @returns {Promise<BenchReport>}
 */
export async function runBenches(names, started) {
  /** @type {Record<string, BenchResult>} */
  const results = {};
  for (const name of names.length > 0 ? names : benchNames()) {
    started(name);
    const bench = /** @type {Bench} */ (await import(pathToFileURL(path.join(folder, `${name}.mjs`)).href));
    results[name] = await bench.run();
  }
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, ${process.platform} ${process.arch}`;
  return { machine, results };
}

/**
 * The table for people.
 * @param {BenchReport} report
 */
export function benchText({ machine, results }) {
  return `${Object.values(results).map(describe).join('\n')}\nOn ${machine}.\n`;
}

/** @param {Measure} measure */
export function missesGoal({ value, goal }) {
  return goal !== undefined && !(value <= goal);
}

/** @param {BenchResult} result */
function describe({ title, conditions, measures }) {
  const width = Math.max(...measures.map(({ name }) => name.length));
  const lines = measures.map((measure) => {
    const goal =
      measure.goal === undefined
        ? ''
        : `   goal ≤ ${measure.goal}: ${missesGoal(measure) ? 'missed' : 'met'}`;
    return `  ${measure.name.padEnd(width)}  ${measure.value.toPrecision(3).padStart(8)} ${measure.unit}${goal}`;
  });
  return [`${title} (${conditions})`, ...lines, ''].join('\n');
}
