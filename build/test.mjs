// npm test: types, lint, format, unit tests, build and end-to-end tests; `node build/test.mjs unit` runs some of them,
// and what follows `--` goes to the test runner. The last line counts every test, and each other stage as one.

import { mkdirSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { ensureBuilt } from './runtime/app.mjs';
import { runHere, runQuietly } from './runtime/commands.mjs';
import { withDisplays } from './runtime/display.mjs';
import { describeElectron, ensureElectron } from './runtime/electron.mjs';
import { Problem, note, runScript } from './runtime/messages.mjs';
import { inPackage, root } from './runtime/places.mjs';
import { ensureSqlite, nodeApiHere, nodeApiOf } from './runtime/sqlite.mjs';
import { ensureSystemLibraries } from './runtime/systemLibraries.mjs';
import {
  addUp,
  judgeRun,
  oneFailed,
  onePassed,
  readArguments,
  readPlaywrightReport,
  readVitestReport,
  summaryLine,
} from './testSummary.mjs';

/** @typedef {import('./testSummary.mjs').Stage} Stage */
/** @typedef {import('./testSummary.mjs').Tally} Tally */

/** End-to-end tests beside one another: each window draws with a core of its own. */
const MOST_WINDOWS = 2;

const reports = path.join(root, 'out', 'test');

/** @type {Record<Stage, (forRunner: string[]) => Promise<Tally>>} */
const run = {
  types: () => check(path.join(root, 'build', 'checkTypes.mjs')),
  lint: () => check(inPackage('eslint', 'bin', 'eslint.js'), '.'),
  format: () => check(inPackage('prettier', 'bin', 'prettier.cjs'), '--check', '--log-level', 'warn', '.'),
  unit: runUnitTests,
  build: async () => {
    await ensureBuilt();
    return onePassed;
  },
  e2e: runEndToEndTests,
};

await runScript(async () => {
  const { chosen, forRunner, unknown } = readArguments(process.argv.slice(2));
  if (unknown.length > 0) {
    throw new Problem(
      `There is no test stage ${unknown.join(', ')}. Choose from: ${Object.keys(run).join(', ')}.`,
    );
  }
  /** @type {Map<Stage, Tally>} */
  const results = new Map();
  /** @param {Stage} stage */
  const runStage = async (stage) => {
    if (stage === 'e2e' && (results.get('build')?.failed ?? 0) > 0) {
      note('e2e: not run, since the app could not be built; this counts as a failure.');
      results.set(stage, oneFailed);
      return;
    }
    const began = performance.now();
    const tally = await outcomeOf(() => run[stage](forRunner));
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    note(`${stage}: ${summaryLine(tally)} (${seconds} s)`);
    results.set(stage, tally);
  };
  // The checks of the source need little more than a core each, and do not touch one another.
  await Promise.all(chosen.filter(isCheck).map(runStage));
  for (const stage of chosen.filter((each) => !isCheck(each))) await runStage(stage);
  const total = addUp([...results.values()]);
  process.stdout.write(`${summaryLine(total)}\n`);
  return total.failed > 0 ? 1 : 0;
});

/**
 * A stage that cannot run has failed, and the others still run.
 * @param {() => Promise<Tally>} stage
 * @returns {Promise<Tally>}
 */
async function outcomeOf(stage) {
  try {
    return await stage();
  } catch (error) {
    note(error instanceof Problem ? error.message : String(error instanceof Error ? error.stack : error));
    return oneFailed;
  }
}

/**
 * Whether a stage only reads the source.
 * @param {Stage} stage
 */
function isCheck(stage) {
  return stage === 'types' || stage === 'lint' || stage === 'format';
}

/**
 * @param {string} script
 * @param {...string} args
 * @returns {Promise<Tally>}
 */
async function check(script, ...args) {
  const { code, output } = await runQuietly(process.execPath, [script, ...args]);
  // All at once: others are at work beside it.
  process.stdout.write(output);
  return code === 0 ? onePassed : oneFailed;
}

/** @param {string[]} forRunner */
async function runUnitTests(forRunner) {
  await ensureSqlite();
  const report = emptyReport('unit.json');
  const code = await runHere(process.execPath, [
    inPackage('vitest', 'vitest.mjs'),
    'run',
    '--config',
    path.join(root, 'build', 'vitest.config.ts'),
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...forRunner,
  ]);
  return judgeRun(readVitestReport(report), code);
}

/** @param {string[]} forRunner */
async function runEndToEndTests(forRunner) {
  const electron = await ensureElectron();
  await ensureSystemLibraries(electron);
  await ensureSqlite([nodeApiHere, nodeApiOf(electron)]);
  await ensureBuilt();
  const report = emptyReport('e2e.json');
  const code = await withDisplays(Math.min(availableParallelism(), MOST_WINDOWS), (env) =>
    runHere(
      process.execPath,
      [
        inPackage('@playwright/test', 'cli.js'),
        'test',
        '--config',
        path.join(root, 'e2e', 'playwright.config.ts'),
        '--reporter=list,json',
        // A hanging window must not hold up the whole run.
        '--global-timeout=900000',
        ...forRunner,
      ],
      { env: { ...env, PLAYWRIGHT_JSON_OUTPUT_FILE: report } },
    ),
  );
  note(`e2e ran on ${describeElectron(electron)}.`);
  return judgeRun(readPlaywrightReport(report), code);
}

/**
 * Where a report goes; an older one there could be taken for this run's.
 * @param {string} name
 */
function emptyReport(name) {
  const file = path.join(reports, name);
  mkdirSync(reports, { recursive: true });
  rmSync(file, { force: true });
  return file;
}
