import type { RunPreview } from '#core/activeRun';
import { errorData } from '#core/errors';
import type { Check } from '#core/preflight';
import { chooseMeter, NoMeterError, type ChooseOptions } from '../meters/choose.ts';
import type { PowerSession } from '../meters/powerSession.ts';

/** The part of a preview that is about its meter. */
export type MeterPreview = Pick<RunPreview, 'meter' | 'tried' | 'meterPermission'> & {
  readonly check: Check;
};

/**
 * Which meter a run would have, or why none, and whether the user could allow it.
 * @param makers the meters to look for; tests bring their own
 */
export async function previewMeter(
  asked: string,
  power: PowerSession,
  { makers }: Pick<ChooseOptions, 'makers'> = {},
): Promise<MeterPreview> {
  const isPowermetrics = power.offered && asked.trim() === 'powermetrics';
  try {
    const { meter, tried } = await chooseMeter(asked, { power, ...(makers === undefined ? {} : { makers }) });
    const { estimate, name } = meter.info;
    return {
      meter: meter.info,
      tried: tried.map(({ kind, why }) => ({ kind, why })),
      ...(isPowermetrics && power.allowed() ? { meterPermission: 'given' as const } : {}),
      check: {
        id: 'meter',
        verdict: estimate ? 'warning' : 'ok',
        title: 'Meter',
        message: estimate ? `${name}: an estimate, not a measurement` : name,
      },
    };
  } catch (thrown) {
    const { kind, message, hint } = errorData(thrown);
    const tried = thrown instanceof NoMeterError ? thrown.tried : [];
    return {
      tried: [...tried],
      ...(isPowermetrics && kind === 'meter-permission' ? { meterPermission: 'needed' as const } : {}),
      check: {
        id: 'meter',
        verdict: 'stop',
        title: 'Meter',
        // Why each does not is told apart.
        message: tried.length > 0 ? 'No meter works here.' : message,
        kind,
        ...(hint === undefined ? {} : { todo: hint }),
      },
    };
  }
}
