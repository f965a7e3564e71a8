// One file, added up by DuckDB with its own defaults, and the result read: the joint table, and where there are times the
// same statistics of the arrivals, from a table that is read once.

import { DuckDBInstance } from '@duckdb/node-api';

const file = process.argv[2] ?? '';
const timed = file.endsWith('timed.csv');
const duck = await DuckDBInstance.create(':memory:');
const connection = await duck.connect();
const began = performance.now();
const joint = 'SELECT "ContextTokens" AS m, "GeneratedTokens" AS n, count(*) AS c FROM';
const read = async (/** @type {string} */ sql) => (await connection.runAndReadAll(sql)).getColumns();
if (timed) {
  await connection.run(`CREATE TABLE trace AS SELECT * FROM read_csv('${file}')`);
  await read(`${joint} trace GROUP BY ALL`);
  await read(`
    SELECT count(*), min(t), max(t), stddev_samp(gap) FROM (
      SELECT t, t - lag(t) OVER (ORDER BY t) AS gap FROM (SELECT epoch_us("TIMESTAMP") / 1e6 AS t FROM trace))`);
  await read(
    `SELECT max(c) FROM (SELECT count(*) AS c FROM trace GROUP BY floor(epoch_us("TIMESTAMP") / 6e7))`,
  );
} else {
  await read(`${joint} read_csv('${file}') GROUP BY ALL`);
}
const seconds = (performance.now() - began) / 1000;
process.stdout.write(
  JSON.stringify({ seconds, memoryMB: process.resourceUsage().maxRSS / 1000, queries: 0, rows: 0 }),
);
