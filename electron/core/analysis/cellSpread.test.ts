import { expect, test } from 'vitest';
import { bundledProfile } from '../../test/bundled.ts';
import { ASSUMED_RELATIVE_SD, cellSpread } from './cellSpread.ts';
import { energyCells, type CostCell } from './costCells.ts';

const cell = (m: number, n: number, value: number, more: Partial<CostCell> = {}): CostCell => ({
  m,
  n,
  value,
  trials: 1,
  tokens: m + n,
  doubted: false,
  ...more,
});

test('a cell with several trials has the standard error of its own', () => {
  const spread = cellSpread([cell(8, 8, 10, { sd: 2, trials: 16 })]);
  expect(spread).toMatchObject({ basis: ['own'] });
  expect([spread.error[0], spread.degrees[0]]).toEqual([0.5, 15]);
  expect(spread.stand).toBeUndefined();
});

test('a measured standard deviation of 0 is 0', () => {
  expect(cellSpread([cell(8, 8, 10, { sd: 0, trials: 3 })]).error[0]).toBe(0);
});

test('one trial, or no standard deviation, takes the one pooled over the others: never 0', () => {
  const spread = cellSpread([
    cell(8, 8, 10, { sd: 1, trials: 3 }),
    cell(8, 16, 100, { sd: 20, trials: 2 }),
    cell(8, 32, 50),
    cell(8, 64, 80, { trials: 4 }),
    // a standard deviation over one trial is none
    cell(8, 128, 40, { sd: 0, trials: 1 }),
  ]);
  // (2 · 0.1² + 1 · 0.2²) / 3
  const pooled = Math.sqrt(0.02);
  expect(spread.basis).toEqual(['own', 'own', 'pooled', 'pooled', 'pooled']);
  expect(spread.error[2]).toBeCloseTo(50 * pooled, 12);
  expect(spread.error[3]).toBeCloseTo((80 * pooled) / 2, 12);
  expect(spread.error[4]).toBeCloseTo(40 * pooled, 12);
  expect([...spread.degrees]).toEqual([2, 1, 3, 3, 3]);
  expect(spread.stand).toEqual({ relativeSd: expect.closeTo(pooled, 12), basis: 'pooled', cells: 3 });
});

test('without any standard deviation the scatter about a power law stands in', () => {
  const law = [8, 16, 32, 64, 128].map((n) => cell(8, n, 3 * n ** 1.3));
  // One cell 10% off is off by ln 1.1 from its neighbours, and they by half of that from theirs.
  const off = law.map((each, i) => (i === 2 ? { ...each, value: each.value * 1.1 } : each));
  const weight = 1 + 0.25 + 0.25;
  const expected = Math.sqrt((Math.log(1.1) ** 2 * (1 + 0.25 + 0.25)) / weight / 3);
  expect(cellSpread(off).stand).toMatchObject({
    relativeSd: expect.closeTo(expected, 12) as number,
    basis: 'scatter',
    cells: 5,
  });
});

test('cells that lie on a law to the digit were computed, and never count as exact', () => {
  const law = [8, 16, 32, 64, 128].map((n) => cell(8, n, 3 * n ** 1.3));
  // As a source writes them that multiplies an energy per token by the length: rounding is no scatter.
  const rounded = law.map((each) => ({ ...each, value: Number(each.value.toPrecision(6)) }));
  for (const cells of [law, rounded]) {
    expect(cellSpread(cells).stand).toEqual({ relativeSd: ASSUMED_RELATIVE_SD, basis: 'assumed', cells: 5 });
  }
});

test('standard deviations that are all 0 tell nothing of cells with one trial', () => {
  const cells = [
    cell(8, 8, 10, { sd: 0, trials: 3 }),
    cell(8, 16, 20, { sd: 0, trials: 3 }),
    cell(8, 32, 40),
  ];
  const { error, stand } = cellSpread(cells);
  expect(stand).toMatchObject({ basis: 'assumed', cells: 1 });
  expect([...error]).toEqual([0, 0, 40 * ASSUMED_RELATIVE_SD]);
});

test('the scatter of a profile whose trials have a known spread is about that spread', () => {
  // 20 rows of 9 cells on a power law, each off by a normal number of 5%: deterministic by a sum of sines.
  let state = 1;
  const noise = (): number => {
    let total = 0;
    for (let i = 0; i < 12; i++) {
      state = (state * 48271) % 2147483647;
      total += state / 2147483647;
    }
    return total - 6;
  };
  const cells = Array.from({ length: 20 }, (_, row) => row + 1).flatMap((m) =>
    [8, 16, 32, 64, 128, 256, 512, 1024, 2048].map((n) => cell(m, n, n * m * Math.exp(0.05 * noise()))),
  );
  expect(cellSpread(cells).stand!.relativeSd).toBeCloseTo(0.05, 2);
});

test('where nothing can be told, an assumption is made and named', () => {
  const spread = cellSpread([cell(8, 8, 10), cell(8, 16, 20)]);
  expect(spread.stand).toEqual({ relativeSd: ASSUMED_RELATIVE_SD, basis: 'assumed', cells: 2 });
  expect(spread.error[0]).toBeCloseTo(1, 12);
});

test('the bundled grids, which hold no standard deviations, get one', () => {
  const profile = bundledProfile('m1-pro.llama-2-7b.grid');
  const spread = cellSpread(energyCells(profile, { rails: 'total', idle: 'gross' }));
  expect(spread.stand).toMatchObject({ basis: 'scatter', cells: 62 });
  expect(spread.error.every((error) => error > 0)).toBe(true);
});
