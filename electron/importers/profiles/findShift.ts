import {
  coarseShift,
  fineShift,
  lookedAt,
  onClock,
  shareWithin,
  zoneShifts,
  type ClockShift,
} from '#core/import/align';
import type { SourceClock } from '#core/import/observation';
import type { Span } from '#core/meter';
import type { PowerLog } from './importFormat.ts';

/** A shift between the clocks of a power log and of requests, and the share of their time that the log then covers. */
export interface FoundShift extends ClockShift {
  readonly within: number;
  /** how many shifts by whole zones fit as well; 1 where the dates alone tell */
  readonly zones: number;
}

const SHAPE_POINTS = 4096;
/** a shift that only the dates tell */
const BY_DATE = 0.5;
const MOST_LEVELS = 6;

/**
 * The shift by which a power log's clock differs from that of requests: what the user says; else the zone by the
 * dates, and a few seconds by where the power is; without dates, by the shape of power and work alone.
 * @param busy the requests' time, put together, on their clock
 * @param told shift to be added to the log's clock, s
 * @throws LabError "interrupted", "file-not-readable"
 */
export async function findShift(
  log: PowerLog,
  busy: readonly Span[],
  clock: SourceClock,
  told: number | undefined,
  signal: AbortSignal,
): Promise<FoundShift> {
  const span = { startS: log.originS + log.span.startS, endS: log.originS + log.span.endS };
  const found = (shift: ClockShift, zones = 1): FoundShift => ({
    ...shift,
    zones,
    within: shareWithin(busy, span, shift.shiftS),
  });
  if (told !== undefined) return found({ shiftS: told, uncertaintyS: 0, confidence: 1, how: 'told' });
  if (clock.kind === 'own' || log.clock.kind === 'own') {
    return found((await byShape(log, busy, signal)) ?? NO_SHIFT);
  }

  const slackS = clock.slackS + log.clock.slackS;
  const zones = zoneShifts(busy, span, clock, log.clock);
  let best: (ClockShift & { correlation: number }) | undefined;
  let rival = -1;
  for (const zoneS of zones) {
    const fine = await fineAt(log, busy, zoneS, slackS, signal);
    const candidate = {
      shiftS: zoneS + (fine?.shiftS ?? 0),
      uncertaintyS: fine?.uncertaintyS ?? slackS,
      confidence: fine?.confidence ?? 0,
      how: zoneS === 0 && (fine?.shiftS ?? 0) === 0 ? ('none' as const) : ('estimated' as const),
      correlation: fine?.correlation ?? 0,
    };
    if (best === undefined || candidate.correlation > best.correlation) {
      rival = best?.correlation ?? -1;
      best = candidate;
    } else rival = Math.max(rival, candidate.correlation);
  }
  if (best === undefined) return found(NO_SHIFT, 0);
  const { correlation, ...shift } = best;
  const distinct =
    zones.length === 1 || correlation <= 0
      ? 1
      : Math.min(1, (2 * (correlation - Math.max(0, rival))) / correlation);
  const confidence =
    zones.length === 1 ? Math.max(BY_DATE, shift.confidence) : Math.max(0, shift.confidence) * distinct;
  return found({ ...shift, confidence }, zones.length);
}

const NO_SHIFT: ClockShift = { shiftS: 0, uncertaintyS: 0, confidence: 0, how: 'none' };

/** A small shift beside a zone, by the log's power around the work. */
async function fineAt(
  log: PowerLog,
  busy: readonly Span[],
  zoneS: number,
  mostS: number,
  signal: AbortSignal,
): Promise<ReturnType<typeof fineShift>> {
  const look = lookedAt(busy, mostS);
  if (look === undefined) return undefined;
  const offsetS = zoneS + log.originS;
  const part = { startS: look.around.startS - offsetS, endS: look.around.endS - offsetS };
  const series = await log.series(pointsOf(log, part), part, signal);
  return fineShift(onClock(series, offsetS), look.busy, mostS);
}

/** No finer than the log's samples. */
function pointsOf(log: PowerLog, { startS, endS }: Span): number {
  const cadenceS = (log.report.cadence.medianMs ?? 0) / 1000;
  const points = cadenceS > 0 ? Math.ceil((endS - startS) / cadenceS) : SHAPE_POINTS;
  return Math.max(2, Math.min(SHAPE_POINTS, points));
}

/** A shift of any length: first by the whole log in coarse steps, then in ever finer ones around the work. */
async function byShape(
  log: PowerLog,
  busy: readonly Span[],
  signal: AbortSignal,
): Promise<ClockShift | undefined> {
  const series = await log.series(pointsOf(log, log.span), log.span, signal);
  const coarse = coarseShift(onClock(series, log.originS), busy);
  if (coarse === undefined) return undefined;
  let { shiftS, uncertaintyS } = coarse;
  for (let level = 0; level < MOST_LEVELS; level++) {
    const fine = await fineAt(log, busy, shiftS, 2 * uncertaintyS, signal);
    if (fine === undefined || fine.uncertaintyS >= uncertaintyS) break;
    shiftS += fine.shiftS;
    uncertaintyS = fine.uncertaintyS;
  }
  return { ...coarse, shiftS, uncertaintyS };
}
