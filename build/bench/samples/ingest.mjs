// node ingest.mjs <bundle of the store> <empty folder>: stores samples, and inserts the same ones a row each, in turns
// and in transactions of a second. Prints JSON.

import { statSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { loadStore, makeSamples, median, portion, rails, timeOf } from './shared.mjs';

/**
 * @typedef {object} Ingest
 * @property {number} samples in each turn
 * @property {number} turns
 * @property {number} ourS
 * @property {number} bareS
 * @property {number} bareBytesASample
 */

const samples = 200_000;
const turns = 5;

const [bundle = '', data = ''] = process.argv.slice(2);
const { createRun, createSampleWriter, madeRun, openForWriting } = await loadStore(bundle);

const ours = openForWriting(path.join(data, 'ours'));
const bareFile = path.join(data, 'bare.db');
const bare = new Database(bareFile);
bare.pragma('journal_mode = WAL');
bare.pragma('synchronous = FULL');
bare.exec(
  `CREATE TABLE sample (start_s REAL, end_s REAL, ${rails.map((rail) => `${rail} REAL`).join(', ')}) STRICT`,
);
const insert = bare.prepare(`INSERT INTO sample VALUES (?, ?${', ?'.repeat(rails.length)})`);
const insertAll = bare.transaction((/** @type {ReturnType<typeof makeSamples>} */ part) => {
  for (const { startS, endS, energyJ } of part) {
    insert.run(startS, endS, energyJ.cpu, energyJ.gpu, energyJ.ane, energyJ.dram, energyJ.package);
  }
});

/** @type {{ ours: number[], bare: number[] }} */
const times = { ours: [], bare: [] };
for (let turn = 0; turn < turns; turn += 1) {
  const parts = Array.from({ length: samples / portion }, makeSamples);
  const id = `turn-${turn}`;
  createRun(ours, madeRun({ id }));
  const store = () => {
    const writer = createSampleWriter(ours, id);
    for (const part of parts) writer.push(part);
    writer.close();
  };
  times.ours.push(timeOf(store));
  times.bare.push(
    timeOf(() => {
      for (const part of parts) insertAll(part);
    }),
  );
}
ours.close();
bare.close();

/** @type {Ingest} */
const ingest = {
  samples,
  turns,
  ourS: median(times.ours),
  bareS: median(times.bare),
  bareBytesASample: statSync(bareFile).size / (samples * turns),
};
process.stdout.write(JSON.stringify(ingest));
