/**
 * Reads the energy counters in a process of its own, so that a crash of a private library costs the meter and not
 * the run. Arguments: both libraries and the interval in s. Prints one JSON object a line; a line on standard input
 * asks for a reading now, its end ends the process.
 */
import { createInterface } from 'node:readline';
import { errorData, LabError } from '#core/errors';
import { railsOfChannels } from './formats/ioreport.ts';
import { openEnergyCounters } from './ioreportLibrary.ts';
import { monotonicS } from '../clock.ts';

const [ioReport = '', coreFoundation = '', interval = ''] = process.argv.slice(2);
const say = (message: object): void => void process.stdout.write(`${JSON.stringify(message)}\n`);

// What ends the app from a terminal reaches this process too, which ends when its input does.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);

try {
  const counters = openEnergyCounters({ ioReport, coreFoundation });
  let before = counters.read();
  let startS = monotonicS();
  const tick = (): void => {
    const after = counters.read();
    if (after === null || before === null) {
      throw new LabError(
        'meter-lost',
        'IOReport gives no readings any more. The samples before are kept.',
        'Resume the run, or choose another meter.',
      );
    }
    const endS = monotonicS();
    const energyJ = railsOfChannels(counters.difference(before, after));
    counters.release(before);
    before = after;
    const { user, system } = process.cpuUsage();
    say({ startS, endS, energyJ, cpuS: (user + system) / 1e6 });
    startS = endS;
  };
  const guarded = (): void => {
    try {
      tick();
    } catch (thrown) {
      fail(thrown);
    }
  };
  const timer = setInterval(guarded, Number(interval) * 1000);
  createInterface({ input: process.stdin })
    .on('line', guarded)
    .on('close', () => {
      clearInterval(timer);
      counters.release(before);
      counters.close();
      process.exitCode = 0;
    });
} catch (thrown) {
  fail(thrown);
}

function fail(thrown: unknown): void {
  process.stdout.write(`${JSON.stringify({ error: errorData(thrown) })}\n`, () => process.exit(1));
}
