import { costOf, type CostForm, type Totals } from '../policy.ts';
import { joules, seconds } from '../units.ts';
import { normalCdf } from './normalCdf.ts';
import type { CostTable } from './costTable.ts';
import { axisIndex, type LengthIndex } from './pairs.ts';
import { assignedTotals, shares, totalsFrom } from './rules.ts';
import { bestAxisRule, groupSums, thresholdAt } from './thresholds.ts';

/** Energy and runtime of all queries of each distinct n on each system. */
export interface OutputTotals {
  readonly index: LengthIndex;
  readonly energyJ: readonly Float64Array[];
  readonly runtimeS: readonly Float64Array[];
}

function outputTotals({ pairs, systems }: CostTable): OutputTotals {
  const index = axisIndex(pairs, 'output');
  const grouped = (costs: Float64Array): Float64Array =>
    groupSums(
      index,
      costs.map((cost, i) => cost * pairs.count[i]!),
    );
  return {
    index,
    energyJ: systems.map(({ energyJ }) => grouped(energyJ)),
    runtimeS: systems.map(({ runtimeS }) => grouped(runtimeS)),
  };
}

/**
 * The chance that the predicted number of output tokens n̂ = n·e^{σZ}, Z standard normal, is at most a threshold. With
 * σ = 0 the prediction is right. A query without output is always predicted to have none.
 */
export function chanceWithin(n: number, threshold: number, sigma: number): number {
  if (threshold < 0) return 0;
  if (n === 0) return 1;
  if (sigma === 0) return n <= threshold ? 1 : 0;
  if (threshold === 0) return 0;
  const z = Math.log(threshold / n) / sigma;
  // Farther out the chance is 0 or 1 to the last digit.
  return z > 8.3 ? 1 : z < -8.3 ? 0 : normalCdf(z);
}

/**
 * Expected totals of thresholds on a *predicted* n, whose error is a factor e^{σZ}: exact expectations, no draws.
 * @param thresholds ascending, one fewer than there are systems
 * @param sigma standard deviation of the error of ln n, 0 or more
 */
export function predictedTotals(
  table: CostTable,
  thresholds: readonly number[],
  sigma: number,
  form: CostForm,
): Totals {
  return expectedTotals(outputTotals(table), thresholds, sigma, form);
}

function expectedTotals(
  { index, energyJ, runtimeS }: OutputTotals,
  thresholds: readonly number[],
  sigma: number,
  form: CostForm,
): Totals {
  let energy = 0;
  let runtime = 0;
  for (let k = 0; k < index.values.length; k++) {
    let below = 0;
    for (let s = 0; s < energyJ.length; s++) {
      const upTo = s < thresholds.length ? chanceWithin(index.values[k]!, thresholds[s]!, sigma) : 1;
      energy += (upTo - below) * energyJ[s]![k]!;
      runtime += (upTo - below) * runtimeS[s]![k]!;
      below = upTo;
    }
  }
  return totalsFrom(energy, runtime, form);
}

/** What a threshold on a predicted n costs at one prediction error. */
export interface PredictionPoint extends Totals {
  readonly sigma: number;
  readonly thresholds: readonly number[];
  /** cost above that of the same family with n known, a fraction of it */
  readonly loss: number;
}

/** The prediction errors that are shown by default: from none to a factor of e. */
export const SIGMAS: readonly number[] = [0, 0.1, 0.2, 0.3, 0.5, 0.75, 1];

/** What the loss of a predicted n is looked for in; none of it depends on λ. */
export interface PredictionCurves {
  readonly sigmas: readonly number[];
  readonly totals: OutputTotals;
  /** at most 512 thresholds and, beyond the longest output, "always small"; none for more than two systems */
  readonly thresholds: readonly number[];
  /** for each sigma the expected energy and runtime at each threshold */
  readonly curves: readonly { readonly energyJ: Float64Array; readonly runtimeS: Float64Array }[];
}

/** The curves of two systems, for `predictionLoss` at one λ after another. */
export function predictionCurves(table: CostTable, sigmas: readonly number[] = SIGMAS): PredictionCurves {
  const totals = outputTotals(table);
  if (table.systems.length !== 2) return { sigmas, totals, thresholds: [], curves: [] };
  const last = totals.index.values.length;
  const steps = Math.min(last, 511);
  const candidates = Array.from({ length: steps + 1 }, (_, k) =>
    thresholdAt(totals.index, Math.round((k * last) / steps)),
  );
  // Beyond the longest output lies "always small": a prediction is never above an infinite threshold.
  const thresholds = [...candidates, Infinity];
  const form: CostForm = { lambda: 1, energyUnit: joules(1), runtimeUnit: seconds(1) };
  const curves = sigmas.map((sigma) => {
    const found = thresholds.map((threshold) => expectedTotals(totals, [threshold], sigma, form));
    return {
      energyJ: Float64Array.from(found, ({ energyJ }) => energyJ),
      runtimeS: Float64Array.from(found, ({ runtimeS }) => runtimeS),
    };
  });
  return { sigmas, totals, thresholds, curves };
}

/**
 * The loss of an output threshold by the error of the predicted n: with the threshold that is best when n is known
 * (`kept`), and, for two systems, with the one that is best for the error (`adapted`, of at most 512 thresholds).
 * @param prepared the curves, where they are at hand
 */
export function predictionLoss(
  table: CostTable,
  form: CostForm,
  sigmas: readonly number[] = SIGMAS,
  prepared: PredictionCurves = predictionCurves(table, sigmas),
): { kept: PredictionPoint[]; adapted: PredictionPoint[] } {
  const { totals, thresholds: all, curves } = prepared;
  const axis = { policy: 'threshold-out', index: totals.index } as const;
  const rule = bestAxisRule(table, axis, form);
  const thresholds = rule.policy === 'threshold-out' ? rule.thresholds : [];
  const known = expectedTotals(totals, thresholds, 0, form).cost;
  const point = (sigma: number, chosen: readonly number[]): PredictionPoint => {
    const found = expectedTotals(totals, chosen, sigma, form);
    return { sigma, thresholds: chosen, ...found, loss: found.cost / known - 1 };
  };
  const kept = prepared.sigmas.map((sigma) => point(sigma, thresholds));
  const adapted = curves.map(({ energyJ, runtimeS }, i) => {
    let least = kept[i]!.cost;
    let best: number | undefined;
    for (let t = 0; t < all.length; t++) {
      const cost = costOf(form, joules(energyJ[t]!), seconds(runtimeS[t]!));
      if (cost < least) {
        least = cost;
        best = all[t]!;
      }
    }
    return best === undefined ? kept[i]! : point(prepared.sigmas[i]!, [best]);
  });
  return { kept, adapted };
}

/** A policy that knows m alone, before the query runs. */
export interface InputOnly extends Totals {
  /** cost above that of the best output threshold with n known, a fraction of it; negative when it does better */
  readonly loss: number;
}

/** Both ways of doing without n. */
export interface InputOnlyPolicies {
  /** thresholds on E[n | m], the mean output of the workload's own queries with the same m */
  readonly expectedOutput: InputOnly & { readonly thresholds: readonly number[] };
  /** for each m the system that is cheapest for its queries together: no policy that sees m alone does better */
  readonly bestByInput: InputOnly & { readonly systemOf: Uint8Array };
}

/** The mean output of each distinct m, in ranks; none of it depends on λ. */
export interface OutputRanks {
  /** E[n | m], each once, ascending */
  readonly sorted: Float64Array;
  /** which of these each distinct m has */
  readonly rankOfGroup: Uint32Array;
  /** each pair's rank: predictions are no whole numbers, so thresholds are set on their ranks and told as predictions */
  readonly index: LengthIndex;
}

/** The ranks of what each distinct m lets expect. */
export function outputRanks({ pairs }: CostTable): OutputRanks {
  const each = new Float64Array(pairs.size);
  for (let i = 0; i < each.length; i++) each[i] = pairs.count[i]! * pairs.n[i]!;
  const tokens = groupSums(pairs.input, each);
  const queries = groupSums(pairs.input, pairs.count);
  const predicted = Float64Array.from(tokens, (total, group) => total / queries[group]!);
  const sorted = Float64Array.from(new Set(predicted)).sort();
  const rankOf = new Map([...sorted].map((value, rank) => [value, rank]));
  const rankOfGroup = Uint32Array.from(predicted, (value) => rankOf.get(value)!);
  const ranks = new Uint32Array(pairs.size);
  for (let i = 0; i < ranks.length; i++) ranks[i] = rankOfGroup[pairs.input.of[i]!]!;
  const index = { values: Float64Array.from(sorted, (_, rank) => rank), of: ranks };
  return { sorted, rankOfGroup, index };
}

/**
 * What is left of a saving when n is not known and m must do: both learned from the workload itself, so for other
 * queries of the same kind it is a little less.
 * @param totals of each distinct n, where they are at hand
 * @param ranked the ranks of each distinct m, where they are at hand
 */
export function inputOnlyPolicies(
  table: CostTable,
  form: CostForm,
  totals: OutputTotals = outputTotals(table),
  ranked: OutputRanks = outputRanks(table),
): InputOnlyPolicies {
  const { pairs, systems } = table;
  const groupOf = pairs.input.of;
  const { sorted, rankOfGroup, index } = ranked;

  const output = { policy: 'threshold-out', index: pairs.output } as const;
  const rule = bestAxisRule(table, output, form);
  const known = expectedTotals(totals, rule.policy === 'threshold-out' ? rule.thresholds : [], 0, form).cost;

  const [perJoule, perSecond] = shares(form);
  const each = new Float64Array(pairs.size);
  const byGroup = systems.map(({ energyJ, runtimeS }) => {
    for (let i = 0; i < each.length; i++) {
      each[i] = pairs.count[i]! * (perJoule * energyJ[i]! + perSecond * runtimeS[i]!);
    }
    return groupSums(pairs.input, each);
  });
  const systemOf = new Uint8Array(pairs.input.values.length);
  for (let group = 0; group < systemOf.length; group++) {
    for (let s = 1; s < byGroup.length; s++) {
      if (byGroup[s]![group]! < byGroup[systemOf[group]!]![group]!) systemOf[group] = s;
    }
  }

  const byRank = bestAxisRule(table, { policy: 'threshold-in', index }, form);
  const limits = byRank.policy === 'threshold-in' ? byRank.thresholds : [];
  const rankTo = Uint8Array.from(rankOfGroup, (rank) => {
    const system = limits.findIndex((limit) => rank <= limit);
    return system < 0 ? systems.length - 1 : system;
  });

  /** @param systemOf of each distinct m */
  const judged = (systemOf: Uint8Array): InputOnly => {
    const to = new Uint8Array(pairs.size);
    for (let i = 0; i < to.length; i++) to[i] = systemOf[groupOf[i]!]!;
    const found = assignedTotals(table, to, form);
    return { ...found, loss: found.cost / known - 1 };
  };
  return {
    expectedOutput: {
      ...judged(rankTo),
      thresholds: limits.map((limit) => (limit < 0 ? 0 : sorted[limit]!)),
    },
    bestByInput: { ...judged(systemOf), systemOf },
  };
}
