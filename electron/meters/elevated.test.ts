import { spawn } from 'node:child_process';
import { existsSync, statSync, writeFileSync, chmodSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../test/temporaryFolder.ts';
import { labErrorOf } from '../test/thrown.ts';
import { helperCommand, startElevatedPower, type Dialog } from './elevated.ts';
import { plist } from './fixtures/powermetrics.ts';
import { powermetricsMeter } from './powermetrics.ts';
import { rejectionOf, take } from '../test/testMeters.ts';

/** Asks nobody and runs the command as this user. */
const standInDialog: Dialog = (command) =>
  new Promise((resolve) => {
    const child = spawn('/bin/sh', ['-c', command], { stdio: ['ignore', 'ignore', 'pipe'] });
    let complaint = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
    child.once('close', (code) => resolve({ code, complaint }));
  });

/** A program that prints property lists for ever, as powermetrics does. */
function standInPowermetrics(): string {
  const folder = temporaryFolder();
  const file = path.join(folder, 'powermetrics');
  writeFileSync(path.join(folder, 'sample'), plist({ cpuMw: 5000 }));
  writeFileSync(
    file,
    `#!/bin/sh\nwhile cat ${path.join(folder, 'sample')}; do printf '\\0'; sleep 0.1; done\n`,
  );
  chmodSync(file, 0o755);
  return file;
}

describe.skipIf(process.platform === 'win32')('the elevated helper', () => {
  test('feeds a meter, is readable by this user alone, and ends when told', async () => {
    const power = await startElevatedPower({ dialog: standInDialog, powermetrics: standInPowermetrics() });
    expect(statSync(power.stream).isFIFO()).toBe(true);
    expect(statSync(power.stream).mode & 0o077).toBe(0);
    const samples = await take(powermetricsMeter({ stream: power.stream }), 3);
    expect(samples[0]!.energyJ.cpu).toBeCloseTo(5 * 0.208, 9);
    await power.stop();
    expect(existsSync(power.stream)).toBe(false);
  });

  test('ends by itself when the heartbeat stops', async () => {
    const power = await startElevatedPower({ dialog: standInDialog, powermetrics: standInPowermetrics() });
    power.abandon();
    await power.ended;
    expect(existsSync(power.stream)).toBe(false);
  });

  test('a user who says no', async () => {
    const no: Dialog = () => Promise.resolve({ code: 1, complaint: 'User cancelled. (-128)' });
    const error = await rejectionOf(startElevatedPower({ dialog: no }));
    expect(error).toMatchObject({ kind: 'meter-permission' });
    expect(error.message).toContain('cancelled');
  });

  test('its command is fixed: no name that would need quoting gets in', () => {
    const place = { out: '/tmp/out', own: '/tmp/own', uid: 501 };
    expect(helperCommand(place)).toContain('/usr/bin/powermetrics -f plist -i 200 -b 0');
    for (const own of ['/tmp/a b', '/tmp/$(id)', "/tmp/'", '/tmp/;x', 'relative']) {
      expect(labErrorOf(() => helperCommand({ ...place, own })).kind).toBe('meter-permission');
    }
  });
});
