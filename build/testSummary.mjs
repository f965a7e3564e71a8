// What a test run amounts to. The last line of `npm test` is made here.

import { readFileSync } from 'node:fs';

/**
 * @typedef {object} Tally
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 */

/** @type {Tally} */
export const onePassed = { passed: 1, failed: 0, skipped: 0 };
/** @type {Tally} */
export const oneFailed = { passed: 0, failed: 1, skipped: 0 };

export const stages = /** @type {const} */ (['types', 'lint', 'format', 'unit', 'build', 'e2e']);

/** @typedef {(typeof stages)[number]} Stage */

/**
 * Reads `STAGE… -- RUNNER ARGUMENTS`; without a stage, all of them.
 * @param {readonly string[]} args
 * @returns {{ chosen: Stage[], forRunner: string[], unknown: string[] }}
 */
export function readArguments(args) {
  const end = args.includes('--') ? args.indexOf('--') : args.length;
  const named = args.slice(0, end);
  return {
    chosen: stages.filter((stage) => named.length === 0 || named.includes(stage)),
    forRunner: args.slice(end + 1),
    unknown: named.filter((name) => !stages.some((stage) => stage === name)),
  };
}

/**
 * Counts a test runner's result. A run that ended badly, or in which no test ran, has failed even if no test says so.
 * @param {Tally | undefined} counted what its report says; undefined when there is none
 * @param {number} exitCode
 * @returns {Tally}
 */
export function judgeRun(counted, exitCode) {
  if (counted === undefined) return oneFailed;
  const silentlyFailed = counted.failed === 0 && (exitCode !== 0 || counted.passed === 0);
  return silentlyFailed ? { ...counted, failed: 1 } : counted;
}

/**
 * @param {string} file Vitest's JSON report
 * @returns {Tally | undefined}
 */
export function readVitestReport(file) {
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = readNumbers(
    file,
    (report) => report,
  );
  return tallyOf([numPassedTests], [numFailedTests], [numPendingTests, numTodoTests]);
}

/**
 * @param {string} file Playwright's JSON report
 * @returns {Tally | undefined}
 */
export function readPlaywrightReport(file) {
  const { expected, flaky, unexpected, skipped } = readNumbers(file, (report) => report.stats);
  return tallyOf([expected, flaky], [unexpected], [skipped]);
}

/**
 * @param {string} file
 * @param {(report: Record<string, unknown>) => unknown} pick
 * @returns {Record<string, unknown>} empty when the file is missing or is no such report
 */
function readNumbers(file, pick) {
  try {
    const picked = pick(JSON.parse(readFileSync(file, 'utf8')));
    return typeof picked === 'object' && picked !== null ? { ...picked } : {};
  } catch {
    return {};
  }
}

/**
 * @param {readonly unknown[]} passed
 * @param {readonly unknown[]} failed
 * @param {readonly unknown[]} skipped
 * @returns {Tally | undefined} undefined when a number is missing
 */
function tallyOf(passed, failed, skipped) {
  const sum = (/** @type {readonly unknown[]} */ parts) =>
    parts.reduce(
      (/** @type {number} */ total, part) => total + (Number.isInteger(part) ? Number(part) : NaN),
      0,
    );
  const tally = { passed: sum(passed), failed: sum(failed), skipped: sum(skipped) };
  return Object.values(tally).every(Number.isInteger) ? tally : undefined;
}

/**
 * @param {readonly Tally[]} tallies
 * @returns {Tally}
 */
export function addUp(tallies) {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const tally of tallies) {
    sum.passed += tally.passed;
    sum.failed += tally.failed;
    sum.skipped += tally.skipped;
  }
  return sum;
}

/**
 * @param {Tally} tally
 * @returns {string} as in "41 passed, 0 failed, 2 skipped"
 */
export function summaryLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
