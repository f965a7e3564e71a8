import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { finishInterruptedInstallation } from './packages.mjs';

describe('an installation of system packages that was cut off', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'packages-'));
    vi.stubEnv('PATH', [folder, process.env.PATH].join(path.delimiter));
    vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    writeProgram('dpkg', 0);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
    rmSync(folder, { recursive: true });
  });

  /** A program that writes down how it was called, and in which environment. */
  function writeProgram(name: string, code: number) {
    const file = path.join(folder, name);
    const log = path.join(folder, 'calls');
    writeFileSync(file, `#!/bin/sh\necho "$DEBIAN_FRONTEND: ${name} $*" >> '${log}'\nexit ${String(code)}\n`);
    chmodSync(file, 0o755);
  }

  const calls = () => readFileSync(path.join(folder, 'calls'), 'utf8').trim().split('\n');

  test('is finished before anything else is installed, and without a question', async () => {
    writeProgram('apt-get', 100); // as after "dpkg was interrupted"
    await finishInterruptedInstallation('root');
    expect(calls()).toEqual([
      expect.stringMatching(/^noninteractive: apt-get .*check$/),
      'noninteractive: dpkg --configure -a',
    ]);
  });

  test('where there is none, nothing is touched', async () => {
    writeProgram('apt-get', 0);
    await finishInterruptedInstallation('root');
    expect(calls()).toEqual([expect.stringMatching(/apt-get .*check$/)]);
  });
});
