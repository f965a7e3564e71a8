import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { EnergySample } from '#core/meter';
import { monotonicS } from '../clock.ts';
import { standInDialog } from '../test/standInDialog.ts';
import { standInPowermetrics } from '../test/standInPowermetrics.ts';
import { rejectionOf, take } from '../test/testMeters.ts';
import { chooseMeter } from './choose.ts';
import type { Dialog } from './elevated.ts';
import { pause } from './pause.ts';
import { createPowerSession, type PowerSession } from './powerSession.ts';

/** When a sample really ended: its powers say so. */
const trueEndS = ({ energyJ }: EnergySample): number => energyJ.cpu! / energyJ.ane!;

interface Asked {
  readonly session: PowerSession;
  readonly commands: string[];
}

function asked(dialog: Dialog = standInDialog, powermetrics = standInPowermetrics()): Asked {
  const commands: string[] = [];
  const session = createPowerSession({
    platform: 'darwin',
    powermetrics,
    dialog: (command) => {
      commands.push(command);
      return dialog(command);
    },
  });
  return { session, commands };
}

describe.skipIf(process.platform === 'win32')('powermetrics, allowed for a session', () => {
  test('is asked for once and read by run after run; what nobody read is not counted', async () => {
    const { session, commands } = asked();
    expect(session.allowed()).toBe(false);
    expect(session.meter([])).toBeUndefined();
    await Promise.all([session.allow(), session.allow()]);
    await session.allow();
    expect(commands).toHaveLength(1);
    try {
      for (let run = 0; run < 3; run++) {
        const openedS = monotonicS();
        const samples = await take(session.meter([])!, 4);
        for (const sample of samples) {
          const { startS, endS } = sample;
          expect(trueEndS(sample)).toBeGreaterThan(openedS);
          expect(Math.abs(endS - trueEndS(sample))).toBeLessThan(1);
          expect(endS - startS).toBeLessThan(1);
        }
        samples.slice(1).forEach((sample, i) => {
          expect(sample.startS).toBeGreaterThanOrEqual(samples[i]!.endS - 1e-9);
        });
        // Nobody reads for a while: the stream fills, powermetrics waits.
        await pause(0.7, new AbortController().signal);
      }
    } finally {
      await session.stop();
    }
    expect(session.allowed()).toBe(false);
    expect(session.meter([])).toBeUndefined();
  });

  test('is what the meter "powermetrics" then is, and "auto" where nothing better works', async () => {
    const { session } = asked();
    await session.allow();
    try {
      const { meter } = await chooseMeter('powermetrics', { power: session });
      expect(meter.info).toMatchObject({ kind: 'powermetrics', rails: ['cpu', 'gpu', 'ane'] });
      const [sample] = await take(meter, 1);
      expect(Object.keys(sample!.energyJ).sort()).toEqual(['ane', 'cpu', 'gpu']);
    } finally {
      await session.stop();
    }
  });

  test('tells the CPU time of the process that measures, not of the reader alone', async () => {
    const busyS = 0.3;
    const { session } = asked(standInDialog, standInPowermetrics({ busyS }));
    await session.allow();
    try {
      const stop = new AbortController();
      const meter = session.meter([])!;
      const found: (number | undefined)[] = [];
      for await (const sample of meter.samples(stop.signal)) {
        expect(sample.endS).toBeGreaterThan(0);
        found.push(await meter.cpuS!());
        stop.abort();
      }
      // The system counts in hundredths of a second.
      expect(found[0]).toBeGreaterThan(busyS - 0.02);
    } finally {
      await session.stop();
    }
  });

  test('has one reader at a time', async () => {
    const { session } = asked();
    await session.allow();
    const stop = new AbortController();
    try {
      const first = session.meter([])!.samples(stop.signal)[Symbol.asyncIterator]();
      await first.next();
      const error = await rejectionOf(take(session.meter([])!, 1));
      expect(error).toMatchObject({ kind: 'meter-lost' });
      expect(error.message).toContain('being read already');
      stop.abort();
      while (!(await first.next()).done);
      expect(await take(session.meter([])!, 1)).toHaveLength(1);
    } finally {
      await session.stop();
    }
  });

  test('a helper that ends takes the meter with it; it can be allowed again', async () => {
    const { session, commands } = asked();
    await session.allow();
    const lost = rejectionOf(take(session.meter([])!, 1e6));
    await session.stop();
    expect(await lost).toMatchObject({ kind: 'meter-lost' });
    expect(session.allowed()).toBe(false);
    await session.allow();
    expect(session.allowed()).toBe(true);
    expect(commands).toHaveLength(2);
    await session.stop();
  });

  test('a user who says no can be asked again', async () => {
    let answers = 0;
    const { session } = asked((command) =>
      ++answers === 1
        ? Promise.resolve({ code: 1, complaint: 'execution error: User canceled. (-128)' })
        : standInDialog(command),
    );
    expect(await rejectionOf(session.allow())).toMatchObject({ kind: 'meter-permission' });
    expect(session.allowed()).toBe(false);
    await session.allow();
    expect(session.allowed()).toBe(true);
    await session.stop();
  });

  test('a powermetrics that prints nothing of use is ended again', async () => {
    const { session, commands } = asked(standInDialog, '/bin/true');
    expect(await rejectionOf(session.allow())).toHaveProperty('kind');
    expect(session.allowed()).toBe(false);
    const folder = /mkdir -m 711 (\S+)/.exec(commands[0]!)![1]!;
    expect(existsSync(folder)).toBe(false);
  });
});

test('elsewhere than on a Mac it is not offered', async () => {
  const session = createPowerSession({ platform: 'linux' });
  expect(session.offered).toBe(false);
  expect(await rejectionOf(session.allow())).toMatchObject({ kind: 'meter-missing' });
});
