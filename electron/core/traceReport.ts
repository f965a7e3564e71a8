import type { EnergySample, RailEnergy } from './meter.ts';
import { RAILS, type Rail } from './profile.ts';
import { weightedQuantile, type Weighted } from './statistics.ts';

/** A sample of a recorded power log. Its times are those of the log, s from any origin. */
export interface TraceSample extends EnergySample {
  /** what was going on, where the log names it (the paper's logs do) */
  readonly event?: string;
}

/** Something in a log that its reader should know. */
export interface TraceWarning {
  readonly kind: string;
  readonly message: string;
}

/** What a log says beside its samples; complete when all of it has been read. */
export interface TraceFacts {
  /** asked-for time between samples, where the log states it */
  requestedS?: number;
  /** power by rail, W, of a log with one reading alone: it has no length, so no energy */
  aloneW?: RailEnergy;
  /** what its times count from, where the log tells a date: its time 0 in s since 1970, and the zone */
  clock?: { readonly originS: number; readonly kind: 'utc' | 'local'; readonly slackS: number };
  readonly warnings: TraceWarning[];
}

/** Turns the text of a log, piece by piece, into samples; it keeps what is not complete yet. */
export interface TraceReader {
  readonly facts: TraceFacts;
  push(text: string): TraceSample[];
  /** The log is over: the samples that were still open. */
  end(): TraceSample[];
}

/** A rail of a log; energy is null where the log has one reading alone. */
export interface RailReport {
  readonly energyJ: number | null;
  readonly meanW: number;
}

/** What a power log holds, as `traces inspect` shows it. */
export interface TraceReport {
  readonly format: string;
  readonly samples: number;
  /** time that samples cover, s: gaps are not in it */
  readonly durationS: number;
  readonly rails: Partial<Record<Rail, RailReport>>;
  readonly cadence: {
    readonly requestedMs: number | null;
    readonly medianMs: number | null;
    readonly p95Ms: number | null;
  };
  /** times without a sample, s from the start of the log */
  readonly gaps: readonly { readonly startS: number; readonly endS: number }[];
  /** samples and energy by event, for logs that name them */
  readonly events?: Readonly<Record<string, TraceEvent>>;
  readonly warnings: readonly TraceWarning[];
}

export interface TraceEvent {
  readonly samples: number;
  readonly durationS: number;
  readonly energyJ: RailEnergy;
}

/** So many gaps and events are listed; a log with more says so. */
const LISTED = 1000;
/** A space between samples is a gap above a hundredth of a second; below it is rounding. */
const LEAST_GAP_S = 0.01;
/** Lengths are counted in steps of 10 µs, which keeps the memory for any log small. */
const STEPS_PER_S = 1e5;

/** samples from which on their lengths are counted in a table */
const FEW = 10_000;

/** Sums up a log as it is read, in memory that does not grow with its length. */
export function reportTrace(format: string): {
  add: (sample: TraceSample) => void;
  /** the same for a log of one rail, with less ado: some have tens of millions of samples */
  addOne: (startS: number, endS: number, rail: Rail, energyJ: number) => void;
  report: (facts: TraceFacts) => TraceReport;
} {
  const rails = new Map<Rail, { energyJ: number; lost: number; timeS: number }>();
  /** samples by their length in steps; few are a second or longer */
  let shortLengths: Uint32Array | undefined;
  const lengths = new Map<number, number>();
  const events = new Map<string, { samples: number; durationS: number; energyJ: RailEnergy }>();
  const gaps: { startS: number; endS: number }[] = [];
  let unlisted = 0;
  let samples = 0;
  let durationS = 0;
  let originS: number | undefined;
  let lastS = 0;

  const addEvent = (name: string, sample: TraceSample): void => {
    let event = events.get(name);
    if (event === undefined) {
      if (events.size >= LISTED) return;
      event = { samples: 0, durationS: 0, energyJ: {} };
      events.set(name, event);
    }
    event.samples += 1;
    event.durationS += sample.endS - sample.startS;
    for (const rail of RAILS) {
      const energy = sample.energyJ[rail];
      if (energy !== undefined) event.energyJ[rail] = (event.energyJ[rail] ?? 0) + energy;
    }
  };

  const addSpan = (startS: number, endS: number): number => {
    originS ??= startS;
    if (samples > 0 && startS - lastS > LEAST_GAP_S) {
      if (gaps.length < LISTED) gaps.push({ startS: lastS - originS, endS: startS - originS });
      else unlisted += 1;
    }
    lastS = endS;
    samples += 1;
    const length = endS - startS;
    durationS += length;
    const step = Math.round(length * STEPS_PER_S);
    if (samples === FEW) shortLengths = new Uint32Array(STEPS_PER_S);
    if (shortLengths !== undefined && step >= 0 && step < STEPS_PER_S) shortLengths[step]! += 1;
    else lengths.set(step, (lengths.get(step) ?? 0) + 1);
    return length;
  };
  const addEnergy = (rail: Rail, energy: number, length: number): void => {
    let total = rails.get(rail);
    if (total === undefined) rails.set(rail, (total = { energyJ: 0, lost: 0, timeS: 0 }));
    const next = energy - total.lost;
    const grown = total.energyJ + next;
    total.lost = grown - total.energyJ - next;
    total.energyJ = grown;
    total.timeS += length;
  };
  const addOne = (startS: number, endS: number, rail: Rail, energyJ: number): void =>
    addEnergy(rail, energyJ, addSpan(startS, endS));
  const add = (sample: TraceSample): void => {
    const length = addSpan(sample.startS, sample.endS);
    for (const rail of RAILS) {
      const energy = sample.energyJ[rail];
      if (energy !== undefined) addEnergy(rail, energy, length);
    }
    if (sample.event !== undefined) addEvent(sample.event, sample);
  };

  const report = ({ requestedS, aloneW, warnings }: TraceFacts): TraceReport => {
    const found: Partial<Record<Rail, RailReport>> = {};
    for (const rail of RAILS) {
      const total = rails.get(rail);
      const alone = aloneW?.[rail];
      if (total !== undefined) found[rail] = { energyJ: total.energyJ, meanW: total.energyJ / total.timeS };
      else if (alone !== undefined) found[rail] = { energyJ: null, meanW: alone };
    }
    const sorted: Weighted[] = [
      ...[...(shortLengths?.entries() ?? [])].filter(([, count]) => count > 0),
      ...lengths,
    ].sort(([a], [b]) => a - b);
    const milliseconds = (p: number): number | null =>
      sorted.length === 0 ? null : Math.round((weightedQuantile(sorted, p) / STEPS_PER_S) * 1e5) / 100;
    return {
      format,
      samples: samples === 0 && aloneW !== undefined ? 1 : samples,
      durationS,
      rails: found,
      cadence: {
        requestedMs: requestedS === undefined ? null : requestedS * 1000,
        medianMs: milliseconds(0.5),
        p95Ms: milliseconds(0.95),
      },
      gaps,
      ...(events.size === 0 ? {} : { events: Object.fromEntries(events) }),
      warnings:
        unlisted === 0
          ? warnings
          : [...warnings, { kind: 'many-gaps', message: `${unlisted} more gaps are not listed.` }],
    };
  };
  return { add, addOne, report };
}
