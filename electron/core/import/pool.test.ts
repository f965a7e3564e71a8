import fc from 'fast-check';
import { expect, test } from 'vitest';
import { meanAndSd } from '../statistics.ts';
import { pool } from './pool.ts';

test('one trial has a mean and no spread', () => {
  expect(pool([{ mean: 5, trials: 1 }])).toEqual({ mean: 5, trials: 1 });
});

test('a spread that is not known of a mean leaves that of all unknown', () => {
  expect(
    pool([
      { mean: 5, trials: 3 },
      { mean: 6, trials: 1 },
    ]),
  ).toEqual({ mean: 5.25, trials: 4 });
  expect(
    pool([
      { mean: 5, trials: 1 },
      { mean: 7, trials: 1 },
    ]).sd,
  ).toBeCloseTo(Math.SQRT2, 12);
});

test('means over parts of some trials pool to what the trials themselves have', () => {
  const group = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(fc.array(group, { minLength: 1, maxLength: 5 }), (groups) => {
      const all = groups.flat();
      const pooled = pool(groups.map((values) => ({ ...meanAndSd(values), trials: values.length })));
      const direct = meanAndSd(all);
      expect(pooled.trials).toBe(all.length);
      expect(pooled.mean).toBeCloseTo(direct.mean, 8);
      if (direct.sd === undefined) expect(pooled.sd).toBeUndefined();
      else expect(pooled.sd).toBeCloseTo(direct.sd, 6);
    }),
  );
});
