import { expect, test } from 'vitest';
import { cellProgress, distinctCells, makePlan } from '#core/sweep';
import type { Trial } from '#core/trial';
import { layoutOf, measuredCells } from './measured.ts';
import { groundsOf } from './trust.ts';

const plan = makePlan('quick', { seed: 1 });
const trial = (index: number, energy: number, changes: Partial<Trial> = {}): Trial => ({
  index,
  m: 32,
  n: 32,
  repeats: 1,
  startS: index * 10,
  endS: index * 10 + 4,
  runtimeS: 4,
  firstTokenS: 1,
  energyJ: { cpu: energy / 2, gpu: energy / 2 },
  coverage: 1,
  flags: [],
  ...changes,
});
const measured = (trials: readonly Trial[]) =>
  measuredCells(
    plan,
    distinctCells(plan.cells).map((cell) => cellProgress(plan, cell, trials)),
    trials,
  );

test('the cell that two sweeps share stands once', () => {
  expect(plan.cells).toHaveLength(12);
  expect(measured([])).toHaveLength(11);
});

test('means are over the valid trials alone, per token of the query', () => {
  const cells = measured([trial(0, 1000, { flags: ['warm-up'] }), trial(1, 64), trial(2, 128)]);
  const shared = cells.find(({ cell }) => cell.m === 32 && cell.n === 32)!;
  expect(shared.perTokenJ!.mean).toBe(1.5);
  expect(shared).toMatchObject({ valid: 2, flagged: 0, dropped: 0, done: false });
  expect(shared.fill).toBeGreaterThan(0);
  expect(shared.fill).toBeLessThan(1);
});

test('a cell that used up its trials before its interval was narrow says so', () => {
  const cells = measured([10, 90, 20, 80, 50].map((energy, i) => trial(i, energy)));
  expect(cells.find(({ trials }) => trials.length > 0)).toMatchObject({ done: true, wide: true, fill: 1 });
});

test('sweeps and grids stand as a table, scattered cells as a list', () => {
  expect(layoutOf(plan.cells)).toMatchObject({ kind: 'table', rows: [8, 16, 32, 64, 128] });
  expect(layoutOf(makePlan('8,32 100,77 1000,3', { seed: 1 }).cells)).toEqual({ kind: 'list' });
});

test('trust names what was dropped and what was flagged', () => {
  const grounds = groundsOf({
    trials: [
      trial(0, 1, { fault: '31 output tokens came out instead of 32' }),
      trial(1, 1, { flags: ['thermal-pressure'] }),
    ],
  });
  const verdicts = Object.fromEntries(grounds.map(({ title, verdict }) => [title, verdict]));
  expect(verdicts).toEqual({
    Meter: 'open',
    Coverage: 'ok',
    Tokens: 'warning',
    'Power source': 'ok',
    Background: 'warning',
  });
});
