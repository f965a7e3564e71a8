import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bundledProfile, bundledProfiles, bundledWorkload, madeProfile } from '../../test/bundled.ts';
import { paperCosts, paperCurve } from '../energyModel.ts';
import { LabError } from '../errors.ts';
import { leastSquares } from '../statistics.ts';
import { energyCells, runtimeCells, type CostCell, type EnergyRule } from './costCells.ts';
import { pairTable } from './pairs.ts';
import { defaultModel, fitModel, heldOutError, reviewModels, tryFit } from './fitModel.ts';
import { MODELS, type FittedModel } from './model.ts';
import { nonNegativeLeastSquares } from './nonNegative.ts';

const all = { rails: 'total', idle: 'gross' } as const;
const cell = (m: number, n: number, value: number, more: Partial<CostCell> = {}): CostCell => ({
  m,
  n,
  value,
  trials: 1,
  tokens: m + n,
  doubted: false,
  ...more,
});
const lattice = (ms: number[], ns: number[], value: (m: number, n: number) => number): CostCell[] =>
  ms.flatMap((m) => ns.map((n) => cell(m, n, value(m, n))));

describe('grid', () => {
  test('gives a power law back, on a grid, on two sweeps, and beyond both', () => {
    const law = (m: number, n: number): number => 3 * m ** 0.5 * n ** 1.25;
    const full = fitModel('grid', lattice([8, 32, 128], [4, 32, 256], law), 'energy', 'a');
    const sweeps = fitModel(
      'grid',
      [
        ...[8, 32, 128].map((m) => cell(m, 32, law(m, 32), { sweep: 'input' })),
        ...[4, 32, 256].map((n) => cell(32, n, law(32, n), { sweep: 'output' })),
      ],
      'energy',
      'a',
    );
    for (const model of [full, sweeps]) {
      for (const [m, n] of [
        [8, 4],
        [20, 77],
        [1, 1],
        [4000, 9000],
      ] as const) {
        expect(model.at(m, n) / law(m, n)).toBeCloseTo(1, 10);
      }
      expect([model.isExtrapolated(8, 4), model.isExtrapolated(128, 256)]).toEqual([false, false]);
      expect([model.isExtrapolated(7, 32), model.isExtrapolated(32, 257)]).toEqual([true, true]);
    }
  });

  test('passes through every cell of a full grid', () => {
    for (const profile of bundledProfiles.filter(({ id }) => /swing.*grid/.test(id))) {
      const cells = energyCells(profile, all);
      const model = fitModel('grid', cells, 'energy', profile.name);
      for (const { m, n, value } of cells) expect(model.at(m, n) / value).toBeCloseTo(1, 10);
    }
  });

  test('is bilinear in ln m and ln n between four cells', () => {
    const model = fitModel(
      'grid',
      [cell(8, 8, 1), cell(8, 32, 4), cell(32, 8, 16), cell(32, 32, 256)],
      'energy',
      'a',
    );
    // halfway in both logs: the mean of ln 1, ln 4, ln 16 and ln 256
    expect(model.at(16, 16)).toBeCloseTo(Math.exp(Math.log(4 * 16 * 256) / 4), 10);
  });

  test('fills a missing cell along n from its row, and names it', () => {
    const cells = lattice([8, 32], [8, 32, 128], (m, n) => m * n).filter(
      ({ m, n }) => !(m === 32 && n === 32),
    );
    const model = fitModel('grid', cells, 'energy', 'a');
    expect(model.filled).toEqual([{ m: 32, n: 32 }]);
    expect(model.at(32, 32)).toBeCloseTo(32 * 32, 8);
    expect(model.isExtrapolated(32, 32)).toBe(false);
  });

  test('counts what a short row is extended to as extrapolated', () => {
    const cells = lattice([8, 32], [8, 32, 128], (m, n) => m * n).filter(
      ({ m, n }) => !(m === 32 && n === 128),
    );
    const model = fitModel('grid', cells, 'energy', 'a');
    expect(model.at(32, 128)).toBeCloseTo(32 * 128, 8);
    expect([
      model.isExtrapolated(8, 128),
      model.isExtrapolated(9, 128),
      model.isExtrapolated(32, 32),
    ]).toEqual([false, true, false]);
    expect(
      fitModel('grid', energyCells(bundledProfile('swing-a100.llama-2-70b.grid'), all), 'energy', 'a').filled,
    ).toHaveLength(1);
  });

  test('reads 0 tokens as 1, extrapolated', () => {
    const model = fitModel(
      'grid',
      lattice([1, 32], [1, 32], (m, n) => m + n),
      'energy',
      'a',
    );
    expect(model.at(0, 0)).toBeCloseTo(2, 12);
    expect(model.isExtrapolated(0, 1)).toBe(true);
  });

  test('of free cells that cross like two sweeps is theirs', () => {
    const cells = [cell(8, 32, 2), cell(32, 32, 4), cell(128, 32, 8), cell(32, 8, 1), cell(32, 128, 16)];
    const model = fitModel('grid', cells, 'energy', 'a');
    expect(model.at(128, 128)).toBeCloseTo((8 * 16) / 4, 10);
  });

  test('leaves doubted cells out and says which', () => {
    const profile = bundledProfile('m1-pro.llama-2-7b.grid');
    const model = fitModel('grid', energyCells(profile, all), 'energy', profile.name);
    expect(model.leftOut.map(({ m, n }) => [m, n])).toEqual([
      [21, 338],
      [21, 1724],
    ]);
    expect(model.at(21, 338)).toBeGreaterThan(3000);
  });
});

describe('linear', () => {
  test("gives the thesis's coefficients", () => {
    // the cells are published to six digits, which the last digits of the coefficients feel
    const same = (found: readonly number[], thesis: readonly number[]): void =>
      thesis.forEach((c, i) => expect(Math.abs(found[i]! - c)).toBeLessThan(5e-6));
    const fit = (id: string): FittedModel =>
      fitModel('linear', energyCells(bundledProfile(id), all), 'energy', id);
    const swing = fit('swing-a100.llama-2-7b.grid');
    same(swing.coefficients!, [-3.894991, 31.522735, 0.042712]);
    expect(swing.r2).toBeCloseTo(0.97315, 6);
    expect(swing.at(512, 8)).toBeLessThan(0);
    same(fit('m1-pro.llama-2-7b.grid').coefficients!, [-0.322916, 4.644266, 0.097094]);
    const runtimes = (id: string): readonly number[] =>
      fitModel('linear', runtimeCells(bundledProfile(id)), 'runtime', id).coefficients!;
    same(runtimes('m1-pro.llama-2-7b.grid'), [-0.014961, 0.366393, 0.007189]);
    same(runtimes('swing-a100.llama-2-7b.grid'), [-0.010021, 0.083515, 0.000107]);
  });
});

describe('physical', () => {
  test('gives coefficients back that are not negative', () => {
    const made = (m: number, n: number): number => 5 + 0.25 * m + 3 * n + 0.01 * m * n + 0.002 * m * m;
    const model = fitModel('physical', lattice([8, 64, 512], [8, 64, 512], made), 'energy', 'a');
    [5, 0.25, 3, 0.01, 0.002].forEach((c, i) => expect(model.coefficients![i]! / c).toBeCloseTo(1, 8));
    expect(model.r2).toBeCloseTo(1, 10);
  });

  test('is never negative and never less for more tokens, on every bundled profile', () => {
    for (const profile of bundledProfiles) {
      const model = fitModel('physical', energyCells(profile, all), 'energy', profile.name);
      expect(Math.min(...model.coefficients!)).toBeGreaterThanOrEqual(0);
      expect(model.at(512, 8)).toBeGreaterThan(0);
    }
  });
});

/** The least error over all choices of the columns that may be in use: the optimum, by enumeration. */
function bySubsets(rows: number[][], ys: number[], weights: number[]): number {
  let best = ys.reduce((total, y, i) => total + weights[i]! * y * y, 0);
  const width = rows[0]!.length;
  for (let mask = 1; mask < 2 ** width; mask++) {
    const columns = Array.from({ length: width }, (_, j) => j).filter((j) => mask & (1 << j));
    const picked = rows.map((row) => columns.map((j) => row[j]!));
    const fit = leastSquares(picked, ys, weights);
    if (fit === undefined || fit.coefficients.some((c) => c < 0)) continue;
    const error = ys.reduce((total, y, i) => {
      const value = picked[i]!.reduce((sum, x, j) => sum + x * fit.coefficients[j]!, 0);
      return total + weights[i]! * (y - value) ** 2;
    }, 0);
    best = Math.min(best, error);
  }
  return best;
}

test('non-negative least squares finds the optimum that enumeration finds', () => {
  const number = fc.integer({ min: -50, max: 50 });
  const problem = fc.integer({ min: 1, max: 4 }).chain((width) =>
    fc.array(
      fc.tuple(
        fc.array(number, { minLength: width, maxLength: width }),
        number,
        fc.integer({ min: 1, max: 9 }),
      ),
      {
        minLength: width,
        maxLength: 12,
      },
    ),
  );
  fc.assert(
    fc.property(problem, (observations) => {
      const rows = observations.map(([row]) => row);
      const ys = observations.map(([, y]) => y);
      const weights = observations.map(([, , weight]) => weight);
      const fit = nonNegativeLeastSquares(rows, ys, weights);
      const size = ys.reduce((total, y, i) => total + weights[i]! * y * y, 0);
      if (fit === undefined || size === 0) return;
      expect(Math.min(...fit.coefficients)).toBeGreaterThanOrEqual(0);
      const error = ys.reduce(
        (total, y, i) =>
          total + weights[i]! * (y - rows[i]!.reduce((sum, x, j) => sum + x * fit.coefficients[j]!, 0)) ** 2,
        0,
      );
      expect(error - bySubsets(rows, ys, weights)).toBeLessThanOrEqual(1e-9 * size);
    }),
    { numRuns: 500 },
  );
});

test("the paper's model over pairs is the paper's model over lengths", () => {
  const profile = bundledProfile('m1-pro.llama-2-7b.sweeps');
  const table = pairTable(bundledWorkload('gsm8k'));
  for (const axis of ['input', 'output'] as const) {
    const name = axis === 'input' ? 'paper-input' : 'paper-output';
    const lengths = [...(axis === 'input' ? table.input : table.output).values];
    const expected = paperCosts(paperCurve([profile], axis), lengths);
    const energy = fitModel(name, energyCells(profile, all), 'energy', 'a');
    const runtime = fitModel(name, runtimeCells(profile), 'runtime', 'a');
    lengths.forEach((length, i) => {
      expect(energy.at(length, length)).toBeCloseTo(expected.energyJ[i]!, 9);
      expect(runtime.at(length, length)).toBeCloseTo(expected.runtimeS[i]!, 9);
    });
  }
});

test('every model fills a table with the values it gives one by one', () => {
  const table = pairTable(bundledWorkload('gsm8k'));
  for (const id of ['m1-pro.llama-2-7b.grid', 'swing-a100.llama-2-7b.sweeps']) {
    for (const name of MODELS) {
      const model = fitModel(name, energyCells(bundledProfile(id), all), 'energy', id);
      const values = new Float64Array(table.size);
      const marks = new Uint8Array(table.size);
      model.fill(table, values);
      model.markExtrapolated(table, marks);
      values.forEach((value, i) => {
        expect(Math.abs(value / model.at(table.m[i]!, table.n[i]!) - 1)).toBeLessThan(1e-12);
        expect(marks[i] === 1).toBe(model.isExtrapolated(table.m[i]!, table.n[i]!));
      });
    }
  }
});

describe('the error of a left-out cell', () => {
  test('is none where the model holds', () => {
    const cells = lattice([8, 32, 128], [8, 32, 128], (m, n) => m * n);
    const error = heldOutError('grid', cells, 'energy')!;
    expect(error.largest).toBeLessThan(1e-10);
    expect(error.cells).toBe(9);
  });

  test('is how far the fit of the others is off', () => {
    // without the middle one, 8 and 128 foretell 16 at 32 (a power law), where 20 was measured
    const row = [cell(8, 8, 4), cell(8, 32, 20), cell(8, 128, 64)];
    const cells = [...row, ...lattice([32], [8, 32, 128], (_, n) => 2 * n)];
    const errors = heldOutError('grid', cells, 'energy')!;
    expect(errors.cells).toBe(6);
    expect(errors.largest).toBeGreaterThanOrEqual(Math.abs(16 / 20 - 1) - 1e-9);
  });

  test('chooses grid on every bundled profile, and never the linear model', () => {
    for (const profile of bundledProfiles) {
      const reviews = reviewModels(energyCells(profile, all), 'energy');
      expect(reviews.map(({ name }) => name)).toEqual(['grid', 'linear', 'physical']);
      expect(defaultModel(reviews)).toBe('grid');
    }
    const exact = lattice([8, 64, 512], [8, 64, 512], (m, n) => 100 + m + n);
    expect(defaultModel(reviewModels(exact, 'energy'))).toBe('physical');
  });
});

describe('cells that do not suffice', () => {
  test('one cell makes no model, and each says what it needs', () => {
    for (const name of MODELS) {
      expect(tryFit(name === 'paper-input' ? 'grid' : name, [cell(8, 8, 1)], 'energy')).toBeUndefined();
    }
    expect(() => fitModel('grid', [cell(8, 8, 1)], 'energy', 'Mine')).toThrow(
      expect.objectContaining({
        kind: 'incompatible',
        message: expect.stringContaining('Mine has one cell'),
      }) as LabError,
    );
  });

  test('no number is an error, not a model', () => {
    expect(() =>
      fitModel(
        'linear',
        lattice([8, 16], [8, 16], () => NaN),
        'energy',
        'Mine',
      ),
    ).toThrow(expect.objectContaining({ kind: 'bad-profile' }) as LabError);
  });

  test('an energy below 0 is refused unless its source doubts it', () => {
    const made = madeProfile('a', [
      [8, 5, 1],
      [16, 6, 1],
    ]);
    const profile = { ...made, rails: ['cpu' as const, 'gpu' as const] };
    const [first, ...others] = profile.cells;
    const negative = { ...first!, energyJ: { total: 1, cpu: 4, gpu: -3 } };
    const gpu = { rails: ['gpu'], idle: 'gross' } as const;
    expect(() => energyCells({ ...profile, cells: [negative, ...others] }, gpu)).toThrow(LabError);
    const doubted = { ...negative, doubt: 'a wrapped counter' };
    expect(energyCells({ ...profile, cells: [doubted, ...others] }, gpu)[0]).toMatchObject({
      value: -3,
      doubted: true,
    });
  });
});

test('the spread of what is counted is in proportion to it: of a part, under a PUE, above a stated idle power', () => {
  // 60 J of CPU and 40 J of GPU in 2 s, together ± 5 J.
  const made = madeProfile('a', [[8, 100, 2]], []);
  const profile = {
    ...made,
    rails: ['cpu' as const, 'gpu' as const],
    cells: made.cells.map((each) => ({
      ...each,
      energyJ: { total: 100, cpu: 60, gpu: 40 },
      sdEnergyJ: 5,
    })),
  };
  const counted = (rule: EnergyRule): [number, number | undefined] => {
    const { value, sd } = energyCells(profile, rule)[0]!;
    return [value, sd];
  };
  expect(counted({ rails: 'total', idle: 'gross' })).toEqual([100, 5]);
  expect(counted({ rails: ['gpu'], idle: 'gross' })).toEqual([40, 2]);
  expect(counted({ rails: 'total', idle: 'gross', pue: 2 })).toEqual([200, 10]);
  // What an idle machine is stated to draw does not vary: it takes 20 J away, and nothing of the spread.
  expect(counted({ rails: 'total', idle: 'above-idle', idleWatts: 10 })).toEqual([80, 5]);
  expect(counted({ rails: 'total', idle: 'above-idle', idleWatts: 10, pue: 2 })).toEqual([160, 10]);
  expect(counted({ rails: ['gpu'], idle: 'above-idle', idleWatts: 10 })).toEqual([20, 2]);
});
