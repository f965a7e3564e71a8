import { LabError } from '#core/errors';
import { METER_KINDS } from '#core/meter';
import { estimateMeter } from './estimate.ts';
import type { Meter } from './meter.ts';
import { metersHere, type MeterMakers } from './here.ts';
import { macmonMeter } from './macmon.ts';
import { proven } from './firstSample.ts';
import type { PowerSession } from './powerSession.ts';
import { replayMeter } from './replay.ts';

/** Why a meter was not taken. */
export interface Tried {
  readonly kind: string;
  readonly why: string;
}

/** A meter, and those that would have been preferred to it. */
export interface Choice {
  readonly meter: Meter;
  readonly tried: readonly Tried[];
}

const EXPECTED = new Set(['meter-missing', 'meter-permission', 'meter-lost']);

export interface ChooseOptions {
  /** the processes whose share of the CPU's energy is wanted, where the meter tells it */
  readonly pids?: readonly number[];
  /** powermetrics, where it has been allowed for this session */
  readonly power?: PowerSession;
  /** the meters to look for; tests bring their own */
  readonly makers?: MeterMakers;
}

/**
 * The meter that was asked for. `auto` takes the best that works here and tells why the others do not; a replay and
 * an estimate are taken only when they are asked for by name.
 * @param asked "auto", a kind of meter, "macmon:machine", "replay:FILE" or "estimate:WATTS"
 * @throws LabError "bad-setting", "bad-trace" or "file-not-readable" for what was asked; "meter-missing",
 * "meter-permission" or "meter-lost" when it does not work here
 */
export async function chooseMeter(
  asked: string,
  { pids = [], power, makers = metersHere(pids, power) }: ChooseOptions = {},
): Promise<Choice> {
  const [, kind = '', setting] = /^([^:]*)(?::(.*))?$/s.exec(asked.trim()) ?? [];
  if (kind === 'replay') return { meter: replayMeter(fileOf(setting)), tried: [] };
  if (kind === 'estimate') return { meter: estimateMeter(wattsOf(setting)), tried: [] };
  if (kind === 'macmon' && setting === 'machine') {
    return { meter: await proven(macmonMeter({ machine: true })), tried: [] };
  }
  if (kind === 'auto' && setting === undefined) return bestOf(makers);
  const maker = makers.find(([known]) => known === kind);
  if (maker === undefined || setting !== undefined) {
    throw new LabError(
      'bad-setting',
      `"${asked}" is not a meter.`,
      `Choose auto, ${METER_KINDS.filter((each) => each !== 'replay' && each !== 'estimate').join(', ')}, replay:FILE or estimate:WATTS.`,
    );
  }
  return { meter: await maker[1](), tried: [] };
}

async function bestOf(makers: MeterMakers): Promise<Choice> {
  const tried: Tried[] = [];
  for (const [kind, make] of makers) {
    try {
      return { meter: await make(), tried };
    } catch (thrown) {
      if (!(thrown instanceof LabError) || !EXPECTED.has(thrown.kind)) throw thrown;
      tried.push({ kind, why: thrown.message });
    }
  }
  throw new NoMeterError(tried);
}

/** None of the meters works here, with why each does not. */
export class NoMeterError extends LabError {
  constructor(readonly tried: readonly Tried[]) {
    super(
      'meter-missing',
      `No meter works here. ${tried.map(({ kind, why }) => `${kind}: ${why}`).join(' ')}`.trim(),
      'Choose replay:FILE for a recorded power log, or estimate:WATTS to multiply the time by a power that you state; results then say "estimate".',
    );
  }
}

function fileOf(setting: string | undefined): string {
  if (setting !== undefined && setting.trim() !== '') return setting;
  throw new LabError(
    'bad-setting',
    'A replay needs the name of a power log.',
    'Name the file, as in --meter replay:power.plist.',
  );
}

function wattsOf(setting: string | undefined): number {
  return /^\s*\d+(\.\d+)?\s*W?\s*$/i.test(setting ?? '') ? Number.parseFloat(setting!) : NaN;
}
