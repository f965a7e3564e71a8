// How long the app takes from the start of its process to a usable first page, beside an Electron window with an empty
// page: the least that any app on that Electron takes. The two take turns, so that a busy moment meets both.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { ensureBuilt } from '../runtime/app.mjs';
import { withDisplay } from '../runtime/display.mjs';
import { describeElectron, ensureElectron, launchArguments } from '../runtime/electron.mjs';
import { Problem } from '../runtime/messages.mjs';
import { root } from '../runtime/places.mjs';
import { ensureSqlite, nodeApiOf } from '../runtime/sqlite.mjs';
import { ensureSystemLibraries } from '../runtime/systemLibraries.mjs';

const warmUps = 1;
const runs = 7;
const goal = 1.5;
const secondsToWait = 60;

/** The line that an app prints when its first page can be used. */
const usable = 'crossover: usable';

/** @returns {Promise<import('../runtime/benches.mjs').BenchResult>} */
export async function run() {
  const electron = await ensureElectron();
  await ensureSystemLibraries(electron);
  await ensureSqlite([nodeApiOf(electron)]);
  await ensureBuilt();
  const data = mkdtempSync(path.join(tmpdir(), 'crossover-bench-'));
  const app = [root, '--data', path.join(data, 'app')];
  const empty = [path.join(root, 'build', 'bench', 'emptyWindow'), '--data', path.join(data, 'empty')];
  /** @type {{ app: number[], empty: number[] }} */
  const times = { app: [], empty: [] };
  try {
    await withDisplay(async (env) => {
      for (let turn = 0; turn < warmUps + runs; turn += 1) {
        const emptyTime = await timeLaunch(electron.path, empty, env);
        const appTime = await timeLaunch(electron.path, app, env);
        if (turn < warmUps) continue;
        times.empty.push(emptyTime);
        times.app.push(appTime);
      }
    });
  } finally {
    rmSync(data, { recursive: true, force: true, maxRetries: 3 });
  }
  const medians = { app: median(times.app), empty: median(times.empty) };
  return {
    title: 'Launch to a usable first page',
    conditions: `${describeElectron(electron)}, medians of ${runs} starts each, after ${warmUps} to warm up`,
    measures: [
      { name: 'Crossover', value: medians.app, unit: 'ms' },
      { name: 'empty window', value: medians.empty, unit: 'ms' },
      { name: 'ratio', value: medians.app / medians.empty, unit: '×', goal },
    ],
  };
}

/**
 * Starts an app, waits until it says that it is usable, and ends it.
 * @param {string} electron
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number>} milliseconds
 */
async function timeLaunch(electron, args, env) {
  const began = performance.now();
  const child = spawn(electron, [...args, ...launchArguments()], {
    env: { ...env, CROSSOVER_ANNOUNCE: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = new Promise((resolve) => child.once('close', resolve));
  let complaints = '';
  child.stderr.on('data', (/** @type {Buffer} */ part) => (complaints += part));
  /** @type {number | undefined} */
  const time = await new Promise((resolve) => {
    const timer = setTimeout(() => resolve(undefined), secondsToWait * 1000);
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.trim() !== usable) return;
      clearTimeout(timer);
      resolve(performance.now() - began);
    });
    child.once('error', () => resolve(undefined));
    child.once('close', () => {
      clearTimeout(timer);
      resolve(undefined);
    });
  });
  child.kill();
  const force = setTimeout(() => child.kill('SIGKILL'), 5000);
  await closed;
  clearTimeout(force);
  if (time === undefined) {
    throw new Problem(
      `The app in ${args[0]} did not say "${usable}" within ${secondsToWait} s. Start it by hand to see why.\n${complaints}`,
    );
  }
  return time;
}

/** @param {number[]} values an odd number of them */
function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
