import { LabError } from '#core/errors';
import { proven } from './firstSample.ts';
import { sudoPowermetrics } from './here.ts';
import { macmonMeter } from './macmon.ts';
import type { Meter } from './meter.ts';
import type { PowerSession } from './powerSession.ts';

/** Makes a meter to compare with, or throws the LabError that says why there is none. */
type Maker = () => Promise<Meter>;

/**
 * A meter to compare IOReport with: powermetrics where the user has allowed it, else macmon where it is installed.
 * Nobody is asked for anything.
 * @param makers the meters to try; tests bring their own
 * @returns undefined where there is none
 */
export async function companionForIoreport(
  power: PowerSession,
  makers: readonly Maker[] = [() => sudoPowermetrics([]), () => proven(macmonMeter({ everything: true }))],
): Promise<Meter | undefined> {
  const allowed = power.meter([]);
  if (allowed !== undefined) return allowed;
  for (const make of makers) {
    try {
      return await make();
    } catch (thrown) {
      if (!(thrown instanceof LabError)) throw thrown;
    }
  }
  return undefined;
}
