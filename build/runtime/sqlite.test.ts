import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { headersFolder, needsCompiling, nodeApiOf } from './sqlite.mjs';
import { standIn } from './standIn.mjs';

describe('whether better-sqlite3 is compiled', () => {
  test('not for runtimes that the prebuilt binary supports', () => {
    expect(needsCompiling([10])).toBe(false);
    expect(needsCompiling([10, 11])).toBe(false);
  });

  test('for one older runtime among newer ones', () => {
    expect(needsCompiling([10, 9])).toBe(true);
  });

  test('for a runtime that does not say its version, since a crash is worse than a wait', () => {
    expect(needsCompiling([NaN])).toBe(true);
  });

  test('for the stand-in Electron, and not for the official one', () => {
    expect(needsCompiling([nodeApiOf({ version: standIn.electronVersion })])).toBe(true);
    expect(needsCompiling([nodeApiOf({ version: '45.4.1' })])).toBe(false);
  });
});

describe("the headers of this Node's own version", () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'headers-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function install(version: readonly [number, number, number]) {
    const include = path.join(folder, 'include', 'node');
    mkdirSync(include, { recursive: true });
    writeFileSync(path.join(include, 'node_api.h'), '');
    const [major, minor, patch] = version;
    writeFileSync(
      path.join(include, 'node_version.h'),
      `#define NODE_MAJOR_VERSION ${major}\n#define NODE_MINOR_VERSION ${minor}\n#define NODE_PATCH_VERSION ${patch}\n`,
    );
  }

  test('are used where they are beside it', () => {
    install([98, 7, 6]);
    expect(headersFolder(path.join(folder, 'bin', 'node'), '98.7.6')).toBe(folder);
  });

  test("another version's are not", () => {
    install([98, 7, 5]);
    expect(headersFolder(path.join(folder, 'bin', 'node'), '98.7.6')).toBeUndefined();
  });
});
