// How long 50,000 prompts take to tokenise; and a trace of ten million rows to be read and added up, beside DuckDB doing
// nothing but the same aggregation and its result being read. Each part has a process of its own, so that its memory is that of the import; the two
// ways of reading the trace take turns, so that a busy moment meets both.

import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { root } from '../runtime/places.mjs';
import { bundleSources } from '../runtime/sources.mjs';

const goals = { promptsS: 20, timeOverDuckDb: 1.5 };
const turns = 3;

/** @typedef {{ seconds: number, memoryMB: number, queries: number, rows: number }} Done */

/** @returns {Promise<import('../runtime/benches.mjs').BenchResult>} */
export async function run() {
  const bundle = await bundleSources({ readWorkload: 'electron/importers/workloads/readWorkload.ts' });
  const folder = mkdtempSync(path.join(tmpdir(), 'crossover-bench-'));
  try {
    /** @type {(script: string, ...args: string[]) => Promise<Done>} */
    const inOwnProcess = async (script, ...args) => {
      const file = path.join(root, 'build', 'bench', 'workloads', `${script}.mjs`);
      const { stdout } = await promisify(execFile)(process.execPath, [file, ...args]);
      return stdout === '' ? { seconds: 0, memoryMB: 0, queries: 0, rows: 0 } : JSON.parse(stdout);
    };
    const at = (/** @type {string} */ name) => path.join(folder, name);
    await inOwnProcess('make', folder);
    const prompts = await inOwnProcess('ours', bundle.folder, at('prompts.jsonl'));
    /** @type {Record<string, { ours: Done[], duckdb: Done[] }>} */
    const traces = { counts: { ours: [], duckdb: [] }, timed: { ours: [], duckdb: [] } };
    for (let turn = 0; turn < turns; turn += 1) {
      for (const [name, { ours, duckdb }] of Object.entries(traces)) {
        const first = turn % 2 === 0 ? await inOwnProcess('duckdb', at(`${name}.csv`)) : undefined;
        ours.push(await inOwnProcess('ours', bundle.folder, at(`${name}.csv`)));
        duckdb.push(first ?? (await inOwnProcess('duckdb', at(`${name}.csv`))));
      }
    }
    const { counts, timed } = traces;
    const rows = counts?.ours[0]?.queries ?? NaN;
    return {
      title: 'Importing workloads',
      conditions:
        `${prompts.queries.toLocaleString('en')} made-up prompts and answers of 25 and 75 words, Llama-2's tokenizer; ` +
        `traces of ${rows.toLocaleString('en')} rows as CSV, their files in the system's cache, beside DuckDB's own GROUP BY with its result read, medians of ${turns} turns`,
      measures: [
        { name: 'prompts', value: prompts.seconds, unit: 's', goal: goals.promptsS },
        { name: 'prompts, memory', value: prompts.memoryMB, unit: 'MB' },
        ...describe('counts', counts),
        ...describe('counts and times', timed),
      ],
    };
  } finally {
    bundle.remove();
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/**
 * @param {string} name
 * @param {{ ours: Done[], duckdb: Done[] } | undefined} done
 * @returns {import('../runtime/benches.mjs').Measure[]}
 */
function describe(name, done) {
  const { ours = [], duckdb = [] } = done ?? {};
  const seconds = (/** @type {Done[]} */ all) => median(all.map((each) => each.seconds));
  return [
    { name: `${name}, Crossover`, value: seconds(ours), unit: 's' },
    { name: `${name}, DuckDB alone`, value: seconds(duckdb), unit: 's' },
    { name: `${name}, ratio`, value: seconds(ours) / seconds(duckdb), unit: '×', goal: goals.timeOverDuckDb },
    { name: `${name}, memory`, value: Math.max(...ours.map((each) => each.memoryMB)), unit: 'MB' },
  ];
}

/** @param {number[]} values */
function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
