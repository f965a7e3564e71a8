// What a meter itself takes of the processor while it measures: its process, and turning what it prints into samples.
// Our own reader of IOReport runs against a stand-in for that library; what stands in for macmon and powermetrics
// prints what they print, as often, and computes nothing, so those two figures are nearly all our reading.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../runtime/places.mjs';
import { bundleSources } from '../runtime/sources.mjs';

const goal = 0.01;
const seconds = 8;
/** The start of a process, and of the compiler in our own, is none of a meter's work. */
const samplesFirst = 10;
/** A Mac in use has about as many processes. */
const tasks = 400;

/** @returns {Promise<import('../runtime/benches.mjs').BenchResult>} */
export async function run() {
  const bundle = await bundleSources({
    ioreport: 'electron/meters/ioreport.ts',
    ioreportWorker: 'electron/meters/ioreportWorker.ts',
    macmon: 'electron/meters/macmon.ts',
    powermetrics: 'electron/meters/powermetrics.ts',
    madeUp: 'electron/meters/fixtures/powermetrics.ts',
    clock: 'electron/clock.ts',
  });
  const folder = mkdtempSync(path.join(tmpdir(), 'crossover-bench-'));
  /** @param {string} name @returns {string} */
  const bundled = (name) => pathToFileURL(path.join(bundle.folder, `${name}.mjs`)).href;
  try {
    /** @type {typeof import('../../electron/meters/ioreport.ts')} */
    const { ioreportMeter } = await import(bundled('ioreport'));
    /** @type {typeof import('../../electron/meters/macmon.ts')} */
    const { macmonMeter } = await import(bundled('macmon'));
    /** @type {typeof import('../../electron/meters/powermetrics.ts')} */
    const { powermetricsMeter } = await import(bundled('powermetrics'));
    /** @type {typeof import('../../electron/meters/fixtures/powermetrics.ts')} */
    const { plist } = await import(bundled('madeUp'));
    /** @type {typeof import('../../electron/clock.ts')} */
    const { monotonicS } = await import(bundled('clock'));

    const line = `${JSON.stringify({ cpu_power: 5, gpu_power: 9, ane_power: 0, ram_power: 1, sys_power: 20 })}\n`;
    const list = `${plist({ cpuMw: 5000, impact: { 7: 30 }, all: 800, others: tasks })}\0`;
    const library = standInLibrary(folder);
    const ioreport =
      library === undefined
        ? undefined
        : await overheadOf(
            ioreportMeter({
              worker: path.join(bundle.folder, 'ioreportWorker.mjs'),
              libraries: { ioReport: library, coreFoundation: library },
            }),
            monotonicS,
          );
    const lines = await overheadOf(macmonMeter({ command: printer(folder, 'lines', line, 100) }), monotonicS);
    const lists = await overheadOf(
      powermetricsMeter({ command: printer(folder, 'lists', list, 208), pids: [7] }),
      monotonicS,
    );
    return {
      title: 'Overhead of a meter, as a fraction of one core',
      conditions: `over ${seconds} s each; lists of ${tasks} tasks, ${Math.round(list.length / 1000)} kB each`,
      measures: [
        ...(ioreport === undefined
          ? []
          : [
              { name: 'IOReport at 10 Hz, its process and the reading', value: ioreport, unit: 'core', goal },
            ]),
        { name: 'lines as macmon’s at 10 Hz', value: lines, unit: 'core', goal },
        { name: 'lists as powermetrics’ at 5 Hz', value: lists, unit: 'core', goal },
      ],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    bundle.remove();
  }
}

/**
 * @param {import('../../electron/meters/meter.ts').Meter} meter
 * @param {() => number} clock
 * @returns {Promise<number>} CPU time over time
 */
async function overheadOf(meter, clock) {
  const stop = new AbortController();
  let samples = 0;
  /** @type {{ atS: number, usedS: number } | undefined} */
  let from;
  let overhead = Number.NaN;
  for await (const sample of meter.samples(stop.signal)) {
    samples += 1;
    if (samples < samplesFirst || (from !== undefined && sample.endS < from.atS + seconds)) continue;
    const usedS = await meter.cpuS?.();
    if (usedS === undefined) throw new Error(`the CPU time of ${meter.info.name} cannot be read here`);
    const atS = clock();
    if (from === undefined) from = { atS, usedS };
    else {
      overhead = (usedS - from.usedS) / (atS - from.atS);
      stop.abort();
    }
  }
  return overhead;
}

/**
 * A program that prints the same text again and again.
 * @param {string} folder
 * @param {string} name
 * @param {string} text
 * @param {number} everyMs
 * @returns {import('../../electron/meters/childMeter.ts').Command}
 */
function printer(folder, name, text, everyMs) {
  const file = path.join(folder, `${name}.cjs`);
  writeFileSync(
    file,
    `const { writeSync } = require('node:fs');
const bytes = Buffer.from(${JSON.stringify(text)});
const rest = new Int32Array(new SharedArrayBuffer(4));
for (;;) {
  for (let at = 0; at < bytes.length; ) at += writeSync(1, bytes, at);
  Atomics.wait(rest, 0, 0, ${everyMs});
}
`,
  );
  return { file: process.execPath, args: [file] };
}

/**
 * Compiles the library that stands in for IOReport's.
 * @param {string} folder
 * @returns {string | undefined} undefined without a compiler
 */
function standInLibrary(folder) {
  const library = path.join(folder, 'libStandIn.so');
  const source = path.join(root, 'build', 'native', 'standInIoReport.c');
  const { status } = spawnSync('gcc', ['-shared', '-fPIC', '-O1', '-o', library, source]);
  return status === 0 ? library : undefined;
}
