// Starting other programs.

import { spawn } from 'node:child_process';
import { constants, accessSync } from 'node:fs';
import path from 'node:path';
import { root } from './places.mjs';
import { exitCodeOf } from './messages.mjs';

/**
 * @typedef {object} Outcome
 * @property {number} code exit code; 127 when the program could not be started
 * @property {string} output what it wrote to standard output and standard error, in order
 * @property {boolean} timedOut whether it was stopped because its time was up
 */

/**
 * Runs a program quietly and collects what it says.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, seconds?: number }} [options] `seconds` is a time limit
 * @returns {Promise<Outcome>}
 */
export function runQuietly(command, args, { cwd = root, env = process.env, seconds } = {}) {
  return new Promise((resolve) => {
    // With a time limit the program gets a process group of its own, so that its children stop with it.
    const detached = seconds !== undefined && process.platform !== 'win32';
    const child = spawn(command, args, { cwd, env, detached, stdio: ['ignore', 'pipe', 'pipe'] });
    /** @param {NodeJS.Signals} signal */
    const stop = (signal) => {
      if (child.pid === undefined) return;
      try {
        process.kill(detached ? -child.pid : child.pid, signal);
      } catch {
        // It has ended already.
      }
    };
    const stopWithUs = () => stop('SIGTERM');
    process.once('exit', stopWithUs);
    const forgetInterrupts = onInterrupt(stopWithUs);

    let output = '';
    let timedOut = false;
    const timer =
      seconds === undefined
        ? undefined
        : setTimeout(() => {
            timedOut = true;
            stop('SIGKILL');
          }, seconds * 1000);
    child.stdout.on('data', (/** @type {Buffer} */ part) => (output += part));
    child.stderr.on('data', (/** @type {Buffer} */ part) => (output += part));
    /** @param {number} code */
    const finish = (code) => {
      clearTimeout(timer);
      process.off('exit', stopWithUs);
      forgetInterrupts();
      resolve({ code, output, timedOut });
    };
    child.on('error', (error) => {
      output += error.message;
      finish(127);
    });
    child.on('close', (code, signal) => finish(exitCodeOf(code, signal)));
  });
}

/** How many programs run in the foreground: while one does, it decides how to end on an interrupt. */
let inForeground = 0;

/** @type {readonly NodeJS.Signals[]} */
const interrupts = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Runs a program in the foreground: it shares the terminal. On an interrupt we wait until it has ended, then end too.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<number>} its exit code; 127 when it could not be started
 */
export function runHere(command, args, { cwd = root, env = process.env } = {}) {
  return new Promise((resolve) => {
    inForeground += 1;
    const child = spawn(command, args, { cwd, env, stdio: 'inherit' });
    /** @type {NodeJS.Signals | undefined} */
    let interrupted;
    /** @param {NodeJS.Signals} signal */
    const handler = (signal) => {
      interrupted = signal;
      // The terminal itself sends Ctrl-C to both of us.
      if (signal !== 'SIGINT') child.kill(signal);
    };
    for (const signal of interrupts) process.on(signal, handler);
    /** @param {number} code */
    const finish = (code) => {
      inForeground -= 1;
      for (const signal of interrupts) process.off(signal, handler);
      if (interrupted) process.exit(exitCodeOf(null, interrupted));
      resolve(code);
    };
    child.on('error', () => finish(127));
    child.on('exit', (code, signal) => finish(exitCodeOf(code, signal)));
  });
}

/**
 * Calls `stop` when this process is interrupted, then ends it the way the signal would have.
 * @param {() => void} stop
 * @returns {() => void} forgets the handler
 */
export function onInterrupt(stop) {
  /** @param {NodeJS.Signals} signal */
  const handler = (signal) => {
    if (inForeground > 0) return;
    stop();
    process.exit(exitCodeOf(null, signal));
  };
  for (const signal of interrupts) process.on(signal, handler);
  return () => interrupts.forEach((signal) => process.off(signal, handler));
}

/**
 * Whether a program can be started by its name.
 * @param {string} program
 * @param {string | undefined} [searchPath]
 * @returns {boolean}
 */
export function isOnPath(program, searchPath = process.env.PATH) {
  return (searchPath ?? '').split(path.delimiter).some((folder) => {
    try {
      accessSync(path.join(folder || '.', program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/**
 * The last few lines of a program's output, for an error message.
 * @param {string} output
 * @param {number} [lines]
 * @returns {string}
 */
export function tail(output, lines = 15) {
  return output.trimEnd().split('\n').slice(-lines).join('\n');
}
