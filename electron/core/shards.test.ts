import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseRunRequest, planOf } from './runRequest.ts';
import { cellCost, cellKey, shardPlan, sweepId, wholePlan } from './shards.ts';
import { makePlan, planSchema, type Plan, type PlanCell } from './sweep.ts';
import { labErrorOf } from '../test/thrown.ts';

const plans = fc
  .tuple(
    fc.oneof(
      fc.constantFrom('paper', 'quick', 'grid'),
      fc
        .uniqueArray(fc.tuple(fc.integer({ min: 1, max: 4096 }), fc.integer({ min: 1, max: 4096 })), {
          minLength: 1,
          maxLength: 40,
          selector: (cell) => cell.join(),
        })
        .map((cells) => cells.map((cell) => cell.join()).join(' ')),
    ),
    fc.integer({ min: 0, max: 1000 }),
  )
  .map(([sweep, seed]) => makePlan(sweep, { seed }));

const keysOf = (cells: readonly PlanCell[]): string[] =>
  cells.map((cell) => `${cell.sweep} ${cellKey(cell)}`);

function shardsOf(plan: Plan, of: number, kvCache = true): Plan[] {
  return Array.from({ length: of }, (_, i) => shardPlan(plan, { index: i + 1, of }, { kvCache }));
}

test('every cell is in exactly one shard, in the order of the sweep, and both sweeps keep their shared cell', () => {
  fc.assert(
    fc.property(plans, fc.integer({ min: 1, max: 12 }), fc.boolean(), (plan, wanted, kvCache) => {
      const distinct = new Set(plan.cells.map(cellKey)).size;
      const shards = shardsOf(plan, Math.min(wanted, distinct), kvCache);
      expect(shards.flatMap(({ cells }) => keysOf(cells)).sort()).toEqual(keysOf(plan.cells).sort());
      const owners = shards.flatMap(({ cells }) => [...new Set(cells.map(cellKey))]);
      expect(new Set(owners).size).toBe(owners.length);
      const order = keysOf(plan.cells);
      for (const shard of shards) {
        expect(shard.cells.length).toBeGreaterThan(0);
        const places = keysOf(shard.cells).map((key) => order.indexOf(key));
        expect(places).toEqual([...places].sort((a, b) => a - b));
        expect(planSchema.parse(shard)).toEqual(shard);
        expect(wholePlan(shard)).toEqual(plan);
        expect(shard).toMatchObject({ seed: plan.seed, stopping: plan.stopping, idleS: plan.idleS });
      }
    }),
  );
});

test('shards have as much to do: none more than the least burdened one by more than one cell', () => {
  fc.assert(
    fc.property(plans, fc.integer({ min: 1, max: 12 }), fc.boolean(), (plan, wanted, kvCache) => {
      const distinct = [...new Map(plan.cells.map((cell) => [cellKey(cell), cell])).values()];
      const of = Math.min(wanted, distinct.length);
      const loads = shardsOf(plan, of, kvCache).map(({ cells }) =>
        [...new Map(cells.map((cell) => [cellKey(cell), cell])).values()].reduce(
          (sum, cell) => sum + cellCost(cell, kvCache),
          0,
        ),
      );
      const dearest = Math.max(...distinct.map((cell) => cellCost(cell, kvCache)));
      expect(Math.max(...loads) - Math.min(...loads)).toBeLessThanOrEqual(dearest * (1 + 1e-9));
    }),
  );
});

test('a grid of 49 cells in three: by cost, not by number', () => {
  const shards = shardsOf(makePlan('grid', { seed: 1 }), 3);
  const loads = shards.map(({ cells }) => cells.reduce((sum, cell) => sum + cellCost(cell, true), 0));
  expect(Math.max(...loads) / Math.min(...loads)).toBeLessThan(1.05);
  expect(new Set(shards.map(({ cells }) => cells.length)).size).toBeGreaterThan(1);
});

test('without a KV cache long sequences weigh more', () => {
  const ratio = (kvCache: boolean): number =>
    cellCost({ m: 512, n: 64 }, kvCache) / cellCost({ m: 8, n: 64 }, kvCache);
  expect(ratio(false)).toBeGreaterThan(4 * ratio(true));
});

test('the sweep’s id is that of the whole sweep however it is split, and changes with cells, seed and rules', () => {
  const plan = makePlan('paper', { seed: 3 });
  expect(sweepId(plan)).toMatch(/^sweep-[0-9a-f]{16}$/);
  const ids = [2, 3, 5].flatMap((of) => shardsOf(plan, of).map(({ shard }) => shard!.sweep));
  expect(new Set(ids)).toEqual(new Set([sweepId(plan)]));
  const others = [
    makePlan('paper', { seed: 4 }),
    makePlan('paper', { seed: 3, target: 0.1 }),
    makePlan('quick', { seed: 3 }),
    { ...plan, cells: plan.cells.slice(1) },
  ];
  expect(new Set([sweepId(plan), ...others.map(sweepId)]).size).toBe(5);
});

test('a request for a shard is a plan for a shard', () => {
  const request = parseRunRequest({ sweep: 'quick', seed: 5, shard: { index: 2, of: 4 } });
  expect(planOf(request).shard).toMatchObject({ index: 2, of: 4 });
  expect(planOf({ ...request, shard: undefined })).toEqual(makePlan('quick', { seed: 5 }));
});

test('more shards than cells, and a shard that there is not, are refused', () => {
  const plan = makePlan('8,32 64,32', { seed: 1 });
  const error = labErrorOf(() => shardPlan(plan, { index: 1, of: 3 }, { kvCache: true }));
  expect(error).toMatchObject({ kind: 'bad-setting', hint: 'Split it among 2 at most.' });
  for (const shard of [
    { index: 0, of: 2 },
    { index: 3, of: 2 },
    { index: 1.5, of: 2 },
  ]) {
    expect(labErrorOf(() => parseRunRequest({ shard })).kind).toBe('bad-setting');
  }
});
