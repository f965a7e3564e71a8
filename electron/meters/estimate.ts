import { LabError } from '#core/errors';
import { formatNumber } from '#core/format';
import type { Meter } from './meter.ts';
import { monotonicS } from '../clock.ts';
import { sampleQueue, type SampleQueue } from './sampleQueue.ts';

const TICK_S = 0.1;

/**
 * No meter at all: a stated power times the time that passes. It exists so that a machine without a meter can still
 * go through a whole run; whatever comes of it says "estimate".
 * @param powerW the power that the user states
 * @throws LabError "bad-setting" when that is no power
 */
export function estimateMeter(powerW: number): Meter {
  if (!(powerW > 0 && powerW <= 100_000)) {
    throw new LabError(
      'bad-setting',
      'An estimate needs a power in W, above 0 and at most 100,000.',
      'State what the machine draws under load, as in --meter estimate:15.',
    );
  }
  let running: { queue: SampleQueue; fromS: number } | undefined;
  const read = (): void => {
    if (running === undefined) return;
    const { queue, fromS } = running;
    const nowS = monotonicS();
    if (!(nowS > fromS)) return;
    running.fromS = nowS;
    queue.push({ startS: fromS, endS: nowS, energyJ: { machine: powerW * (nowS - fromS) } });
  };
  return {
    info: {
      kind: 'estimate',
      name: `estimate, ${formatNumber(powerW, 6)} W`,
      rails: ['machine'],
      boundary: 'machine',
      estimate: true,
      counters: false,
      requestedS: TICK_S,
    },
    samples: (signal) => {
      const timer = setInterval(read, TICK_S * 1000);
      const queue = sampleQueue(signal, () => {
        clearInterval(timer);
        running = undefined;
      });
      running = { queue, fromS: monotonicS() };
      return queue;
    },
    mark: () => {
      read();
      return Promise.resolve();
    },
  };
}
