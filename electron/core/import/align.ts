import { estimateOffset, shifted } from '../clock.ts';
import type { EnergySample, Span } from '../meter.ts';
import { totalOf } from '../meter.ts';
import type { SourceClock } from './observation.ts';

/** A shift between two clocks, to be added to the power log's, and how far it is to be trusted. */
export interface ClockShift {
  readonly shiftS: number;
  readonly uncertaintyS: number;
  /** 0 to 1 */
  readonly confidence: number;
  readonly how: 'estimated' | 'told' | 'none';
}

/** Zones are whole quarters of an hour apart, from −12 to +14 hours. */
const QUARTER_S = 900;
const MOST_QUARTERS = 26 * 4;
/** Shifts under which nearly as much of the work lies within the log are judged by its power. */
const NEARLY_AS_MUCH = 0.02;
/** So many times of work are enough to find a shift by. */
const ENOUGH_SPANS = 400;
/** A shift is taken from the power only where the power speaks for it. */
const CONFIDENT = 0.4;
const CLEARLY_BETTER = 0.05;

/** Times of work put together where they overlap or touch, in time order. */
export function busySpans(spans: readonly Span[]): Span[] {
  const busy: { startS: number; endS: number }[] = [];
  for (const { startS, endS } of [...spans].sort((a, b) => a.startS - b.startS)) {
    const last = busy.at(-1);
    if (last !== undefined && startS <= last.endS) last.endS = Math.max(last.endS, endS);
    else if (endS > startS) busy.push({ startS, endS });
  }
  return busy;
}

/** Share of the work that lies within a log, 0 to 1, when its clock is moved by a shift. */
export function shareWithin(busy: readonly Span[], log: Span, shiftS: number): number {
  let [within, whole] = [0, 0];
  for (const { startS, endS } of busy) {
    whole += endS - startS;
    within += Math.max(0, Math.min(endS, log.endS + shiftS) - Math.max(startS, log.startS + shiftS));
  }
  return whole > 0 ? within / whole : 0;
}

/**
 * The shifts that two dated clocks may be apart by, judged by where the work lies: none where both know their zone,
 * else whole quarters of an hour. Two clocks without a zone are taken to be in the same where that works.
 * @param log where the log begins and ends, s since 1970 by its own clock
 * @returns the shifts under which most of the work lies within the log, the smallest first; none when it never does
 */
export function zoneShifts(
  busy: readonly Span[],
  log: Span,
  requests: SourceClock,
  power: SourceClock,
): number[] {
  const slackS = requests.slackS + power.slackS;
  const wider = { startS: log.startS - slackS, endS: log.endS + slackS };
  const shares = (shiftS: number): number => shareWithin(busy, wider, shiftS);
  if (requests.kind === 'utc' && power.kind === 'utc') return shares(0) > 0 ? [0] : [];
  if (requests.kind === power.kind && shares(0) > 0.5) return [0];
  const quarters = Array.from({ length: 2 * MOST_QUARTERS + 1 }, (_, i) => i - MOST_QUARTERS);
  const found = quarters
    .map((quarter) => ({ shiftS: quarter * QUARTER_S, share: shares(quarter * QUARTER_S) }))
    .filter(({ share }) => share > 0);
  const most = Math.max(0, ...found.map(({ share }) => share));
  return found
    .filter(({ share }) => share >= most - NEARLY_AS_MUCH)
    .map(({ shiftS }) => shiftS)
    .sort((a, b) => Math.abs(a) - Math.abs(b));
}

/**
 * A part of the work that is enough to find a shift by, and the part of the log to look at for it.
 * @param mostS the longest shift that is looked for, either way
 */
export function lookedAt(busy: readonly Span[], mostS: number): { busy: Span[]; around: Span } | undefined {
  const first = busy[0];
  if (first === undefined) return undefined;
  const taken = busy.slice(0, ENOUGH_SPANS);
  const next = busy[taken.length];
  const last = taken.at(-1)!.endS;
  const margin = Math.max(mostS, (last - first.startS) * 0.1);
  const endS = next === undefined ? last + margin : Math.min(last + margin, (last + next.startS) / 2);
  return { busy: taken, around: { startS: first.startS - margin, endS } };
}

/**
 * Looks for a small shift, by where the power is.
 * @param series the log's power around the work, on the clock of the requests
 * @returns the shift to be added; undefined where the power does not speak for one
 */
export function fineShift(
  series: readonly EnergySample[],
  busy: readonly Span[],
  mostS: number,
): (ClockShift & { readonly correlation: number }) | undefined {
  if (!(mostS > 0)) return undefined;
  const offset = estimateOffset(series, busy, mostS);
  if (offset === undefined) return undefined;
  const { shiftS, uncertaintyS, confidence, correlation, correlationBefore } = offset;
  const better = confidence >= CONFIDENT && correlation - correlationBefore >= CLEARLY_BETTER;
  const stays = {
    shiftS: 0,
    uncertaintyS,
    confidence,
    how: 'estimated' as const,
    correlation: correlationBefore,
  };
  return better ? { ...stays, shiftS, correlation } : stays;
}

/**
 * Looks for the place of the work in a log that has no common clock with it, by comparing the shape of the two.
 * @param series power of the whole log over equal steps, on its own clock
 * @param busy on the clock of the requests
 * @returns the shift to be added to the log's clock, to within a step; undefined where nothing can be told
 */
export function coarseShift(series: readonly EnergySample[], busy: readonly Span[]): ClockShift | undefined {
  const first = series[0];
  const [begin, end] = [busy[0], busy.at(-1)];
  if (first === undefined || begin === undefined || end === undefined) return undefined;
  const stepS = first.endS - first.startS;
  const power = evenSteps(series, stepS);
  const work = shareOfSteps(busy, begin.startS, end.endS, stepS);
  const found: { shift: number; correlation: number }[] = [];
  for (let shift = 1 - work.length; shift < power.length; shift++) {
    const correlation = correlationAt(power, work, shift);
    if (correlation !== undefined) found.push({ shift, correlation });
  }
  if (found.length === 0) return undefined;
  const best = found.reduce((a, b) => (b.correlation > a.correlation ? b : a));
  // The flanks of the best place are no rivals to it: only another peak is.
  const rival = found.reduce(
    (most, { shift, correlation }, i) =>
      Math.abs(shift - best.shift) > 2 &&
      correlation >= (found[i - 1]?.correlation ?? -1) &&
      correlation >= (found[i + 1]?.correlation ?? -1)
        ? Math.max(most, correlation)
        : most,
    0,
  );
  const distinct =
    best.correlation > 0 ? Math.min(1, (2 * (best.correlation - rival)) / best.correlation) : 0;
  return {
    // Step `shift` of the log is where the work begins.
    shiftS: begin.startS - (first.startS + best.shift * stepS),
    uncertaintyS: stepS,
    confidence: Math.max(0, best.correlation) * distinct,
    how: 'estimated',
  };
}

/** Power of each step, W; NaN where the log has none. */
function evenSteps(series: readonly EnergySample[], stepS: number): Float64Array {
  const startS = series[0]!.startS;
  const steps = new Float64Array(Math.round((series.at(-1)!.endS - startS) / stepS)).fill(NaN);
  for (const sample of series) {
    const power = totalOf(sample.energyJ);
    if (power !== undefined) steps[Math.round((sample.startS - startS) / stepS)] = power / stepS;
  }
  return steps;
}

function shareOfSteps(busy: readonly Span[], startS: number, endS: number, stepS: number): Float64Array {
  const shares = new Float64Array(Math.max(1, Math.ceil((endS - startS) / stepS)));
  for (const span of busy) {
    const to = Math.min(shares.length, Math.ceil((span.endS - startS) / stepS));
    for (let step = Math.floor((span.startS - startS) / stepS); step < to; step++) {
      const from = startS + step * stepS;
      shares[step]! += Math.max(0, Math.min(span.endS, from + stepS) - Math.max(span.startS, from)) / stepS;
    }
  }
  return shares;
}

/**
 * Correlation of the log's power with the work put at one of its steps, over the whole log: around the work nobody
 * works. Undefined where most of the work falls outside the log.
 */
function correlationAt(power: Float64Array, work: Float64Array, shift: number): number | undefined {
  let [count, sumP, sumPp, sumW, sumWw, sumPw, inside] = [0, 0, 0, 0, 0, 0, 0];
  const [from, to] = [Math.max(0, shift - work.length), Math.min(power.length, shift + 2 * work.length)];
  for (let step = from; step < to; step++) {
    const p = power[step]!;
    if (Number.isNaN(p)) continue;
    const w = work[step - shift] ?? 0;
    if (step >= shift && step < shift + work.length) inside += 1;
    count += 1;
    sumP += p;
    sumPp += p * p;
    sumW += w;
    sumWw += w * w;
    sumPw += p * w;
  }
  if (inside < work.length / 2) return undefined;
  const spreadP = sumPp / count - (sumP / count) ** 2;
  const spreadW = sumWw / count - (sumW / count) ** 2;
  if (!(spreadP > 1e-12 * sumPp) || !(spreadW > 1e-12)) return undefined;
  return (sumPw / count - (sumP / count) * (sumW / count)) / Math.sqrt(spreadP * spreadW);
}

/** Samples on another clock. */
export const onClock = shifted;
