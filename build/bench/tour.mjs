// A tour of all pages in the real window, with Alpaca and the bundled profiles: how long a page change takes until it is
// painted, how long the longest task of the main thread is, and how much memory a long tour leaves beside a short one. The
// tour counts page changes, not minutes: the long part has ten times the changes of the short one, as thirty minutes have of
// three at the same pace, without the pauses between. Memory is read after a full garbage collection.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { _electron } from '@playwright/test';
import { ensureBuilt } from '../runtime/app.mjs';
import { withDisplay } from '../runtime/display.mjs';
import { describeElectron, ensureElectron, launchArguments } from '../runtime/electron.mjs';
import { root } from '../runtime/places.mjs';
import { ensureSqlite, nodeApiOf } from '../runtime/sqlite.mjs';
import { ensureSystemLibraries } from '../runtime/systemLibraries.mjs';

/**
 * Page changes of the short part, and of the whole tour; ten times as many, as 30 minutes are of 3. With fewer, what the
 * engine compiles by and by would count as growth.
 */
const short = 200;
const long = 2000;
const changeGoalMs = 100;
const taskGoalMs = 50;
const memoryGoal = 1.2;

/** Every page by its keys and the beginning of its title. */
const pages = /** @type {const} */ ([
  ['0', 'Where should'],
  ['1', 'Measure this'],
  ['2', 'Profiles'],
  ['3', 'Workload'],
  ['4', 'Find the threshold'],
  ['5', 'Check it holds'],
  ['6', 'Report'],
  ['7', 'Studies'],
  ['p', 'Reproduce'],
]);

/** @typedef {{ to: string, ms: number }} Change */
/** @typedef {{ page: string, ms: number }} Task */

/** @returns {Promise<import('../runtime/benches.mjs').BenchResult>} */
export async function run() {
  const electron = await ensureElectron();
  await ensureSystemLibraries(electron);
  await ensureSqlite([nodeApiOf(electron)]);
  await ensureBuilt();
  const data = mkdtempSync(path.join(tmpdir(), 'crossover-bench-'));
  try {
    const { changes, tasks, heap, resident } = await withDisplay((env) => tour(electron.path, data, env));
    const times = changes.map(({ ms }) => ms).sort((a, b) => a - b);
    const slowest = changes.reduce((a, b) => (b.ms > a.ms ? b : a));
    const longest = tasks.reduce((a, b) => (b.ms > a.ms ? b : a), { page: 'none', ms: 0 });
    /** @param {[number, number]} bytes */
    const megabytes = ([before, after]) => `${(before / 1e6).toFixed(1)} to ${(after / 1e6).toFixed(1)} MB`;
    const of = pages.map(([, title]) => {
      const own = changes.filter(({ to }) => to === title).map(({ ms }) => ms);
      own.sort((a, b) => a - b);
      return {
        name: `  to "${title}", median of ${own.length}`,
        value: own[own.length >> 1] ?? NaN,
        unit: 'ms',
      };
    });
    return {
      title: 'A tour of all pages',
      conditions:
        `Alpaca, 51,941 queries, ${describeElectron(electron)}; ${long} page changes after each page was seen once, ` +
        `counted instead of minutes; memory after ${long} of them beside that after ${short}, each time after a full garbage ` +
        `collection`,
      measures: [
        {
          name: 'page change, median',
          value: times[times.length >> 1] ?? NaN,
          unit: 'ms',
          goal: changeGoalMs,
        },
        ...of,
        {
          name: `page change, slowest (to "${slowest.to}")`,
          value: slowest.ms,
          unit: 'ms',
          goal: changeGoalMs,
        },
        { name: `tasks over 50 ms in ${changes.length} changes`, value: tasks.length, unit: '', goal: 0 },
        { name: `longest task (on "${longest.page}")`, value: longest.ms, unit: 'ms', goal: taskGoalMs },
        {
          name: `heap, long over short (${megabytes(heap)})`,
          value: heap[1] / heap[0],
          unit: '×',
          goal: memoryGoal,
        },
        ...(resident === undefined
          ? []
          : [
              {
                name: `memory of the window's process (${megabytes(resident)})`,
                value: resident[1] / resident[0],
                unit: '×',
                goal: memoryGoal,
              },
            ]),
      ],
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
async function tour(executablePath, data, env) {
  const app = await _electron.launch({
    executablePath,
    args: [root, '--data', data, ...launchArguments()],
    env: /** @type {Record<string, string>} */ (env),
  });
  try {
    const page = await app.firstWindow();
    await page.getByRole('navigation', { name: 'Steps' }).waitFor();
    const inspector = await page.context().newCDPSession(page);
    const pid = await app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.webContents.getOSProcessId(),
    );
    /** @returns {Promise<{ heap: number, resident: number | undefined }>} bytes */
    const memory = async () => {
      for (let times = 0; times < 3; times += 1) await inspector.send('HeapProfiler.collectGarbage');
      const { usedSize } = await inspector.send('Runtime.getHeapUsage');
      return { heap: usedSize, resident: residentOf(pid) };
    };
    await page.evaluate(`(${prepare})()`);
    /**
     * All at once: each question from outside would leave code of its own behind in the window.
     * @param {number} count @returns {Promise<Change[]>}
     */
    const change = async (count) => {
      const places = Array.from({ length: count }, (_, i) => pages[(i + 1) % pages.length] ?? pages[0]);
      const times = /** @type {number[]} */ (
        await page.evaluate(`window.tour.go(${JSON.stringify(places)})`)
      );
      return places.map(([, to], i) => ({ to, ms: times[i] ?? NaN }));
    };
    // Each page once: its code and its data are read, the study's intervals computed.
    await change(pages.length);
    await page.keyboard.press('Control+4');
    await page.getByTestId('intervals').filter({ hasText: 'computed' }).waitFor({ timeout: 120_000 });
    await page.keyboard.press('Control+5');
    await page.getByTestId('held').waitFor({ timeout: 120_000 });
    await page.getByTestId('simulated').waitFor({ timeout: 120_000 });
    await page.keyboard.press('Control+0');
    await page.evaluate('window.tour.tasks.length = 0');
    const first = await change(short);
    const before = await memory();
    const rest = await change(long - short);
    const after = await memory();
    const changes = [...first, ...rest];
    const tasks = /** @type {Task[]} */ (await page.evaluate('window.tour.tasks.slice()'));
    return {
      changes,
      tasks,
      heap: /** @type {[number, number]} */ ([before.heap, after.heap]),
      resident:
        before.resident === undefined || after.resident === undefined
          ? undefined
          : /** @type {[number, number]} */ ([before.resident, after.resident]),
    };
  } finally {
    await app.close();
  }
}

/**
 * The memory that a process holds, where the system tells it in files.
 * @param {number | undefined} pid
 * @returns {number | undefined} bytes
 */
function residentOf(pid) {
  try {
    const found = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return found?.[1] === undefined ? undefined : Number(found[1]) * 1024;
  } catch {
    return undefined;
  }
}

/** In the window: `go` presses the keys of pages and tells how long each took to be painted; `tasks` are those over 50 ms. */
const prepare = `() => {
  const tour = { tasks: [], page: 'none' };
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) tour.tasks.push({ page: tour.page, ms: duration });
  }).observe({ type: 'longtask' });
  const painted = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0)));
  const change = async (key, title) => {
    tour.page = title;
    const began = performance.now();
    window.dispatchEvent(new KeyboardEvent('keydown', { key, ctrlKey: true, bubbles: true, cancelable: true }));
    do await painted();
    while (!document.querySelector('main h1')?.textContent.trim().startsWith(title));
    const ms = performance.now() - began;
    // What follows a page change belongs to it, too: its charts come frame by frame.
    do for (let frames = 0; frames < 3; frames += 1) await painted();
    while (document.querySelector('main .chart-frame:not(:has(canvas))'));
    return ms;
  };
  tour.go = async (pages) => {
    const times = [];
    for (const [key, title] of pages) times.push(await change(key, title));
    return times;
  };
  window.tour = tour;
}`;
