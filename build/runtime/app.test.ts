import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isBuilt, results, stampOf } from './app.mjs';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'sources-'));
  write('electron/main/index.ts', 'one');
  write('package.json', '{}');
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(file: string, text: string, seconds = 1_000_000) {
  const place = path.join(folder, file);
  mkdirSync(path.dirname(place), { recursive: true });
  writeFileSync(place, text);
  utimesSync(place, seconds, seconds);
}

function writeResults() {
  for (const file of results) write(file, 'built');
}

test('everything that is built belongs to what a build must have made', () => {
  const config = readFileSync(new URL('../electron.vite.config.ts', import.meta.url), 'utf8');
  const entries = [...config.matchAll(/^ +(\w+): fromRoot\('electron\/[^']+'\),$/gm)].map(
    ([, name]) => name!,
  );
  expect(entries.length).toBeGreaterThan(6);
  for (const name of entries) expect(results).toContain(`out/${name}/index.js`);
});

describe('the fingerprint of the sources', () => {
  test('is the same for the same sources', () => {
    expect(stampOf(folder)).toBe(stampOf(folder));
  });

  test.each([
    ['a file grows', () => write('electron/main/index.ts', 'one more')],
    ['a file changes at the same size', () => write('electron/main/index.ts', 'two', 1_000_001)],
    ['a file is added', () => write('renderer/App.vue', '')],
    ['a file is removed', () => rmSync(path.join(folder, 'package.json'))],
  ])('changes when %s', (_, change) => {
    const before = stampOf(folder);
    change();
    expect(stampOf(folder)).not.toBe(before);
  });

  test('does not depend on tests', () => {
    const before = stampOf(folder);
    write('electron/main/index.test.ts', 'a test');
    expect(stampOf(folder)).toBe(before);
  });
});

describe('the built app is up to date', () => {
  test('when it was made from these sources and is complete', () => {
    writeResults();
    write('out/sources.stamp', stampOf(folder));
    expect(isBuilt(folder)).toBe(true);
  });

  test('but not without a stamp, as after a failed build', () => {
    writeResults();
    expect(isBuilt(folder)).toBe(false);
  });

  test('but not when a part is missing', () => {
    writeResults();
    write('out/sources.stamp', stampOf(folder));
    rmSync(path.join(folder, 'out/cli/index.js'));
    expect(isBuilt(folder)).toBe(false);
  });

  test('but not when a source has changed since', () => {
    writeResults();
    write('out/sources.stamp', stampOf(folder));
    write('electron/main/index.ts', 'one more');
    expect(isBuilt(folder)).toBe(false);
  });
});
