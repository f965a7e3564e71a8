import { LabError } from '#core/errors';
import { startElevatedPower, systemDialog, type Dialog, type ElevatedPower } from './elevated.ts';
import { proven } from './firstSample.ts';
import type { Meter } from './meter.ts';
import { POWERMETRICS, powermetricsMeter } from './powermetrics.ts';

/** powermetrics with administrator rights, for as long as the app runs: asked for once, then read by run after run. */
export interface PowerSession {
  /** whether this system has a dialog to ask with */
  readonly offered: boolean;
  /** whether it has been allowed, and still runs */
  readonly allowed: () => boolean;
  /**
   * Asks the user through the system's dialog, on the user's own wish alone; does nothing when it is allowed.
   * @throws LabError "meter-permission" when the user says no, "meter-lost" when powermetrics gives nothing
   */
  readonly allow: () => Promise<void>;
  /** The meter, while it is allowed. One reader at a time; a second one is refused with "meter-lost". */
  readonly meter: (pids: readonly number[]) => Meter | undefined;
  /** Ends what runs; it can be allowed again. */
  readonly stop: () => Promise<void>;
}

export interface PowerSessionOptions {
  readonly platform?: NodeJS.Platform;
  readonly dialog?: Dialog;
  readonly powermetrics?: string;
}

export function createPowerSession(options: PowerSessionOptions = {}): PowerSession {
  const { platform = process.platform, dialog = systemDialog, powermetrics = POWERMETRICS } = options;
  let power: ElevatedPower | undefined;
  let asking: Promise<void> | undefined;
  let isRead = false;

  const start = async (): Promise<void> => {
    if (platform !== 'darwin') {
      throw new LabError('meter-missing', 'powermetrics is on a Mac alone.', 'Choose another meter.');
    }
    const started = await startElevatedPower({ dialog, powermetrics });
    power = started;
    void started.ended.finally(() => {
      if (power === started) power = undefined;
    });
    try {
      await proven(meterOf(started, []));
    } catch (thrown) {
      await started.stop();
      throw thrown;
    }
  };
  const meterOf = (helper: ElevatedPower, pids: readonly number[]): Meter => {
    const inner = powermetricsMeter({ helper, pids });
    return {
      ...inner,
      async *samples(signal) {
        if (isRead) {
          throw new LabError(
            'meter-lost',
            'powermetrics is being read already, and two readers would each get a part.',
            'Wait until the other run or check is over.',
          );
        }
        isRead = true;
        try {
          yield* inner.samples(signal);
        } finally {
          isRead = false;
        }
      },
    };
  };

  return {
    offered: platform === 'darwin',
    allowed: () => power !== undefined && asking === undefined,
    allow: () => {
      if (power !== undefined && asking === undefined) return Promise.resolve();
      asking ??= start().finally(() => (asking = undefined));
      return asking;
    },
    meter: (pids) => (power === undefined || asking !== undefined ? undefined : meterOf(power, pids)),
    stop: async () => {
      await power?.stop();
    },
  };
}
