import type { RailEnergy, Span, WindowEnergy } from '../meter.ts';
import { overlapping, RAILS, type Rail } from '../rails.ts';
import type { Observation } from './observation.ts';

/** Time cut where a request begins or ends, so that in each piece the same requests are in flight. */
export interface Pieces {
  /** in time order; time without a request is in none */
  readonly spans: readonly Span[];
  /** requests in flight in each, at least 1 */
  readonly inFlight: readonly number[];
  /** the pieces of each request: from the first to before the second */
  readonly of: readonly (readonly [from: number, to: number])[];
}

/** The energy of a request by a power log. */
export interface RequestEnergy extends WindowEnergy {
  /** requests in flight beside and with it, the mean over its time; at least 1 */
  readonly concurrency: number;
}

/**
 * Cuts the time of requests into pieces.
 * @param requests in any order; those without a length have no piece
 */
export function piecesOf(requests: readonly Span[]): Pieces {
  const changes = new Map<number, number>();
  for (const { startS, endS } of requests) {
    if (!(endS > startS)) continue;
    changes.set(startS, (changes.get(startS) ?? 0) + 1);
    changes.set(endS, (changes.get(endS) ?? 0) - 1);
  }
  const edges = [...changes.keys()].sort((a, b) => a - b);
  const spans: Span[] = [];
  const inFlight: number[] = [];
  const pieceAt = new Map<number, number>();
  let now = 0;
  edges.forEach((startS, i) => {
    pieceAt.set(startS, spans.length);
    now += changes.get(startS)!;
    if (now === 0) return;
    spans.push({ startS, endS: edges[i + 1]! });
    inFlight.push(now);
  });
  return {
    spans,
    inFlight,
    of: requests.map(({ startS, endS }) =>
      endS > startS ? [pieceAt.get(startS)!, pieceAt.get(endS)!] : [0, 0],
    ),
  };
}

/**
 * Shares the energy of each piece equally among the requests in flight, and adds up each request's shares. Nobody can
 * tell the energies of requests apart that one machine works on at the same time; an equal share is a convention.
 * @param energies of the pieces, as a power log has them
 */
export function shareOut(
  { spans, inFlight, of }: Pieces,
  energies: readonly WindowEnergy[],
): RequestEnergy[] {
  return of.map(([from, to]) => {
    const sums = new Map<Rail, number>();
    let rails: Rail[] | undefined;
    let [length, covered, flights, samples] = [0, 0, 0, 0];
    for (let piece = from; piece < to; piece++) {
      const { energyJ, coverage, samples: count } = energies[piece]!;
      const pieceS = spans[piece]!.endS - spans[piece]!.startS;
      length += pieceS;
      covered += coverage * pieceS;
      flights += inFlight[piece]! * pieceS;
      samples += count;
      if (count === 0) continue;
      rails = (rails ?? [...RAILS]).filter((rail) => energyJ[rail] !== undefined);
      for (const rail of rails) sums.set(rail, (sums.get(rail) ?? 0) + energyJ[rail]! / inFlight[piece]!);
    }
    const energyJ: RailEnergy = {};
    for (const rail of rails ?? []) energyJ[rail] = sums.get(rail)!;
    return {
      energyJ,
      coverage: length > 0 ? covered / length : 0,
      samples,
      concurrency: length > 0 ? flights / length : 1,
    };
  });
}

/** The span of an observation on its source's clock, where it tells one with a length. */
export function spanOf({ startS, endS, runtimeS }: Observation): Span | undefined {
  if (startS !== undefined) {
    const end = endS ?? (runtimeS === undefined ? undefined : startS + runtimeS);
    return end !== undefined && end > startS ? { startS, endS: end } : undefined;
  }
  if (endS === undefined || runtimeS === undefined || !(runtimeS > 0)) return undefined;
  return { startS: endS - runtimeS, endS };
}

/** What one power log says of one request. */
export interface LogShare {
  /** the rails that count from this log */
  readonly rails: readonly Rail[];
  readonly energy: RequestEnergy;
}

/** More than this many requests in flight, in the mean, is more than one. */
const TOGETHER = 1.05;
/** A row that has energies of its own gets more of them only from a log that covers so much of its time. */
const COVERED = 0.95;

/**
 * An observation with the energies that power logs have of its time. What it has itself stays, and nothing is put to
 * it that its own energies are part of. Rails of several logs are put together, and the same rail of several is added
 * up. The coverage is that of the log that covers it least.
 */
export function withEnergy(observation: Observation, shares: readonly LogShare[]): Observation {
  const own = RAILS.filter((rail) => observation.energyJ[rail] !== undefined);
  const added: RailEnergy = {};
  let coverage: number | undefined;
  let concurrency = 1;
  for (const { rails, energy } of shares) {
    const wanted = rails.filter((rail) => !own.some((mine) => overlapping(mine, rail)));
    if (wanted.length === 0 || (own.length > 0 && !(energy.coverage >= COVERED))) continue;
    coverage = Math.min(coverage ?? 1, energy.coverage);
    concurrency = Math.max(concurrency, energy.concurrency);
    for (const rail of wanted) {
      const found = energy.energyJ[rail];
      if (found !== undefined) added[rail] = (added[rail] ?? 0) + found;
    }
  }
  if (coverage === undefined) return observation;
  const together = concurrency > TOGETHER && observation.batch === undefined && own.length === 0;
  return {
    ...observation,
    energyJ: { ...observation.energyJ, ...added },
    coverage,
    ...(together ? { batch: Math.round(concurrency * 100) / 100 } : {}),
  };
}

/** How far energies that an observation has differ from those that a log has of the same time: log over own, less 1. */
export function deviationOf(observation: Observation, { rails, energy }: LogShare): number | undefined {
  if (!(energy.coverage >= COVERED)) return undefined;
  let [own, logged] = [0, 0];
  for (const rail of rails) {
    const [mine, its] = [observation.energyJ[rail], energy.energyJ[rail]];
    if (mine === undefined || its === undefined) continue;
    own += mine;
    logged += its;
  }
  return own > 0 ? logged / own - 1 : undefined;
}
