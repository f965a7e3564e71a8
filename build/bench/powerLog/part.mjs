// node part.mjs bare|ours <bundle> <log>: DuckDB's own time to read the log and add its powers up, or ours to open it
// and find the energy of 1,000 spans. Prints JSON.

import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';

/**
 * @typedef {object} Part
 * @property {number} seconds
 * @property {number} memoryMB the most that the process held
 * @property {number} sum of the powers, W, or of the energies, J
 */

const [which = '', bundle = '', file = ''] = process.argv.slice(2);
const requests = 1000;

async function bare() {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: '2',
    preserve_insertion_order: 'false',
  });
  const connection = await instance.connect();
  const answer = await connection.runAndReadAll(
    `SELECT sum(CAST(rtrim("power.draw [W]", ' W') AS DOUBLE)) AS sum
     FROM read_csv('${file.replaceAll("'", "''")}', header = true, all_varchar = true)`,
  );
  return Number(answer.getRowObjects()[0]?.sum);
}

async function ours() {
  /** @param {string} name @returns {string} */
  const bundled = (name) => pathToFileURL(path.join(bundle, `${name}.mjs`)).href;
  /** @type {typeof import('../../../electron/lab/powerLogs.ts')} */
  const { openPowerLog } = await import(bundled('powerLogs'));
  /** @type {typeof import('../../../electron/importers/profiles/source.ts')} */
  const { openSource } = await import(bundled('source'));
  const { signal } = new AbortController();
  const source = await openSource(file, { signal, progress: () => {} });
  const started = performance.now();
  const log = await openPowerLog(source);
  if (log === undefined) throw new Error('The log was not recognised.');
  const { startS, endS } = log.span;
  const eachS = (endS - startS) / requests;
  const spans = Array.from({ length: requests }, (_, i) => ({
    startS: startS + i * eachS + 0.033,
    endS: startS + (i + 0.8) * eachS,
  }));
  const energies = await log.integrate(spans, signal);
  return { started, sum: energies.reduce((sum, { energyJ }) => sum + (energyJ.gpu ?? 0), 0) };
}

let started = performance.now();
/** @type {number} */
let sum;
if (which === 'bare') sum = await bare();
else ({ started, sum } = await ours());
const seconds = (performance.now() - started) / 1000;
/** @type {Part} */
const part = { seconds, memoryMB: process.resourceUsage().maxRSS / 1024, sum };
process.stdout.write(JSON.stringify(part));
