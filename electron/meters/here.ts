import { LabError } from '#core/errors';
import type { MeterKind } from '#core/meter';
import { proven } from './firstSample.ts';
import { ioreportMeter } from './ioreport.ts';
import { macmonMeter } from './macmon.ts';
import type { Meter } from './meter.ts';
import { nvidiaSmiMeter } from './nvidiaSmi.ts';
import type { PowerSession } from './powerSession.ts';
import { powermetricsMeter, UNKNOWN_SAMPLER } from './powermetrics.ts';
import { raplMeter } from './rapl.ts';

/** Makes a meter after making sure that it works here, or throws the LabError that says why it does not. */
export type MeterMaker = () => Promise<Meter>;
/** The meters that can be looked for, best first. */
export type MeterMakers = readonly (readonly [kind: MeterKind, make: MeterMaker])[];

/**
 * The meters that this computer may have, best first; each is proven by a sample before it is taken.
 * @param power powermetrics as it has been allowed for this session: it was proven then, and a run may be reading it
 */
export function metersHere(pids: readonly number[], power?: PowerSession): MeterMakers {
  return [
    ['ioreport', async () => onMac('IOReport is', () => proven(ioreportMeter()))],
    ['macmon', async () => onMac('macmon is', () => proven(macmonMeter()))],
    [
      'powermetrics',
      async () => power?.meter(pids) ?? onMac('powermetrics is', () => sudoPowermetrics(pids)),
    ],
    ['rapl', () => Promise.resolve().then(() => proven(raplMeter()))],
    ['nvidia-smi', nvidiaSmi],
  ];
}

function onMac(subject: string, make: () => Promise<Meter>): Promise<Meter> {
  if (process.platform === 'darwin') return make();
  throw new LabError('meter-missing', `${subject} on a Mac alone.`, 'Choose another meter.');
}

/** powermetrics by `sudo -n`, which asks for nothing. */
export async function sudoPowermetrics(pids: readonly number[]): Promise<Meter> {
  try {
    return await proven(powermetricsMeter({ pids }));
  } catch (thrown) {
    if (!(thrown instanceof LabError) || !UNKNOWN_SAMPLER.test(thrown.message)) throw thrown;
    return proven(powermetricsMeter({ pids, withoutAne: true }));
  }
}

/** Drivers of before 2023 do not know the instant power. */
async function nvidiaSmi(): Promise<Meter> {
  try {
    return await proven(nvidiaSmiMeter());
  } catch (thrown) {
    if (!(thrown instanceof LabError) || !/not a valid field/i.test(thrown.message)) throw thrown;
    return proven(nvidiaSmiMeter({ old: true }));
  }
}
