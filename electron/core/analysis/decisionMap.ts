import type { CostForm } from '../policy.ts';
import type { ModelledSystem } from './costTable.ts';
import { shares } from './rules.ts';

/** Which (m, n) belongs where, for a map on log axes. Row-major: row r has ms[r], column c has ns[c]. */
export interface DecisionMap {
  /** input tokens of the rows, ascending */
  readonly ms: Float64Array;
  /** output tokens of the columns, ascending */
  readonly ns: Float64Array;
  /** the cheapest system; of equals the first */
  readonly system: Uint8Array;
  /** what it saves of the cost against the next cheapest, a fraction; NaN where a cost is 0 or less */
  readonly saving: Float64Array;
  /** 1 where one of the systems was not measured that far */
  readonly extrapolated: Uint8Array;
  /** 1 where a model gives 0 or less */
  readonly negative: Uint8Array;
}

/** Numbers of tokens from `from` to `to`, evenly on a log axis, whole, each once. */
export function tokenSteps(from: number, to: number, steps: number): number[] {
  const low = Math.max(1, from);
  const ratio = to / low;
  const all = Array.from({ length: steps }, (_, i) =>
    Math.round(low * ratio ** (i / Math.max(1, steps - 1))),
  );
  return [...new Set(all)];
}

/** What the models say at each point of a map, which λ does not change. Row-major, as the map. */
export interface MapModels {
  readonly ms: Float64Array;
  readonly ns: Float64Array;
  /** J of one query on each system */
  readonly energyJ: readonly Float64Array[];
  /** s of one query on each system */
  readonly runtimeS: readonly Float64Array[];
  readonly extrapolated: Uint8Array;
  readonly negative: Uint8Array;
}

/** Asks the models of several systems at every point of a map. */
export function mapModels(
  systems: readonly ModelledSystem[],
  ms: readonly number[],
  ns: readonly number[],
): MapModels {
  const size = ms.length * ns.length;
  const energyJ = systems.map(() => new Float64Array(size));
  const runtimeS = systems.map(() => new Float64Array(size));
  const extrapolated = new Uint8Array(size);
  const negative = new Uint8Array(size);
  ms.forEach((m, row) =>
    ns.forEach((n, column) => {
      const at = row * ns.length + column;
      systems.forEach(({ energy, runtime }, s) => {
        energyJ[s]![at] = energy.at(m, n);
        runtimeS[s]![at] = runtime.at(m, n);
        if (energy.isExtrapolated(m, n) || runtime.isExtrapolated(m, n)) extrapolated[at] = 1;
        if (!(energyJ[s]![at]! > 0 && runtimeS[s]![at]! > 0)) negative[at] = 1;
      });
    }),
  );
  return {
    ms: Float64Array.from(ms),
    ns: Float64Array.from(ns),
    energyJ,
    runtimeS,
    extrapolated,
    negative,
  };
}

/** The map of the cheapest system at one λ. */
export function decisionMap(
  { ms, ns, energyJ, runtimeS, extrapolated, negative }: MapModels,
  form: CostForm,
): DecisionMap {
  const size = ms.length * ns.length;
  const system = new Uint8Array(size);
  const savings = new Float64Array(size);
  const [perJoule, perSecond] = shares(form);
  for (let at = 0; at < size; at++) {
    let [least, next] = [Infinity, Infinity];
    for (let s = 0; s < energyJ.length; s++) {
      const cost = perJoule * energyJ[s]![at]! + perSecond * runtimeS[s]![at]!;
      if (cost < least) {
        next = least;
        least = cost;
        system[at] = s;
      } else if (cost < next) next = cost;
    }
    savings[at] = least > 0 ? 1 - least / next : NaN;
  }
  return { ms, ns, system, saving: savings, extrapolated, negative };
}

/** A point at which two systems cost the same. */
export interface BreakEven {
  readonly m: number;
  /** output tokens, not whole */
  readonly n: number;
  /** which of the two is cheaper just above n */
  readonly above: number;
}

/** So close to the crossing a break-even is found, relatively. */
const CLOSE = 1e-10;

/**
 * The break-even curve between two systems: for each m every n in the range at which their costs cross, found by
 * bisection on a log axis between the steps of n.
 */
export function breakEven(
  systems: readonly [ModelledSystem, ModelledSystem],
  form: CostForm,
  { ms, ns, energyJ, runtimeS }: MapModels,
): BreakEven[] {
  const [perJoule, perSecond] = shares(form);
  const points: BreakEven[] = [];
  ms.forEach((m, row) => {
    const step = (column: number): number => {
      const at = row * ns.length + column;
      return (
        perJoule * (energyJ[0]![at]! - energyJ[1]![at]!) + perSecond * (runtimeS[0]![at]! - runtimeS[1]![at]!)
      );
    };
    const more = (n: number): number =>
      perJoule * (systems[0].energy.at(m, n) - systems[1].energy.at(m, n)) +
      perSecond * (systems[0].runtime.at(m, n) - systems[1].runtime.at(m, n));
    for (let c = 0; c + 1 < ns.length; c++) {
      let [low, high] = [ns[c]!, ns[c + 1]!];
      const [atLow, atHigh] = [step(c), step(c + 1)];
      // A crossing at a step itself belongs to the stretch below it.
      if (!(atLow < 0 !== atHigh < 0 && atLow !== 0)) continue;
      while (high / low > 1 + CLOSE) {
        const middle = Math.sqrt(low * high);
        if (more(middle) < 0 === atLow < 0) low = middle;
        else high = middle;
      }
      points.push({ m, n: Math.sqrt(low * high), above: atLow < 0 ? 1 : 0 });
    }
  });
  return points;
}
