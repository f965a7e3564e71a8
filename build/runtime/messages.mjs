// What the scripts say. Everything goes to standard error: standard output belongs to the program they start.

import { constants } from 'node:os';

/** An expected failure: its message is a sentence that says what happened and what to do. */
export class Problem extends Error {}

/** @param {string} message */
export function note(message) {
  process.stderr.write(`crossover: ${message}\n`);
}

/**
 * Runs a script's body; its result is the exit code, and an expected failure is one sentence.
 * @param {() => Promise<number | void>} body
 */
export async function runScript(body) {
  try {
    process.exitCode = (await body()) ?? 0;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    note(error.message);
    process.exitCode = 1;
  }
}

/**
 * The exit code of an ended process, as a shell reports it.
 * @param {number | null} code
 * @param {NodeJS.Signals | null} signal
 * @returns {number}
 */
export function exitCodeOf(code, signal) {
  return code ?? (signal ? 128 + constants.signals[signal] : 1);
}
