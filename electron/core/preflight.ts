import { z } from 'zod';
import type { ErrorKind } from './errors.ts';

/** One thing looked at before a run: whether it can go on, and what to do about it. */
export const checkSchema = z.strictObject({
  id: z.enum(['power-source', 'low-power-mode', 'thermal', 'background', 'disk', 'awake', 'meter', 'engine']),
  verdict: z.enum(['ok', 'warning', 'stop']),
  title: z.string(),
  message: z.string(),
  /** what to do, where something is to be done */
  todo: z.string().optional(),
  /** of a stop: the kind of error that a run would end with */
  kind: z.string().optional(),
});
export type Check = z.output<typeof checkSchema>;

/** What the computer is doing. Whatever could not be found out is absent, and is not taken for fine. */
export interface Conditions {
  readonly powerSource?: 'ac' | 'battery';
  readonly lowPowerMode?: boolean;
  /** the system's own word, where it has one */
  readonly thermal?: string;
  /** processes that want a core, beside the lab's own */
  readonly backgroundCores?: number;
  readonly cores: number;
  readonly freeBytes?: number;
  readonly keepsAwake: boolean;
}

/** Cores' worth of other work above which results suffer, as a share of all cores. */
const BUSY_SHARE = 0.15;
/** A run of a few hours writes well under this. */
const LEAST_FREE_BYTES = 500e6;

/** Verdicts on the computer's state, in the order in which they are shown. */
export function checkConditions(found: Conditions): Check[] {
  const checks: Check[] = [];
  const add = (check: Check): void => void checks.push(check);

  if (found.powerSource === undefined) {
    add({ id: 'power-source', verdict: 'ok', title: 'Power source', message: 'no battery was found' });
  } else if (found.powerSource === 'ac') {
    add({ id: 'power-source', verdict: 'ok', title: 'Power source', message: 'mains' });
  } else {
    add({
      id: 'power-source',
      verdict: 'warning',
      title: 'Power source',
      message: 'on battery, where the processor runs slower',
      todo: 'Plug the power supply in. If it is lost during the run, the run pauses.',
    });
  }
  if (found.lowPowerMode === true) {
    add({
      id: 'low-power-mode',
      verdict: 'warning',
      title: 'Low-power mode',
      message: 'on: the numbers would be those of a throttled computer',
      todo: 'Switch it off in the system settings.',
    });
  }
  if (found.thermal !== undefined) {
    const fine = /nominal|none/i.test(found.thermal);
    add({
      id: 'thermal',
      verdict: fine ? 'ok' : 'warning',
      title: 'Temperature',
      message: fine ? 'no thermal pressure' : `thermal pressure: ${found.thermal}`,
      ...(fine ? {} : { todo: 'Let the computer cool down first.' }),
    });
  }
  if (found.backgroundCores === undefined) {
    add({
      id: 'background',
      verdict: 'warning',
      title: 'Background',
      message: 'what else is running could not be found out',
      todo: 'Close what you do not need.',
    });
  } else {
    const busy = found.backgroundCores > BUSY_SHARE * found.cores;
    add({
      id: 'background',
      verdict: busy ? 'warning' : 'ok',
      title: 'Background',
      message: `other programs use ${found.backgroundCores.toFixed(1)} of ${found.cores} cores`,
      ...(busy ? { todo: 'Close what you do not need; its energy would be counted as the model’s.' } : {}),
    });
  }
  if (found.freeBytes !== undefined) {
    const short = found.freeBytes < LEAST_FREE_BYTES;
    add({
      id: 'disk',
      verdict: short ? 'stop' : 'ok',
      title: 'Disk',
      message: `${(found.freeBytes / 1e9).toFixed(1)} GB free`,
      ...(short
        ? {
            todo: 'Make at least 0.5 GB of room: a run must not end because the disk is full.',
            kind: 'disk-full' satisfies ErrorKind,
          }
        : {}),
    });
  }
  add({
    id: 'awake',
    verdict: found.keepsAwake ? 'ok' : 'warning',
    title: 'Sleep',
    message: found.keepsAwake ? 'kept awake during the run' : 'nothing here can keep this computer awake',
    ...(found.keepsAwake ? {} : { todo: 'Switch sleep off yourself for long runs.' }),
  });
  return checks;
}
