/** How long a plan will take and what it will use, judged by what was measured on this computer before. */
import type { RunEstimate } from './activeRun.ts';
import {
  MODEL_SHAPES,
  parameterCount,
  QUANTISATIONS,
  SHAPE_IDS,
  weightBytes,
  type SyntheticModel,
} from './modelShapes.ts';
import type { Profile } from './profile.ts';
import { leastSquares, sum } from './statistics.ts';
import { LEAST_WINDOW_S } from './meterTruth.ts';
import { distinctCells, type Plan } from './sweep.ts';

/** A model as far as its speed depends on it. */
export interface Load {
  readonly id: string;
  readonly precision: string;
  readonly kvCache: boolean;
  /** where the model's shape is known */
  readonly parameters?: number;
  readonly weightBytes?: number;
}

export interface PlanEstimate {
  /** with as few trials as the plan allows, so at least about this long */
  readonly seconds: number;
  readonly energyJ: number;
  /** with as many as it allows */
  readonly mostSeconds: number;
  readonly mostEnergyJ: number;
  /** name of the profile that it was judged by, where that is of another model or another use of the KV cache */
  readonly scaledFrom?: string;
}

/** A trial takes so long beside its window: waits for samples, and for the power to settle, s. */
const AROUND_S = 0.5;
/** Short queries are repeated until a window is about so long, s. */
const USUAL_WINDOW_S = 2;

/** What the meter that was asked for decides. */
export interface MeterTells {
  /** windows are at least so long, s; what most meters need where it is left out */
  readonly windowS?: number;
  /** of an estimate: the power that was stated, W */
  readonly statedW?: number;
}

/** What is known of a meter by its name alone: `estimate:WATTS` needs no long windows, and its power is stated. */
export function meterTells(meter: string): MeterTells {
  const statedW = Number(/^estimate:(.+)$/.exec(meter)?.[1]);
  return Number.isFinite(statedW) ? { windowS: LEAST_WINDOW_S, statedW } : {};
}

/** A precision by one name: profiles write fp16 where model files have F16. */
function precisionOf(written: string): string {
  const name = written.toUpperCase();
  return name === 'FP16' ? 'F16' : name;
}

/** The made-up model that a profile's model is in shape and precision; undefined where no shape is known for it. */
export function madeUpLike({ model, conditions }: Profile): SyntheticModel | undefined {
  const shape = SHAPE_IDS.find((id) => id === model.id);
  const quantisation = QUANTISATIONS.find((name) => name === precisionOf(conditions.precision));
  return shape && quantisation && { shape: MODEL_SHAPES[shape], quantisation };
}

/** What a profile was measured with. */
export function loadOf(profile: Profile): Load {
  const { model, conditions } = profile;
  const like = madeUpLike(profile);
  return like === undefined
    ? { id: model.id, precision: precisionOf(conditions.precision), kvCache: conditions.kvCache }
    : loadOfMadeUp(like, conditions.kvCache);
}

/** What made-up weights are to a computer. */
export function loadOfMadeUp(model: SyntheticModel, kvCache: boolean): Load {
  const { shape, quantisation } = model;
  return {
    id: shape.id,
    precision: quantisation,
    kvCache,
    parameters: parameterCount(shape),
    weightBytes: weightBytes(model),
  };
}

/**
 * A plan's time and energy on the computer that `known` was measured on. Two times are fitted to its cells: of a
 * token that is evaluated, which goes with the number of weights, and of a pass over the weights, which goes with
 * their bytes. With a KV cache a query evaluates each input token once and passes over the weights for each output
 * token; without, each output token evaluates the whole sequence. The power is the mean of all its queries. Good to
 * a factor of two for another model, far better for the same.
 * @returns undefined where the profile's cells cannot tell the two times apart, or a shape is not known
 */
export function estimatePlan(
  plan: Plan,
  load: Load,
  known: Profile,
  { windowS = USUAL_WINDOW_S, statedW }: MeterTells = {},
): PlanEstimate | undefined {
  const own = loadOf(known);
  const sameModel = own.id === load.id && own.precision === load.precision;
  const scale = sameModel ? { evaluated: 1, pass: 1 } : scaleBetween(own, load);
  const times = fitTimes(known);
  if (scale === undefined || times === undefined) return undefined;
  const queryS = (m: number, n: number): number =>
    scale.evaluated * times.evaluatedS * evaluated(m, n, load.kvCache) + scale.pass * times.passS * n;
  const powerW =
    statedW ??
    sum(known.cells.map(({ energyJ }) => energyJ.total)) / sum(known.cells.map(({ runtimeS }) => runtimeS));

  const runtimes = distinctCells(plan.cells).map(({ m, n }) => queryS(m, n));
  const least = timeOf(plan, runtimes, plan.minTrials, windowS);
  const most = timeOf(plan, runtimes, plan.maxTrials, windowS);
  return {
    seconds: least.seconds,
    energyJ: least.windowsS * powerW,
    mostSeconds: most.seconds,
    mostEnergyJ: most.windowsS * powerW,
    ...(sameModel && own.kvCache === load.kvCache ? {} : { scaledFrom: known.name }),
  };
}

/**
 * What a plan takes at the least, where nothing was measured that its queries could be judged by: its windows, what
 * lies around them, and its baselines. The energy is known only of a stated power.
 */
export function leastOf(plan: Plan, { statedW }: MeterTells): RunEstimate {
  const runtimes = distinctCells(plan.cells).map(() => 0);
  const { seconds, windowsS } = timeOf(plan, runtimes, plan.minTrials, LEAST_WINDOW_S);
  return {
    seconds,
    ...(statedW === undefined ? {} : { energyJ: windowsS * statedW }),
    onlyLeast: true,
  };
}

/**
 * @param runtimes of a query of each cell, s
 * @param ofCell trials of each cell beside its warm-ups
 */
function timeOf(
  plan: Plan,
  runtimes: readonly number[],
  ofCell: number,
  windowS: number,
): { seconds: number; windowsS: number } {
  const trials = runtimes.length * (plan.warmUps + ofCell);
  const windowsS = sum(
    runtimes.map((runtimeS) => plan.warmUps * runtimeS + ofCell * Math.max(runtimeS, windowS)),
  );
  const baselines = 2 + Math.floor(trials / plan.idleEveryTrials);
  return { seconds: windowsS + trials * AROUND_S + baselines * plan.idleS, windowsS };
}

/**
 * Of profiles that were measured on this computer the one that a load is best judged by: of the same model if there is
 * one, else of the largest, which is the least scaled.
 */
export function bestKnown(measured: readonly Profile[], load: Load): Profile | undefined {
  const rank = (profile: Profile): number => {
    const own = loadOf(profile);
    if (own.id !== load.id || own.precision !== load.precision) return own.parameters ?? 0;
    return own.kvCache === load.kvCache ? Infinity : Number.MAX_VALUE;
  };
  return measured.toSorted((a, b) => rank(b) - rank(a))[0];
}

function scaleBetween(from: Load, to: Load): { evaluated: number; pass: number } | undefined {
  if (from.parameters === undefined || from.weightBytes === undefined) return undefined;
  if (to.parameters === undefined || to.weightBytes === undefined) return undefined;
  return { evaluated: to.parameters / from.parameters, pass: to.weightBytes / from.weightBytes };
}

/** Tokens that a query evaluates. */
function evaluated(m: number, n: number, kvCache: boolean): number {
  return kvCache ? m : n * m + (n * (n - 1)) / 2;
}

/** The two times of a model on a computer, s; neither is below 0. */
function fitTimes(profile: Profile): { evaluatedS: number; passS: number } | undefined {
  const { conditions } = profile;
  // A cell whose counts cannot be right would bend the fit to it.
  const cells = profile.cells.filter(({ doubt }) => doubt === undefined);
  const rows = cells.map(({ m, n }) => [evaluated(m, n, conditions.kvCache), n]);
  const runtimes = cells.map(({ runtimeS }) => runtimeS);
  // It is relative errors that count: a short query weighs as much as a long one.
  const weights = runtimes.map((runtimeS) => 1 / runtimeS ** 2);
  const [evaluatedS, passS] = leastSquares(rows, runtimes, weights)?.coefficients ?? [];
  if (evaluatedS === undefined || passS === undefined) return undefined;
  if (evaluatedS >= 0 && passS >= 0) return { evaluatedS, passS };
  const kept = evaluatedS >= 0 ? 0 : 1;
  const [alone] =
    leastSquares(
      rows.map((row) => [row[kept]!]),
      runtimes,
      weights,
    )?.coefficients ?? [];
  if (alone === undefined) return undefined;
  return kept === 0 ? { evaluatedS: alone, passS: 0 } : { evaluatedS: 0, passS: alone };
}
