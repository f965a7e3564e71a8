import { costOf, type CostForm } from '../policy.ts';
import { joules, seconds } from '../units.ts';
import type { ModelledSystem } from './costTable.ts';

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

/** The cost of one query on each of several systems. */
function costsAt(systems: readonly ModelledSystem[], form: CostForm, m: number, n: number): number[] {
  return systems.map(({ energy, runtime }) =>
    costOf(form, joules(energy.at(m, n)), seconds(runtime.at(m, n))),
  );
}

/** The map of the cheapest system. */
export function decisionMap(
  systems: readonly ModelledSystem[],
  form: CostForm,
  ms: readonly number[],
  ns: readonly number[],
): DecisionMap {
  const size = ms.length * ns.length;
  const map = {
    ms: Float64Array.from(ms),
    ns: Float64Array.from(ns),
    system: new Uint8Array(size),
    saving: new Float64Array(size),
    extrapolated: new Uint8Array(size),
    negative: new Uint8Array(size),
  };
  ms.forEach((m, row) =>
    ns.forEach((n, column) => {
      const at = row * ns.length + column;
      const costs = costsAt(systems, form, m, n);
      const least = Math.min(...costs);
      map.system[at] = costs.indexOf(least);
      const next = Math.min(...costs.toSpliced(map.system[at]!, 1));
      map.saving[at] = least > 0 ? 1 - least / next : NaN;
      for (const { energy, runtime } of systems) {
        if (energy.isExtrapolated(m, n) || runtime.isExtrapolated(m, n)) map.extrapolated[at] = 1;
        if (!(energy.at(m, n) > 0 && runtime.at(m, n) > 0)) map.negative[at] = 1;
      }
    }),
  );
  return map;
}

/** A point at which two systems cost the same. */
export interface BreakEven {
  readonly m: number;
  /** output tokens, not whole */
  readonly n: number;
  /** which of the two is cheaper just above n */
  readonly above: number;
}

/**
 * The break-even curve between two systems: for each m every n in the range at which their costs cross, found by
 * bisection on a log axis between the steps of `ns`.
 */
export function breakEven(
  systems: readonly [ModelledSystem, ModelledSystem],
  form: CostForm,
  ms: readonly number[],
  ns: readonly number[],
): BreakEven[] {
  const points: BreakEven[] = [];
  for (const m of ms) {
    const more = (n: number): number => {
      const [a, b] = costsAt(systems, form, m, n);
      return a! - b!;
    };
    for (let c = 0; c + 1 < ns.length; c++) {
      let [low, high] = [ns[c]!, ns[c + 1]!];
      const [atLow, atHigh] = [more(low), more(high)];
      // A crossing at a step itself belongs to the stretch below it.
      if (!(atLow < 0 !== atHigh < 0 && atLow !== 0)) continue;
      for (let step = 0; step < 60; step++) {
        const middle = Math.sqrt(low * high);
        if (more(middle) < 0 === atLow < 0) low = middle;
        else high = middle;
      }
      points.push({ m, n: Math.sqrt(low * high), above: atLow < 0 ? 1 : 0 });
    }
  }
  return points;
}
