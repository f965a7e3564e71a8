import { z } from 'zod';
import { LabError } from './errors.ts';
import { meanAndSd, meanHalfWidth95 } from './statistics.ts';
import { trialFate, type Trial } from './trial.ts';
import { totalOf } from './meter.ts';

const tokenCount = z.number().int().positive().max(1_048_576);
export const planCellSchema = z.strictObject({
  m: tokenCount,
  n: tokenCount,
  sweep: z.enum(['input', 'output']).optional(),
});
export type PlanCell = z.output<typeof planCellSchema>;

/** When a cell has been measured well enough. */
export const stoppingSchema = z.discriminatedUnion('rule', [
  /** the 95% interval of mean energy and mean runtime within a fraction of the mean */
  z.strictObject({ rule: z.literal('relative'), target: z.number().positive().max(1) }),
  /** the paper's: the 95% interval of the runtime within so many seconds */
  z.strictObject({ rule: z.literal('paper'), withinS: z.number().positive() }),
]);

/** Which shard of a sweep: the first of three is `{ index: 1, of: 3 }`. */
const shardFields = { index: z.number().int().positive(), of: z.number().int().positive().max(10_000) };
const withinShards = [
  ({ index, of }: { index: number; of: number }) => index <= of,
  'a shard is numbered from 1 up to the number of shards',
] as const;
export const shardSchema = z.strictObject(shardFields).refine(...withinShards);
export type Shard = z.output<typeof shardSchema>;

/** A sweep: which cells, in which order, how often, and the windows around them. */
export const planSchema = z.strictObject({
  name: z.enum(['paper', 'quick', 'grid', 'custom']),
  design: z.enum(['sweeps', 'grid', 'cells']),
  cells: z.array(planCellSchema).min(1),
  seed: z.number().int().nonnegative(),
  stopping: stoppingSchema,
  minTrials: z.number().int().min(1),
  maxTrials: z.number().int().min(1),
  /** trials thrown away at the start of each cell's first visit */
  warmUps: z.number().int().nonnegative(),
  /** idle baseline before, after, and after every so many trials, s */
  idleS: z.number().nonnegative(),
  idleEveryTrials: z.number().int().positive(),
  /** for a shard of a larger sweep, whose cells these are: which one, and the whole sweep's id and cells */
  shard: z
    .strictObject({ ...shardFields, sweep: z.string(), cells: z.array(planCellSchema).min(1) })
    .refine(...withinShards)
    .optional(),
});
export type Plan = z.output<typeof planSchema>;

const powers = (from: number, to: number): number[] => {
  const found: number[] = [];
  for (let value = from; value <= to; value *= 2) found.push(value);
  return found;
};

/** The cells of the two sweeps of the paper: m = 8…2048 at n = 32, and n = 8…512 at m = 32. */
export function sweepCells(inputTo: number, outputTo: number): PlanCell[] {
  return [
    ...powers(8, inputTo).map((m): PlanCell => ({ m, n: 32, sweep: 'input' })),
    ...powers(8, outputTo).map((n): PlanCell => ({ m: 32, n, sweep: 'output' })),
  ];
}

/**
 * Reads cells such as "8,32 64,32".
 * @throws LabError "bad-setting" naming the first part that is no cell
 */
export function parseCells(text: string): PlanCell[] {
  const parts = text
    .trim()
    .split(/\s+/)
    .filter((part) => part !== '');
  const cells = parts.map((part) => {
    const match = /^(\d+),(\d+)$/.exec(part);
    const cell = planCellSchema.safeParse({ m: Number(match?.[1]), n: Number(match?.[2]) });
    if (match === null || !cell.success) {
      throw new LabError(
        'bad-setting',
        `"${part}" is not a cell: a cell is input and output tokens, such as 64,32.`,
        'Name a sweep (paper, quick, grid) or cells such as "8,32 64,32".',
      );
    }
    return cell.data;
  });
  if (cells.length === 0) {
    throw new LabError(
      'bad-setting',
      'The sweep has no cells.',
      'Name a sweep (paper, quick, grid) or cells.',
    );
  }
  const keys = new Set(cells.map(({ m, n }) => `${m} ${n}`));
  if (keys.size < cells.length) {
    throw new LabError('bad-setting', 'A cell occurs twice in the sweep.', 'Name each cell once.');
  }
  return cells;
}

/** What the user may change of a plan. */
export interface PlanOptions {
  readonly seed: number;
  readonly target?: number;
  readonly maxTrials?: number;
  /** length of the idle baselines, s */
  readonly idleS?: number;
}

/**
 * A plan by name, or of the user's cells.
 * `paper`: both sweeps, the paper's stopping rule. `quick`: short sweeps with few trials, about three minutes for
 * the default model. `grid`: all pairs of powers of two from 8 to 512.
 * @param sweep a name, or cells such as "8,32 64,32"
 * @throws LabError "bad-setting"
 */
export function makePlan(sweep: string, { seed, target, maxTrials, idleS }: PlanOptions): Plan {
  const relative = { rule: 'relative', target: target ?? 0.05 } as const;
  const shared = {
    seed,
    warmUps: 1,
    minTrials: 3,
    maxTrials: maxTrials ?? 25,
    idleS: 30,
    idleEveryTrials: 20,
  };
  const plan = (made: Plan): Plan => ({
    ...made,
    minTrials: Math.min(made.minTrials, made.maxTrials),
    idleS: idleS ?? made.idleS,
  });
  switch (sweep) {
    case 'paper':
      return plan({
        ...shared,
        name: 'paper',
        design: 'sweeps',
        cells: sweepCells(2048, 512),
        stopping: target === undefined ? { rule: 'paper', withinS: 0.5 } : relative,
      });
    case 'quick':
      return plan({
        ...shared,
        name: 'quick',
        design: 'sweeps',
        cells: sweepCells(512, 128),
        stopping: relative,
        maxTrials: maxTrials ?? 5,
        idleS: 5,
      });
    case 'grid':
      return plan({
        ...shared,
        name: 'grid',
        design: 'grid',
        cells: powers(8, 512).flatMap((m) => powers(8, 512).map((n) => ({ m, n }))),
        stopping: relative,
      });
    default:
      return plan({
        ...shared,
        name: 'custom',
        design: 'cells',
        cells: parseCells(sweep),
        stopping: relative,
        idleS: 10,
      });
  }
}

/** A small generator of random numbers, the same for a seed everywhere (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A random order, the same for a seed (Fisher and Yates). */
export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const order = [...items];
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}

const keyOf = ({ m, n, sweep }: PlanCell): string => `${sweep ?? ''} ${m} ${n}`;

/** The different cells of a plan, in its order: two sweeps share the one in which they cross. */
export function distinctCells(cells: readonly PlanCell[]): PlanCell[] {
  return [...new Map(cells.map((cell) => [`${cell.m} ${cell.n}`, cell])).values()];
}

/** How far a cell is. */
export interface CellProgress {
  readonly cell: PlanCell;
  readonly valid: number;
  readonly flagged: number;
  readonly dropped: number;
  /** half the 95% interval over the mean, of energy and of runtime; undefined below two valid trials */
  readonly energyWidth?: number;
  readonly runtimeWidth?: number;
  readonly done: boolean;
}

/** How far a cell is, from the trials made so far (of two sweeps' shared cell, trials count for both). */
export function cellProgress(plan: Plan, cell: PlanCell, trials: readonly Trial[]): CellProgress {
  const own = trials.filter((trial) => trial.m === cell.m && trial.n === cell.n);
  const fates = own.map(trialFate);
  const valid = own.filter((_, i) => fates[i] === 'valid');
  const count = (fate: string): number => fates.filter((found) => found === fate).length;
  const widths = (values: readonly number[]): { absolute?: number; relative?: number } => {
    const { mean, sd } = meanAndSd(values);
    const half = meanHalfWidth95(sd, values.length);
    return half === undefined ? {} : { absolute: half, relative: Math.abs(half / mean) };
  };
  const energies = valid.map((trial) => totalOf(trial.energyJ)).filter((energy) => energy !== undefined);
  const energy = energies.length === valid.length && valid.length > 0 ? widths(energies) : {};
  const runtime = valid.length > 0 ? widths(valid.map((trial) => trial.runtimeS)) : {};
  const { stopping } = plan;
  const within =
    stopping.rule === 'paper'
      ? runtime.absolute !== undefined && runtime.absolute <= stopping.withinS
      : energy.relative !== undefined &&
        runtime.relative !== undefined &&
        Math.max(energy.relative, runtime.relative) <= stopping.target;
  // Warm-ups do not use up tries; other flagged and dropped trials do, or a bad meter would never end.
  const tries = own.filter((trial) => !trial.flags.includes('warm-up')).length;
  return {
    cell,
    valid: valid.length,
    flagged: count('flagged'),
    dropped: count('dropped'),
    ...(energy.relative === undefined ? {} : { energyWidth: energy.relative }),
    ...(runtime.relative === undefined ? {} : { runtimeWidth: runtime.relative }),
    done: (valid.length >= plan.minTrials && within) || tries >= plan.maxTrials,
  };
}

/**
 * The next trial of a run: rounds through the cells that are not done, each round in its own random order, which
 * follows from the seed and the trials made so far, so that a resumed run goes on as it would have.
 * @returns undefined when every cell is done
 */
export function nextCell(
  plan: Plan,
  trials: readonly Trial[],
): { cell: PlanCell; warmUp: boolean } | undefined {
  const distinct = distinctCells(plan.cells);
  const made = (cell: PlanCell): number =>
    trials.filter((trial) => trial.m === cell.m && trial.n === cell.n).length;
  const open = distinct.filter((cell) => !cellProgress(plan, cell, trials).done);
  if (open.length === 0) return undefined;
  const round = Math.min(...open.map(made));
  const order = shuffled(distinct.map(keyOf), randomOf(plan.seed + round * 7919));
  const cell = open
    .filter((candidate) => made(candidate) === round)
    .sort((a, b) => order.indexOf(keyOf(a)) - order.indexOf(keyOf(b)))[0]!;
  return { cell, warmUp: round < plan.warmUps };
}
