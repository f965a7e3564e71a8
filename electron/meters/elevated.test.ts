import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { monotonicS } from '../clock.ts';
import { bundleForChild } from '../test/bundleForChild.ts';
import { standInDialog } from '../test/standInDialog.ts';
import { standInPowermetrics } from '../test/standInPowermetrics.ts';
import { rejectionOf, take } from '../test/testMeters.ts';
import { temporaryFolder } from '../test/temporaryFolder.ts';
import { labErrorOf } from '../test/thrown.ts';
import { helperCommand, startElevatedPower, type Dialog } from './elevated.ts';
import { pause } from './pause.ts';
import { powermetricsMeter } from './powermetrics.ts';

/** Resolves when a process is gone; one that is not reaped by anybody counts as gone. */
async function gone(pid: number): Promise<void> {
  while (isAlive(pid)) await pause(0.02, new AbortController().signal);
}

/** What the helper tells once it can. */
async function told<T>(ask: () => T | undefined): Promise<T> {
  for (;;) {
    const answer = ask();
    if (answer !== undefined) return answer;
    await pause(0.02, new AbortController().signal);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    const stat = existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, 'utf8') : '';
    return !/\) Z /.test(stat);
  } catch {
    return false;
  }
}

describe.skipIf(process.platform === 'win32')('the elevated helper', () => {
  test('feeds a meter, is readable by this user alone, and ends when told', async () => {
    const power = await startElevatedPower({ dialog: standInDialog, powermetrics: standInPowermetrics() });
    expect(statSync(power.stream).isFIFO()).toBe(true);
    expect(statSync(power.stream).mode & 0o077).toBe(0);
    const samples = await take(powermetricsMeter({ helper: power }), 3);
    for (const { energyJ } of samples) expect(energyJ.cpu).toBeGreaterThan(0);
    await power.stop();
    expect(existsSync(power.stream)).toBe(false);
  });

  test('ends by itself when the heartbeat stops', async () => {
    const power = await startElevatedPower({ dialog: standInDialog, powermetrics: standInPowermetrics() });
    const pid = await told(power.pid);
    power.abandon();
    await power.ended;
    expect(existsSync(power.stream)).toBe(false);
    await gone(pid);
  });

  test('ends within 5 s when the app is killed', async () => {
    const bundled = await bundleForChild('electron/test/elevatedApp.ts');
    onTestFinished(bundled.remove);
    const app = spawn(process.execPath, [bundled.file, standInPowermetrics()], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [said] = (await once(app.stdout, 'data')) as [Buffer];
    const { stream, pid } = JSON.parse(String(said)) as { stream: string; pid: number };
    expect(isAlive(pid)).toBe(true);
    app.kill('SIGKILL');
    await once(app, 'exit');
    const diedS = monotonicS();
    await gone(pid);
    expect(monotonicS() - diedS).toBeLessThan(5);
    while (existsSync(path.dirname(stream))) await pause(0.02, new AbortController().signal);
  });

  test.each([
    [
      'with a sampler of the ANE’s own',
      'cpu_power\nane_power',
      'cpu_power,gpu_power,ane_power,thermal,tasks',
    ],
    ['without one, as of macOS 11 or of Intel', 'cpu_power', 'cpu_power,gpu_power,thermal,tasks'],
  ])('asks a powermetrics %s for what it knows', async (_, known, samplers) => {
    const folder = temporaryFolder();
    const [file, args] = [path.join(folder, 'powermetrics'), path.join(folder, 'arguments')];
    writeFileSync(
      file,
      `#!/bin/sh\nif [ "$1" = -h ]; then printf '${known}\\n'; exit; fi\necho "$@" > ${args}.new; mv ${args}.new ${args}\nexec sleep 1000\n`,
    );
    chmodSync(file, 0o755);
    const power = await startElevatedPower({ dialog: standInDialog, powermetrics: file });
    await told(() => (existsSync(args) ? true : undefined));
    await power.stop();
    expect(readFileSync(args, 'utf8').trim()).toBe(
      `-f plist -i 200 -b 0 --samplers ${samplers} --show-process-energy`,
    );
  });

  test('a user who says no', async () => {
    const no: Dialog = () => Promise.resolve({ code: 1, complaint: 'User cancelled. (-128)' });
    const error = await rejectionOf(startElevatedPower({ dialog: no }));
    expect(error).toMatchObject({ kind: 'meter-permission' });
    expect(error.message).toContain('cancelled');
  });

  test('its command is fixed: no name that would need quoting gets in', () => {
    const place = { out: '/tmp/out', own: '/tmp/own', uid: 501, app: 42 };
    expect(helperCommand(place)).toContain('/usr/bin/powermetrics -f plist -i 200 -b 0');
    expect(labErrorOf(() => helperCommand({ ...place, app: NaN })).kind).toBe('internal');
    for (const own of ['/tmp/a b', '/tmp/$(id)', "/tmp/'", '/tmp/;x', 'relative']) {
      expect(labErrorOf(() => helperCommand({ ...place, own })).kind).toBe('meter-permission');
    }
  });
});
