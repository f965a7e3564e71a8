import { expect, test } from 'vitest';
import { madeProfile } from '../test/bundled.ts';
import { madeRun } from '../test/madeRun.ts';
import { compareCells, differenceOf, differingSettings } from './runComparison.ts';

test("the interval of a difference is Welch's", () => {
  // n1 = 10, mean 20.82, sd 2.0; n2 = 12, mean 22.98, sd 3.5. Worked by hand: standard error
  // √(4/10 + 12.25/12) = 1.19199, Satterthwaite's 17.9 degrees of freedom, rounded down to 17, t = 2.1098.
  const found = differenceOf({ mean: 20.82, sd: 2, trials: 10 }, { mean: 22.98, sd: 3.5, trials: 12 });
  expect(found.difference).toBeCloseTo(2.16, 10);
  expect(found.share).toBeCloseTo(2.16 / 20.82, 10);
  expect(found.shareHalf! * 20.82).toBeCloseTo(2.1098 * 1.19199, 3);
  expect(found.clear).toBe(false);
  expect(differenceOf({ mean: 20.82, sd: 2, trials: 10 }, { mean: 25, sd: 3.5, trials: 12 }).clear).toBe(
    true,
  );
});

test('without a spread there is a difference and no interval', () => {
  const one = { mean: 4, trials: 1 };
  expect(differenceOf(one, { mean: 3, sd: 0.1, trials: 5 })).toEqual({ difference: -1, share: -0.25 });
  expect(differenceOf({ mean: 4, sd: 0, trials: 3 }, { mean: 4, sd: 0, trials: 3 })).toMatchObject({
    shareHalf: 0,
    clear: false,
  });
});

test('cells are set side by side, and one that a profile lacks is not compared', () => {
  const cell = (m: number, total: number) => ({
    m,
    n: 32,
    trials: 3,
    energyJ: { total, gpu: total },
    sdEnergyJ: 1,
    runtimeS: 2,
  });
  const profile = (cells: ReturnType<typeof cell>[]) => madeProfile('a', [], [], { cells });
  const found = compareCells(
    [profile([cell(64, 96), cell(8, 40)]), profile([cell(64, 48), cell(128, 10)])],
    'energyPerToken',
  );
  expect(found.map(({ m }) => m)).toEqual([8, 64, 128]);
  expect(found[0]!.values[1]).toBeUndefined();
  expect(found[0]!.differences).toEqual([undefined, undefined]);
  expect(found[1]!.values.map((value) => value?.mean)).toEqual([1, 0.5]);
  expect(found[1]!.differences[1]).toMatchObject({ difference: -0.5, share: -0.5, clear: true });
  expect(found[2]!.differences[1]).toBeUndefined();
});

test('a runtime without a standard deviation has no interval', () => {
  const cells = [{ m: 8, n: 32, trials: 3, energyJ: { total: 4, gpu: 4 }, runtimeS: 2 }];
  const [found] = compareCells(
    [madeProfile('a', [], [], { cells }), madeProfile('a', [], [], { cells })],
    'runtime',
  );
  expect(found!.values[0]).toEqual({ mean: 2, trials: 3 });
  expect(found!.differences[1]).toEqual({ difference: 0, share: 0 });
});

test('of the settings of runs, those are told that are not the same in all', () => {
  const run = madeRun();
  const other = madeRun({
    engine: { ...run.engine, kvCache: false },
    meter: { ...run.meter, kind: 'estimate', name: 'estimate, 15 W', estimate: true },
  });
  expect(differingSettings([run, run])).toEqual([]);
  expect(differingSettings([run, other, run])).toEqual([
    { what: 'KV cache', values: ['on', 'off', 'on'] },
    { what: 'meter', values: ['IOReport', 'estimate, 15 W (estimate)', 'IOReport'] },
  ]);
});
