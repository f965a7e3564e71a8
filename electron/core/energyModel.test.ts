import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bundledProfile, madeProfile } from '../test/bundled.ts';
import { isExtrapolated, paperCosts, paperCurve, sweepPoint, type AxisCurve } from './energyModel.ts';
import { LabError } from './errors.ts';

/** A curve that costs 1 J a token and `length` seconds a query at 8, 16, …, 2048 tokens. */
const curve = paperCurve(
  [
    madeProfile(
      'a',
      Array.from({ length: 9 }, (_, i) => 2 ** (i + 3)).map((length) => [length, length + 32, length]),
    ),
  ],
  'input',
);

const nearest = (length: number, of: AxisCurve = curve): number => sweepPoint(of, length).length;

describe('the sweep point that stands for a length', () => {
  test('is the power of two nearest on a log axis', () => {
    // √(16·32) = 22.6 divides 16 from 32
    expect(nearest(22)).toBe(16);
    expect(nearest(23)).toBe(32);
    expect(nearest(32)).toBe(32);
  });

  test('rounds half of a power to the even power, as Python does', () => {
    expect(nearest(2 ** 3.5)).toBe(16);
    expect(nearest(2 ** 4.5)).toBe(16);
    expect(nearest(2 ** 5.5)).toBe(64);
  });

  test('is an end beyond the measured range, and for a query without tokens', () => {
    expect(nearest(0)).toBe(8);
    expect(nearest(1)).toBe(8);
    expect(nearest(100_000)).toBe(2048);
  });

  test('is within a factor of √2 inside the range', () => {
    fc.assert(
      fc.property(fc.integer({ min: 8, max: 2048 }), (length) => {
        expect(Math.abs(Math.log2(nearest(length) / length))).toBeLessThanOrEqual(0.5 + 1e-12);
      }),
    );
  });

  test('is the nearest cell where none lies at the power of two', () => {
    const grid = paperCurve([bundledProfile('m1-pro.llama-2-7b.grid')], 'input');
    expect(nearest(16, grid)).toBe(21);
    expect(nearest(60, grid)).toBe(78);
  });
});

test('only lengths beyond the ends are extrapolated', () => {
  expect([7, 8, 2048, 2049].map((length) => isExtrapolated(curve, length))).toEqual([
    true,
    false,
    false,
    true,
  ]);
});

test('a query costs its tokens along the axis times the energy per token, and the runtime of its sweep point', () => {
  const { energyJ, runtimeS } = paperCosts(curve, [10, 30, 3000]);
  expect(energyJ).toEqual([10, 30, 3000]);
  expect(runtimeS).toEqual([8, 32, 2048]);
});

describe('the curve of several profiles', () => {
  const few = madeProfile('few', [[8, 40, 1]]);
  const many = madeProfile('many', [[8, 80, 4]]);
  const withTrials = { ...many, cells: many.cells.map((cell) => ({ ...cell, trials: 15 })) };

  test('is the mean over trials, not over profiles', () => {
    const [point] = paperCurve([few, withTrials], 'input').points;
    // 5 trials of 1 J/token and 15 of 2 J/token
    expect(point!.jPerToken).toBe(1.75);
    expect(point!.runtimeS).toBe(3.25);
    expect(point!.trials).toBe(20);
  });

  test('counts the rails asked for', () => {
    const grid = bundledProfile('m1-pro.llama-2-7b.grid');
    const whole = paperCurve([grid], 'input');
    const gpu = paperCurve([grid], 'input', { rails: ['gpu'] });
    const both = paperCurve([grid], 'input', { rails: ['cpu', 'gpu'] });
    gpu.points.forEach((point, i) => {
      expect(point.jPerToken).toBeLessThan(whole.points[i]!.jPerToken);
      expect(both.points[i]!.jPerToken).toBeCloseTo(whole.points[i]!.jPerToken, 4);
    });
  });

  test('without a rail asked for there is no number, but a reason', () => {
    expect(() => paperCurve([few], 'input', { rails: ['wall'] })).toThrow(
      expect.objectContaining({ kind: 'incompatible' }) as LabError,
    );
    expect(() => paperCurve([{ ...few, cells: [] }], 'input')).toThrow(LabError);
  });
});

describe("the paper's own trial filter", () => {
  const palmetto = bundledProfile('palmetto-a100.llama-2-7b.sweeps');

  test('takes the published means where they exist', () => {
    const swing = bundledProfile('swing-a100.llama-2-7b.sweeps');
    const cell = swing.cells.find(({ sweep, m }) => sweep === 'input' && m === 32)!;
    const point = paperCurve([swing], 'input', { filter: 'published' }).points.find(
      ({ length }) => length === 32,
    )!;
    expect(point.jPerToken).toBeCloseTo(cell.published!.jPerToken, 12);
    expect(point.trials).toBe(cell.published!.trials);
  });

  test('drops every cell of 1024, 2048 and 4096 output tokens of the Palmetto A100', () => {
    const kept = paperCurve([palmetto], 'output', { filter: 'published' }).points.map(({ length }) => length);
    const all = paperCurve([palmetto], 'output').points.map(({ length }) => length);
    expect(all.filter((length) => !kept.includes(length))).toEqual([1024, 2048, 4096]);
  });
});
