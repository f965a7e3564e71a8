// node longRun.mjs <bundle of the store> <empty folder>: stores a run of ten million samples, opens it, and moves
// about in it. Prints JSON.

import { statSync } from 'node:fs';
import { loadStore, makeSamples, median, nowS, portion, random, timeOf } from './shared.mjs';

/**
 * @typedef {object} LongRun
 * @property {number} samples
 * @property {number} bytesASample
 * @property {number} memoryMB most memory of this process while it stored them, Node and all
 * @property {number} openMs
 * @property {number} panMs
 * @property {number} panP95Ms
 */

const samples = 10_000_000;
const points = 2000;
const pans = 200;
const closestS = 2;
const id = 'long';

const [bundle = '', folder = ''] = process.argv.slice(2);
const store = await loadStore(bundle);

const startS = nowS();
const db = store.openForWriting(folder);
store.createRun(db, store.madeRun({ id }));
const writer = store.createSampleWriter(db, id);
let memoryBytes = 0;
for (let stored = 0; stored < samples; stored += portion) {
  writer.push(makeSamples());
  memoryBytes = Math.max(memoryBytes, process.memoryUsage.rss());
}
writer.close();
db.close();
const lengthS = nowS() - startS;

/** @type {ReturnType<typeof store.openForReading> | undefined} */
let reader;
const openS = timeOf(() => {
  reader = store.openForReading(folder);
  store.readSeries(reader, id, { points });
});
const panTimes = Array.from({ length: pans }, () => {
  // From all of it down to the closest look, each zoom as likely as another.
  const widthS = lengthS * (closestS / lengthS) ** random();
  const fromS = startS + random() * (lengthS - widthS);
  return timeOf(() => {
    if (reader !== undefined) store.readSeries(reader, id, { fromS, toS: fromS + widthS, points });
  });
}).sort((a, b) => a - b);
reader?.close();

/** @type {LongRun} */
const longRun = {
  samples,
  bytesASample: statSync(store.databaseFile(folder)).size / samples,
  memoryMB: memoryBytes / 1e6,
  openMs: openS * 1000,
  panMs: median(panTimes) * 1000,
  panP95Ms: (panTimes[Math.floor(pans * 0.95)] ?? NaN) * 1000,
};
process.stdout.write(JSON.stringify(longRun));
