/** Shards of a sweep, so that several computers can measure it together. */
import { canonicalJson } from './canonicalJson.ts';
import { LabError } from './errors.ts';
import { fingerprint } from './fingerprint.ts';
import type { Plan, PlanCell, Shard } from './sweep.ts';

/** What a query costs beside its tokens, as output tokens: a shard of many short cells takes its time too. */
const FIXED_TOKENS = 16;
/** So many input tokens are evaluated in about the time of one output token. */
const INPUT_PER_OUTPUT = 16;

/**
 * About what a query of a cell costs, in output tokens: only good for giving every shard as much to do.
 * Without a KV cache the whole sequence is evaluated again for every token.
 */
export function cellCost({ m, n }: PlanCell, kvCache: boolean): number {
  if (kvCache) return FIXED_TOKENS + m / INPUT_PER_OUTPUT + n;
  return FIXED_TOKENS + n * (1 + (m + n / 2) / INPUT_PER_OUTPUT);
}

/** What tells cells apart: the cell that two sweeps share is one. */
export const cellKey = ({ m, n }: { readonly m: number; readonly n: number }): string => `${m} ${n}`;

/** An id of a whole sweep: its cells, seed and rules; the same whichever way it is split. */
export function sweepId(plan: Plan): string {
  return `sweep-${fingerprint(canonicalJson({ ...plan, shard: undefined }))}`;
}

/**
 * The plan of one shard: its cells in the sweep's order, everything else as in the sweep. Every cell is in exactly
 * one shard; the dearest cell goes to whichever shard has the least to do, then the next.
 * @throws LabError "bad-setting" when there are more shards than cells
 */
export function shardPlan(plan: Plan, { index, of }: Shard, { kvCache }: { kvCache: boolean }): Plan {
  const distinct = [...new Map(plan.cells.map((cell) => [cellKey(cell), cell])).values()];
  if (of > distinct.length) {
    throw new LabError(
      'bad-setting',
      `The sweep has ${distinct.length} different cells, so ${of} shards of it would leave some without any. ` +
        'Nothing was started.',
      `Split it among ${distinct.length} at most.`,
    );
  }
  const cost = (cell: PlanCell): number => cellCost(cell, kvCache);
  const dearestFirst = [...distinct].sort((a, b) => cost(b) - cost(a) || b.m - a.m);
  const loads = new Array<number>(of).fill(0);
  const own = new Set<string>();
  for (const cell of dearestFirst) {
    const least = loads.indexOf(Math.min(...loads));
    loads[least]! += cost(cell);
    if (least === index - 1) own.add(cellKey(cell));
  }
  return {
    ...plan,
    cells: plan.cells.filter((cell) => own.has(cellKey(cell))),
    shard: { index, of, sweep: sweepId(plan), cells: plan.cells },
  };
}

/** The sweep that a plan is a shard of; the plan itself where it is none. */
export function wholePlan(plan: Plan): Plan {
  const { shard, ...rest } = plan;
  return shard === undefined ? plan : { ...rest, cells: shard.cells };
}

/** "3 of 8" */
export function shardName({ index, of }: Shard): string {
  return `${index} of ${of}`;
}
