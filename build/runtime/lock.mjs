// One process at a time does the slow things; the others wait and then find them done.

import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { note } from './messages.mjs';

/**
 * Runs `work` while holding the lock; a lock left by a process that is gone is taken over.
 * @template T
 * @param {string} file the lock: a file that exists while it is held
 * @param {string} what for the message shown to whoever waits, as in "waiting for another … to finish"
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(file, what, work) {
  mkdirSync(path.dirname(file), { recursive: true });
  let said = false;
  while (!take(file)) {
    if (isAbandoned(file)) {
      dropAbandoned(file);
      continue;
    }
    if (!said) note(`waiting for another ${what} to finish …`);
    said = true;
    await wait(200);
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

/** @param {string} file */
function take(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false;
    throw error;
  }
}

/** @param {string} file */
function isAbandoned(file) {
  let holder;
  try {
    holder = Number(readFileSync(file, 'utf8'));
  } catch {
    return false; // Released just now.
  }
  if (!Number.isInteger(holder) || holder <= 0) return false; // Being written.
  if (holder === process.pid) return true; // A process id that came round again: we hold nothing.
  try {
    process.kill(holder, 0);
    return false;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'ESRCH';
  }
}

/**
 * Moved aside first, so that of two processes that see it abandoned only one removes it.
 * @param {string} file
 */
function dropAbandoned(file) {
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
    rmSync(aside, { force: true });
  } catch {
    // Another process was faster.
  }
}
