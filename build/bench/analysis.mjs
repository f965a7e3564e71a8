// How long an analysis takes: every policy, the surface, the oracle and the flips of λ on Alpaca and on ten million made-up
// queries; one step of the λ slider; and the optimum under capacity beside the program that asks for each query by itself,
// both solved by the same HiGHS in the same process. Each part has a process of its own, so that its memory is its own.

import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { root } from '../runtime/places.mjs';
import { bundleSources } from '../runtime/sources.mjs';

const goals = {
  alpacaMs: 100,
  sliderMs: 16,
  tenMillionS: 3,
  tenMillionMB: 1000,
  programS: 1,
  timeOverBinary: 1 / 20,
};

/**
 * @typedef {object} Policies
 * @property {number} pairs
 * @property {number} queries
 * @property {number} ms median
 * @property {number} firstMs before the code is compiled
 * @property {number} sliderMs median of a step of λ; 0 where it was not looked at
 * @property {number} memoryMB most memory of the process
 */

/**
 * @typedef {object} Capacity
 * @property {number} buckets
 * @property {number} programS of the linear program on made-up buckets
 * @property {number} planS with what one more device of each system saves
 * @property {number} queries
 * @property {number} pairs
 * @property {number} oursS of the linear program on Alpaca's pairs, set up and solved
 * @property {number} binaryS of the binary program on Alpaca's queries, set up and solved
 * @property {string} binaryEnd how that ended
 * @property {number | null} above our cost above that of the binary program, a fraction; null where it found none
 * @property {number} fewQueries every 16th query
 * @property {string} fewEnd how the binary program on these ended
 * @property {number} fewAbove our cost above that of the binary program on these, a fraction
 */

/** @returns {Promise<import('../runtime/benches.mjs').BenchResult>} */
export async function run() {
  const bundle = await bundleSources({
    bundled: 'electron/test/bundled.ts',
    capacity: 'electron/core/analysis/capacity.ts',
    costTable: 'electron/core/analysis/costTable.ts',
    flips: 'electron/core/analysis/flips.ts',
    front: 'electron/core/analysis/front.ts',
    highs: 'electron/workers/highs.ts',
    jointSetUp: 'electron/core/analysis/jointSetUp.ts',
    pairs: 'electron/core/analysis/pairs.ts',
    problem: 'electron/core/analysis/problem.ts',
    rules: 'electron/core/analysis/rules.ts',
    study: 'electron/core/study.ts',
    surface: 'electron/core/analysis/surface.ts',
  });
  try {
    /** @type {(script: string, ...args: string[]) => Promise<unknown>} */
    const inOwnProcess = async (script, ...args) => {
      const file = path.join(root, 'build', 'bench', 'analysis', `${script}.mjs`);
      const { stdout } = await promisify(execFile)(process.execPath, [file, bundle.folder, ...args]);
      return JSON.parse(stdout);
    };
    const alpaca = /** @type {Policies} */ (await inOwnProcess('policies', 'alpaca'));
    const large = /** @type {Policies} */ (await inOwnProcess('policies', 'large'));
    const capacity = /** @type {Capacity} */ (await inOwnProcess('devices'));
    const count = (/** @type {number} */ value) => value.toLocaleString('en');
    return {
      title: 'Analysis',
      conditions:
        `every threshold of every policy, a surface of 1024 × 1024, the oracle and the flips of λ: Alpaca with ` +
        `${count(alpaca.queries)} queries in ${count(alpaca.pairs)} pairs, medians; made up, ${count(large.queries)} queries in ` +
        `${count(large.pairs)} pairs, once; capacity on ${count(capacity.buckets)} made-up buckets × 3 systems, and on ` +
        `Alpaca's ${count(capacity.pairs)} pairs beside ${count(capacity.queries)} queries × 2 systems, whose binary program ${capacity.binaryEnd}; that of ` +
        `every 16th query, ${count(capacity.fewQueries)}, ${capacity.fewEnd}`,
      measures: [
        { name: 'Alpaca, all of it', value: alpaca.ms, unit: 'ms', goal: goals.alpacaMs },
        { name: 'Alpaca, the first time', value: alpaca.firstMs, unit: 'ms' },
        { name: 'a step of λ', value: alpaca.sliderMs, unit: 'ms', goal: goals.sliderMs },
        { name: 'ten million queries', value: large.firstMs / 1000, unit: 's', goal: goals.tenMillionS },
        { name: 'ten million, memory', value: large.memoryMB, unit: 'MB', goal: goals.tenMillionMB },
        { name: 'capacity, linear program', value: capacity.programS, unit: 's', goal: goals.programS },
        { name: 'capacity, with one device more of each', value: capacity.planS, unit: 's' },
        { name: 'Alpaca, linear program on pairs', value: capacity.oursS, unit: 's' },
        { name: 'Alpaca, binary program on queries', value: capacity.binaryS, unit: 's' },
        {
          name: 'time over the binary program',
          value: capacity.oursS / capacity.binaryS,
          unit: '×',
          goal: goals.timeOverBinary,
        },
        ...(capacity.above === null
          ? []
          : [{ name: 'cost above the binary program', value: capacity.above, unit: '', goal: 1e-9 }]),
        {
          name: 'cost above it, every 16th query',
          value: capacity.fewAbove,
          unit: '',
          goal: 1e-9,
        },
      ],
    };
  } finally {
    bundle.remove();
  }
}
