// What a step of the λ slider takes in the real window, on Alpaca: all that its main thread does from the key press until the
// charts are drawn and the page is laid out and painted, told by Chromium itself. Steps are taken on each view of the page.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { _electron } from '@playwright/test';
import { ensureBuilt } from '../runtime/app.mjs';
import { withDisplay } from '../runtime/display.mjs';
import { describeElectron, ensureElectron, launchArguments } from '../runtime/electron.mjs';
import { Problem } from '../runtime/messages.mjs';
import { root } from '../runtime/places.mjs';
import { ensureSqlite, nodeApiOf } from '../runtime/sqlite.mjs';
import { ensureSystemLibraries } from '../runtime/systemLibraries.mjs';

const goalMs = 16;
const warmUps = 30;
const steps = 61;
const views = ['Map', 'Both thresholds', 'One threshold', 'Energy and time'];

/** @returns {Promise<import('../runtime/benches.mjs').BenchResult>} */
export async function run() {
  const electron = await ensureElectron();
  await ensureSystemLibraries(electron);
  await ensureSqlite([nodeApiOf(electron)]);
  await ensureBuilt();
  const data = mkdtempSync(path.join(tmpdir(), 'crossover-bench-'));
  try {
    const measured = await withDisplay((env) => stepThrough(electron.path, data, env));
    return {
      title: 'A step of the λ slider in the window',
      conditions:
        `Alpaca, 51,941 queries, ${describeElectron(electron)}; the main thread's work for each of ${steps} steps of 0.01, ` +
        `medians, after ${warmUps} to warm up`,
      measures: measured.map(({ view, ms, slowestMs }) => ({
        name: `${view} (9 of 10 within ${slowestMs.toPrecision(3)} ms)`,
        value: ms,
        unit: 'ms',
        goal: goalMs,
      })),
    };
  } finally {
    rmSync(data, { recursive: true, force: true, maxRetries: 3 });
  }
}

/**
 * @param {string} executablePath
 * @param {string} data folder
 * @param {NodeJS.ProcessEnv} env
 */
async function stepThrough(executablePath, data, env) {
  const app = await _electron.launch({
    executablePath,
    args: [root, '--data', data, ...launchArguments()],
    env: /** @type {Record<string, string>} */ (env),
  });
  try {
    const page = await app.firstWindow();
    await page.getByRole('navigation', { name: 'Steps' }).waitFor();
    await page.keyboard.press('Control+4');
    await page.getByTestId('verdict').filter({ hasText: 'at most 1264' }).waitFor();
    const inspector = await page.context().newCDPSession(page);
    await inspector.send('Performance.enable', { timeDomain: 'threadTicks' });
    /** @returns {Promise<number>} seconds of work of the main thread so far */
    const worked = async () => {
      const { metrics } = await inspector.send('Performance.getMetrics');
      const found = metrics.find(({ name }) => name === 'TaskDuration');
      if (found === undefined) throw new Problem('Chromium does not tell how long its tasks take.');
      return found.value;
    };
    const thumb = page.getByRole('slider', { name: /weight of energy/ });
    const measured = [];
    for (const view of views) {
      await page.getByRole('tab', { name: view }).click();
      await thumb.focus();
      /** @type {number[]} */
      const times = [];
      // To and fro between 0.70 and 1, where thresholds change from step to step.
      for (let step = 0; step < warmUps + steps; step += 1) {
        const key = Math.floor(step / 30) % 2 === 0 ? 'ArrowLeft' : 'ArrowRight';
        const before = await worked();
        await page.evaluate(`(${pressAndPaint})('${key}')`);
        if (step >= warmUps) times.push(((await worked()) - before) * 1000);
      }
      times.sort((a, b) => a - b);
      const at = (/** @type {number} */ share) => times[Math.floor(share * (times.length - 1))] ?? NaN;
      measured.push({ view, ms: at(0.5), slowestMs: at(0.9) });
    }
    return measured;
  } finally {
    await app.close();
  }
}

/** In the window: a function of the key to press on the slider, which ends when what follows is painted. */
const pressAndPaint = `async (key) => {
  document.activeElement.dispatchEvent(
    new KeyboardEvent('keydown', { key, code: key, bubbles: true, cancelable: true }),
  );
  await new Promise((painted) => requestAnimationFrame(() => setTimeout(painted, 0)));
}`;
