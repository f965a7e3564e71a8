import { LabError } from '#core/errors';
import type { Meter } from './meter.ts';

/**
 * Makes sure that a meter works: starts it, waits for one sample, stops it.
 * @returns the same meter
 * @throws LabError what it fails with
 */
export async function proven(meter: Meter): Promise<Meter> {
  const stop = new AbortController();
  try {
    for await (const { energyJ } of meter.samples(stop.signal)) {
      if (Object.keys(energyJ).length > 0) return meter;
    }
  } finally {
    stop.abort();
  }
  throw new LabError(
    'meter-lost',
    `${meter.info.name} ended before its first sample.`,
    'Choose another meter.',
  );
}
