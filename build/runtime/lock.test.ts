import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withLock } from './lock.mjs';

let file = '';
beforeEach(() => {
  file = path.join(mkdtempSync(path.join(tmpdir(), 'lock-')), 'lock');
});
afterEach(() => rmSync(path.dirname(file), { recursive: true }));

test('the lock is held during the work, and released after it', async () => {
  const held = await withLock(file, 'test', () => Promise.resolve(existsSync(file)));
  expect(held).toBe(true);
  expect(existsSync(file)).toBe(false);
});

test('it is released when the work fails', async () => {
  await expect(withLock(file, 'test', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(existsSync(file)).toBe(false);
});

test('one left by a process that is gone is taken over', async () => {
  const { pid } = spawnSync(process.execPath, ['--version']);
  writeFileSync(file, String(pid));
  expect(await withLock(file, 'test', () => Promise.resolve('done'))).toBe('done');
});
