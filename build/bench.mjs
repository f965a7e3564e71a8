// npm run bench: runs what is in build/bench and prints a table, or with --json one JSON object. Names choose some:
// node build/bench.mjs launch. A bench is a module that exports `run`.

import { readdirSync } from 'node:fs';
import { cpus } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { Problem, note, runScript } from './runtime/messages.mjs';
import { root } from './runtime/places.mjs';

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

const folder = path.join(root, 'build', 'bench');

await runScript(async () => {
  const args = process.argv.slice(2);
  const names = args.filter((argument) => !argument.startsWith('-'));
  const known = readdirSync(folder)
    .filter((file) => file.endsWith('.mjs'))
    .map((file) => path.basename(file, '.mjs'));
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new Problem(`There is no bench ${unknown.join(', ')}. Choose from: ${known.join(', ')}.`);
  }

  /** @type {Record<string, BenchResult>} */
  const results = {};
  for (const name of names.length > 0 ? names : known) {
    note(`measuring ${name} …`);
    const bench = /** @type {Bench} */ (await import(pathToFileURL(path.join(folder, `${name}.mjs`)).href));
    results[name] = await bench.run();
  }
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, ${process.platform} ${process.arch}`;
  process.stdout.write(
    args.includes('--json')
      ? `${JSON.stringify({ machine, results }, null, 2)}\n`
      : Object.values(results).map(describe).join('\n') + `\nOn ${machine}.\n`,
  );
  return Object.values(results).some(({ measures }) => measures.some(missesGoal)) ? 1 : 0;
});

/** @param {Measure} measure */
function missesGoal({ value, goal }) {
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
