import { queryFault, type QueryRecord } from '#core/engine';
import { energyIn, type EnergySample, type RailEnergy, type Span } from '#core/meter';
import { RAILS } from '#core/profile';
import { LEAST_WINDOW_S } from '#core/meterTruth';
import type { MeterTruth } from '#core/run';
import type { PlanCell } from '#core/sweep';
import type { Flag, Trial } from '#core/trial';

const LEAST_COVERAGE = 0.95;
/** A stated power resolves any number of queries; the places of more than so many would only fill the database. */
const MOST_PLACES = 500;

/** How long a window must be for this meter, s; shorter queries are repeated inside it. */
export function shortestWindowS(truth: MeterTruth): number {
  return Math.max(LEAST_WINDOW_S, truth.shortestWindowS);
}

/** A window in which the same query ran, with everything that its trial is made of. */
export interface MeasuredWindow {
  readonly index: number;
  readonly cell: PlanCell;
  readonly warmUp: boolean;
  /** at least one, in time order; times are s on the machine's monotonic clock */
  readonly records: readonly QueryRecord[];
  /** those that overlap the window, on the same clock */
  readonly samples: readonly EnergySample[];
  /** what was added to their times to bring them there, s */
  readonly clockShiftS: number;
  readonly truth: MeterTruth;
  /** mean power by rail of the last idle baseline, W */
  readonly idleW: RailEnergy;
  /** whether the energy is computed from a stated power */
  readonly estimate: boolean;
  /** flags that the surroundings put on it */
  readonly flags: readonly Flag[];
  /** where the run's clock has its 0, s */
  readonly originS: number;
}

/** From the first query of a window to the end of its last. */
export function spanOfQueries(records: readonly Span[]): Span {
  return { startS: records[0]!.startS, endS: records.at(-1)!.endS };
}

/**
 * The trial of a window. Runtime and energy are those of one query, the mean over the window's repeats.
 *
 * The runtime is that of the queries alone. Between two of them lies a pause (our own loop, a new connection to a
 * server), which belongs to neither, so its energy should not be counted either:
 *
 * - `queries`: where the meter resolves the queries, each being at least a cadence long, energy is counted over their
 *   own spans, by proportional overlap. A sample that holds the end of a query and some of the pause is cut in
 *   proportion, which takes from the two queries beside a pause at most the step in power times the shorter of the
 *   pause and half a cadence.
 * - `window`: where it does not, each sample holds queries and pauses alike, and nothing can tell them apart. The
 *   energy is then that of the whole window over its repeats, pauses and all: never too little, and too much by at
 *   most the power times `pausesS` over the repeats.
 *
 * Coverage is that of the time whose energy is counted. Energy above idle takes the idle power away for the measured
 * part of that time alone; of a stated power there is none, since twice the same power tells nothing.
 */
export function trialOfWindow(measured: MeasuredWindow): Trial {
  const { index, cell, warmUp, records, samples, clockShiftS, truth, idleW, estimate, originS } = measured;
  const repeats = records.length;
  const perQuery = (energy: RailEnergy): RailEnergy => mapRails(energy, (value) => value / repeats);
  const window = spanOfQueries(records);
  const lengthS = lengthOf(window);
  const queriesS = records.reduce((total, record) => total + lengthOf(record), 0);

  // The energy of a stated power is known for any span exactly.
  const resolves = (spans: readonly Span[]): boolean => {
    const shortest = spans.reduce((least, span) => Math.min(least, lengthOf(span)), Infinity);
    return shortest > 0 && (estimate || shortest >= truth.cadenceS);
  };
  const own = repeats > 1 && resolves(records);
  const counted = own ? energyOfSpans(samples, records) : energyOfSpans(samples, [window]);
  const measuredS = counted.coverage * (own ? queriesS : lengthS);
  const phase = (spans: readonly Span[]): RailEnergy | undefined =>
    resolves(spans) ? perQuery(energyOfSpans(samples, spans).energyJ) : undefined;
  const prefillJ = phase(records.map(({ startS, firstTokenS }) => ({ startS, endS: firstTokenS })));
  const decodeJ = phase(records.map(({ firstTokenS, endS }) => ({ startS: firstTokenS, endS })));
  const aboveIdleJ = mapRails(counted.energyJ, (value, rail) =>
    idleW[rail] === undefined ? undefined : (value - idleW[rail] * measuredS) / repeats,
  );
  const share = cpuShareOf(samples, window);

  const flags: Flag[] = [...measured.flags];
  if (warmUp) flags.push('warm-up');
  else if (lengthS < shortestWindowS(truth)) flags.push('window-too-short');
  if (counted.coverage < LEAST_COVERAGE) flags.push('coverage-below-95');
  if (counted.energyJ.cpu === 0) flags.push('cpu-zero-while-busy');
  const fault = records
    .map((record) => queryFault(record, cell.m, cell.n))
    .find((text) => text !== undefined);
  return {
    index,
    m: cell.m,
    n: cell.n,
    repeats,
    startS: window.startS - originS,
    endS: window.endS - originS,
    runtimeS: queriesS / repeats,
    firstTokenS: records.reduce((total, record) => total + (record.firstTokenS - record.startS), 0) / repeats,
    energyJ: perQuery(counted.energyJ),
    ...(repeats === 1
      ? {}
      : { energyOf: own ? 'queries' : 'window', pausesS: Math.max(0, lengthS - queriesS) }),
    ...(own && repeats <= MOST_PLACES ? { queries: placesOf(records) } : {}),
    ...(estimate ? {} : { aboveIdleJ }),
    ...(prefillJ === undefined ? {} : { prefillJ }),
    ...(decodeJ === undefined ? {} : { decodeJ }),
    ...(share === undefined ? {} : { cpuShare: share }),
    ...(clockShiftS === 0 ? {} : { clockShiftS }),
    coverage: counted.coverage,
    ...(records.some(({ cachedTokens }) => cachedTokens === undefined) ? { cacheTold: false } : {}),
    flags,
    ...(fault === undefined ? {} : { fault }),
  };
}

/** Where the queries lie in their window, s from its start. */
function placesOf(records: readonly QueryRecord[]): NonNullable<Trial['queries']> {
  const fromS = records[0]!.startS;
  return records.map(({ startS, firstTokenS, endS }) => [startS - fromS, firstTokenS - fromS, endS - fromS]);
}

const lengthOf = ({ startS, endS }: Span): number => endS - startS;

/** Energy over spans that do not overlap, by rail; a rail that one of them lacks is left out. */
function energyOfSpans(
  samples: readonly EnergySample[],
  spans: readonly Span[],
): { energyJ: RailEnergy; coverage: number } {
  const parts = spans.map((span) => energyIn(samples, span));
  const wholeS = spans.reduce((total, span) => total + lengthOf(span), 0);
  const coveredS = parts.reduce((total, part, i) => total + part.coverage * lengthOf(spans[i]!), 0);
  return {
    energyJ: mapRails(parts[0]?.energyJ ?? {}, (_, rail) => {
      let total = 0;
      for (const { energyJ } of parts) {
        if (energyJ[rail] === undefined) return undefined;
        total += energyJ[rail];
      }
      return total;
    }),
    coverage: wholeS > 0 ? Math.min(1, coveredS / wholeS) : 0,
  };
}

/** The engine's share of the CPU's energy in a window; each sample counts by its own energy there. */
function cpuShareOf(samples: readonly EnergySample[], window: Span): number | undefined {
  let ofEngine = 0;
  let ofAll = 0;
  for (const sample of samples) {
    const energy = energyIn([sample], window).energyJ.cpu;
    if (sample.cpuShare === undefined || energy === undefined) continue;
    ofEngine += sample.cpuShare * energy;
    ofAll += energy;
  }
  return ofAll > 0 ? Math.min(1, ofEngine / ofAll) : undefined;
}

function mapRails(
  energy: RailEnergy,
  to: (value: number, rail: keyof RailEnergy) => number | undefined,
): RailEnergy {
  const mapped: RailEnergy = {};
  for (const rail of RAILS) {
    const value = energy[rail];
    const result = value === undefined ? undefined : to(value, rail);
    if (result !== undefined) mapped[rail] = result;
  }
  return mapped;
}
