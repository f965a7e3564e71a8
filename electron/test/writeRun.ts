/**
 * A program that stores a run as a measurement does, as fast as it can, until it is killed: samples as they come,
 * and a trial whenever one is done. It says after each trial that the trial is stored.
 */
import { openForWriting } from '../store/database.ts';
import { createRun, findRun, markInterrupted, runEndS, updateRun } from '../store/runs.ts';
import { createSampleWriter } from '../store/samples.ts';
import { listTrials, putTrial } from '../store/trials.ts';
import { madeRun, madeTrial } from './madeRun.ts';
import { steadySamples } from './madeSamples.ts';

const db = openForWriting(process.argv[2] ?? '');
const run = madeRun();
if (findRun(db, run.id) === undefined) createRun(db, run);
markInterrupted(db);
updateRun(db, run.id, { state: 'running' });
const writer = createSampleWriter(db, run.id);
const samplesOfTrial = 1500;
let atS = Math.ceil(runEndS(db, run.id));
process.stdout.write('ready\n');
for (let index = listTrials(db, run.id).length; ; index++) {
  const samples = steadySamples(samplesOfTrial, atS);
  for (let i = 0; i < samplesOfTrial; i += 100) writer.push(samples.slice(i, i + 100));
  writer.flush();
  putTrial(db, run.id, madeTrial({ index, startS: atS, endS: atS + samplesOfTrial / 1000 }));
  process.stdout.write(`${index}\n`);
  atS += Math.ceil(samplesOfTrial / 1000);
}
