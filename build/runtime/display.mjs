// A display for windows: the one there is, or on Linux a virtual one.

import { spawn } from 'node:child_process';
import { onInterrupt } from './commands.mjs';
import { Problem } from './messages.mjs';

/**
 * Whether windows can be shown.
 * @param {NodeJS.ProcessEnv} [env]
 * @param {NodeJS.Platform} [platform]
 * @returns {boolean}
 */
export function hasDisplay(env = process.env, platform = process.platform) {
  return platform !== 'linux' || Boolean(env.DISPLAY) || Boolean(env.WAYLAND_DISPLAY);
}

/**
 * Runs `work` with an environment in which windows can open: this one's display, or a virtual one for as long as
 * `work` takes.
 * @template T
 * @param {(env: NodeJS.ProcessEnv) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withDisplay(work) {
  return hasDisplay() ? work(process.env) : withXvfb(work);
}

/**
 * Runs `work` with an environment in which windows can open beside one another: virtual displays, named in
 * CROSSOVER_DISPLAYS, so that no window takes the focus or the clipboard from another. Where there is a display
 * already, it is used alone.
 * @template T
 * @param {number} count
 * @param {(env: NodeJS.ProcessEnv) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withDisplays(count, work) {
  if (hasDisplay()) return work(process.env);
  /** @param {readonly string[]} displays @returns {Promise<T>} */
  const withMore = (displays) =>
    displays.length === count
      ? work({ ...process.env, DISPLAY: displays[0], CROSSOVER_DISPLAYS: displays.join(' ') })
      : withXvfb((env) => withMore([...displays, env.DISPLAY ?? '']));
  return withMore([]);
}

/**
 * Runs `work` with a virtual display of its own.
 * @template T
 * @param {(env: NodeJS.ProcessEnv) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withXvfb(work) {
  const { display, stop } = await startXvfb();
  try {
    return await work({ ...process.env, DISPLAY: display });
  } finally {
    await stop();
  }
}

/**
 * Starts a virtual display on a number that is free.
 * @returns {Promise<{ display: string, stop: () => Promise<void> }>}
 * @throws {Problem} when it does not start
 */
async function startXvfb() {
  // A group of its own: Ctrl-C in the terminal must not take the display away from windows that are closing.
  const child = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1920x1200x24', '-nolisten', 'tcp'], {
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  const kill = () => child.kill('SIGTERM');
  process.once('exit', kill);
  const forgetInterrupts = onInterrupt(kill);
  /** @type {Promise<void>} */
  const ended = new Promise((resolve) => {
    child.once('error', () => resolve());
    child.once('close', () => resolve());
  });
  const stop = async () => {
    kill();
    await ended;
    process.off('exit', kill);
    forgetInterrupts();
  };

  let complaints = '';
  child.stderr?.on('data', (/** @type {Buffer} */ part) => (complaints += part));
  /** @type {string | undefined} */
  const number = await new Promise((resolve) => {
    let text = '';
    child.stdio[3]?.on('data', (/** @type {Buffer} */ part) => {
      text += part;
      if (text.includes('\n')) resolve(text.trim());
    });
    child.once('error', (error) => {
      complaints += error.message;
      resolve(undefined);
    });
    child.once('close', () => resolve(undefined));
  });
  if (number === undefined) {
    await stop();
    throw new Problem(
      `No virtual display could be started (${complaints.trim() || 'Xvfb ended at once'}). ` +
        'Install Xvfb (Debian: apt-get install xvfb) or set DISPLAY, and try again.',
    );
  }
  return { display: `:${number}`, stop };
}
