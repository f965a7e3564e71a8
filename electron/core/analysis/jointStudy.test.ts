import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bundledProfile, bundledWorkload, madeProfile, madeWorkload } from '../../test/bundled.ts';
import { labErrorOf } from '../../test/thrown.ts';
import type { Profile } from '../profile.ts';
import { analyse, parseSettings, type StudyInputs, type StudyResult } from '../study.ts';
import { isUseful } from '../verdict.ts';
import { energyCells } from './costCells.ts';
import { suggestModel } from './fitModel.ts';

const SWEEPS = { small: 'm1-pro.llama-2-7b.sweeps', large: 'swing-a100.llama-2-7b.sweeps' };
const GRIDS = { small: 'm1-pro.llama-2-7b.grid', large: 'swing-a100.llama-2-7b.grid' };

function study(settings: Record<string, unknown> = {}, inputs?: StudyInputs): StudyResult {
  const parsed = parseSettings({
    ...SWEEPS,
    workload: 'alpaca-davinci',
    energyModel: 'grid',
    thresholds: 'every-integer',
    policy: 'all',
    ...settings,
  });
  return analyse(
    parsed,
    inputs ?? {
      small: bundledProfile(parsed.small),
      large: bundledProfile(parsed.large),
      workload: bundledWorkload(parsed.workload),
    },
  );
}

describe('Alpaca on the joint distribution, two sweeps multiplied, energy alone', () => {
  const result = study();
  const of = (policy: string) => result.policies.find((outcome) => outcome.policy === policy)!;

  test('lists every policy with what it saves against the A100', () => {
    const saved = result.policies.map(({ policy, saving }) => [policy, Number(saving.vsLarge.toFixed(6))]);
    expect(saved).toEqual([
      ['small', -0.186918],
      ['large', 0],
      ['threshold-in', 0.001796],
      ['threshold-out', 0.021645],
      ['threshold-product', 0.033586],
      ['threshold-both', 0.029085],
      ['oracle', 0.033785],
      ['round-robin', -0.093956],
      ['random', -0.093459],
    ]);
  });

  test('names the regret of each against the per-query optimum', () => {
    expect(of('oracle').regret).toBe(0);
    for (const { cost, regret } of result.policies)
      expect(regret).toBeCloseTo(cost / of('oracle').cost - 1, 12);
    expect(of('threshold-product').regret).toBeCloseTo(0.000206, 6);
  });

  test('advises the product, and says that it needs n', () => {
    expect(result.verdict).toMatchObject({
      kind: 'threshold',
      policy: 'threshold-product',
      product: 1264,
      bestSingle: 'large',
    });
    expect(result.verdict.text).toContain('input × output tokens of at most 1264 to the M1 Pro');
    expect(result.verdict.text).not.toContain('longer ones');
    const warning = result.assumptions.find(({ kind }) => kind === 'unknown-output')!;
    expect(warning.level).toBe('warning');
    expect(result.unknownOutput!.bestByInput).toBeCloseTo(0.020288, 6);
  });

  test('tells how well the models foretell, and what lies beyond the measurements', () => {
    expect(result.models!.small.energy.heldOut!.mean).toBeCloseTo(0.096, 3);
    expect(result.models!.small.range).toEqual({ m: [8, 2048], n: [8, 512] });
    expect(result.extrapolated.queries).toBeGreaterThan(0.05);
    expect(result.negative).toEqual({ queries: 0, energyJ: 0 });
  });

  test('flips and the front agree with one another', () => {
    expect(result.flips).toHaveLength(128);
    expect(result.flips![0]!.from).toEqual({ policy: 'large', threshold: null });
    expect(result.flips!.at(-1)!.to).toMatchObject({ policy: 'threshold-product', product: 1264 });
    const corners = result.pareto!.filter(({ convex }) => convex);
    expect(corners).toHaveLength(129);
    expect(corners.at(-1)!.energyJ).toBeCloseTo(of('threshold-product').energyJ, 3);
    expect(result.pareto!.length).toBeLessThanOrEqual(200);
    expect(result.paretoFound).toBeGreaterThan(200);
  });

  test('the same study twice gives the same bytes', () => {
    expect(JSON.stringify(study())).toBe(JSON.stringify(result));
  });
});

describe('what is asked for', () => {
  test('one threshold: with the single systems, and a sweep of its own', () => {
    const result = study({ policy: 'threshold-in' });
    expect(result.policies.map(({ policy }) => policy)).toEqual(['small', 'large', 'threshold-in']);
    expect(result.axis).toBe('input');
    expect(result.verdict).toMatchObject({ kind: 'no-useful-threshold', policy: 'large', threshold: null });
    expect(result.verdict.text).toContain('10 input tokens, would save 0.18%');
    const least = result.sweep.reduce((a, b) => (b.cost < a.cost ? b : a));
    expect(least.threshold).toBe(10);
    expect(result.unknownOutput).toBeUndefined();
    expect(study({ policy: 'threshold-out' }).axis).toBe('output');
  });

  test('powers of two alone: T = 8 saves 0.1%, a product of 32² 3.2%', () => {
    const result = study({ thresholds: 'powers-of-two' });
    const of = (policy: string) => result.policies.find((outcome) => outcome.policy === policy)!;
    expect(of('threshold-in')).toMatchObject({ threshold: 8 });
    expect(of('threshold-in').saving.vsLarge).toBeCloseTo(0.001, 3);
    expect(of('threshold-product')).toMatchObject({ threshold: 32, product: 1024 });
    expect(of('threshold-product').saving.vsLarge).toBeCloseTo(0.032, 3);
    expect(result.sweep.map(({ threshold }) => threshold)).toEqual([8, 16, 32, 64, 128, 256, 512]);
  });

  test('GSM8K: no useful threshold, because even the optimum saves less than 0.01%', () => {
    const result = study({ workload: 'gsm8k' });
    expect(result.verdict).toMatchObject({ kind: 'no-useful-threshold', policy: 'large' });
    const oracle = result.policies.find(({ policy }) => policy === 'oracle')!;
    expect(oracle.saving.vsBestSingle).toBeLessThan(0.0001);
    expect(oracle.saving.vsBestSingle).toBeGreaterThan(0);
  });

  test('λ in between and normalised costs', () => {
    const result = study({ lambda: 0.9, cost: 'normalised' });
    const flip = result.flips!.findLast(({ lambda }) => lambda < 0.9)!;
    expect(
      result.verdict.policy === 'threshold-product' || result.verdict.kind === 'no-useful-threshold',
    ).toBe(true);
    expect(flip.to.product).toBe(
      result.policies.find(({ policy }) => policy === 'threshold-product')!.product,
    );
  });
});

describe('the models', () => {
  test('a runtime of 0 or less alone is counted and warned of, too', () => {
    // E = m + n on both; the runtime of the large one is n − m/4, which is below 0 for m > 4n.
    const cells = (runtime: (m: number, n: number) => number): Profile['cells'] =>
      [8, 16, 64].flatMap((m) =>
        [16, 32, 64].map((n) => ({
          m,
          n,
          trials: 3,
          energyJ: { total: m + n, gpu: m + n },
          runtimeS: runtime(m, n),
        })),
      );
    const made = (id: string, runtime: (m: number, n: number) => number): Profile =>
      madeProfile(id, [], [], {
        design: 'grid',
        cells: cells(runtime).filter(({ runtimeS }) => runtimeS > 0),
      });
    const inputs = {
      small: made('a', (m, n) => m + n),
      large: made('b', (m, n) => n - m / 4),
      workload: madeWorkload([
        [16, 64, 3],
        [64, 8, 1],
      ]),
    };
    const result = study({ energyModel: 'linear', small: 'a', large: 'b', workload: 'made-up' }, inputs);
    expect(result.negative!.queries).toBe(0.25);
    expect(result.assumptions.some(({ kind }) => kind === 'negative')).toBe(true);
  });

  test('the linear one is negative for short outputs, which the result counts and warns of', () => {
    const result = study({ ...GRIDS, energyModel: 'linear' });
    expect(result.negative!.queries).toBeGreaterThan(0.01);
    expect(result.assumptions.find(({ kind }) => kind === 'negative')!.level).toBe('warning');
    expect(result.models!.large.energy.coefficients).toHaveLength(3);
  });

  test('cells in doubt are named, and left out of the grid', () => {
    const { assumptions, models } = study(GRIDS);
    const doubt = assumptions.find(({ kind }) => kind === 'doubt')!;
    expect(doubt.message).toContain('(21, 338)');
    expect(doubt.message).toContain('leaves such cells out');
    expect(models!.small.leftOut).toHaveLength(2);
    expect(models!.small.filled.length).toBeGreaterThan(5);
  });

  test('all of them run on both designs, on every bundled workload', () => {
    for (const energyModel of ['grid', 'physical'] as const) {
      for (const pair of [SWEEPS, GRIDS]) {
        for (const workload of ['alpaca-gpt4', 'azure-conversation']) {
          const { policies } = study({ ...pair, energyModel, workload });
          for (const { cost } of policies) expect(cost).toBeGreaterThan(0);
        }
      }
    }
  });

  test('where none is asked for, the one that foretells better is suggested', () => {
    const cells = Object.values(GRIDS).map((id) =>
      energyCells(bundledProfile(id), { rails: ['gpu'], idle: 'gross' }),
    );
    expect(suggestModel(cells)).toBe('grid');
    const [one] = cells[0]!;
    expect(suggestModel([[one!], cells[1]!])).toBeUndefined();
  });
});

describe('the boundary', () => {
  test('leaves a rail out on both sides, or fills it as stated, and says so', () => {
    const left = study(GRIDS);
    expect(left).toMatchObject({ boundary: 'gpu', rails: ['gpu'] });
    expect(left.assumptions.find(({ kind }) => kind === 'boundary')).toMatchObject({
      level: 'warning',
      short: 'CPU left out',
    });
    const filled = study({ ...GRIDS, stated: { large: { rails: [{ rail: 'cpu', watts: 90 }] } } });
    expect(filled.boundary).toBe('gpu+cpu');
    const [, large] = left.policies;
    const [, more] = filled.policies;
    expect(more!.energyJ).toBeGreaterThan(large!.energyJ);
    expect(filled.assumptions.find(({ kind }) => kind === 'stated')!.message).toContain('90 W');
  });

  test('above idle needs a baseline or a stated power', () => {
    expect(labErrorOf(() => study({ idle: 'above-idle' })).kind).toBe('incompatible');
    const result = study({
      idle: 'above-idle',
      stated: { small: { idleW: 0.5 }, large: { idleW: 20 } },
    });
    expect(result.policies[1]!.energyJ).toBeLessThan(study().policies[1]!.energyJ);
    expect(result.assumptions.some(({ short }) => short.includes('above idle'))).toBe(true);
  });
});

describe('bad input has an answer, never a number', () => {
  const one = madeProfile('one', [[8, 10, 1]]);
  const fine = madeProfile('fine', [
    [8, 10, 1],
    [64, 30, 2],
  ]);
  const steep = madeProfile('steep', [
    [8, 1, 1],
    [64, 90, 2],
  ]);
  const workload = madeWorkload([[10, 20, 3]]);

  test.each([
    ['a profile with one cell', { small: one, large: fine, workload }, {}, 'incompatible'],
    ['no queries', { small: steep, large: fine, workload: { ...workload, pairs: [] } }, {}, 'bad-workload'],
    [
      'a number of tokens that cannot be',
      { small: steep, large: fine, workload: { ...workload, pairs: [[1.5, 2, 1]] } },
      {},
      'bad-workload',
    ],
    [
      'an energy below 0',
      {
        small: { ...steep, cells: steep.cells.map((cell) => ({ ...cell, energyJ: { total: -1, gpu: -1 } })) },
        large: fine,
        workload,
      },
      {},
      'bad-profile',
    ],
    [
      'no number',
      {
        small: { ...steep, cells: steep.cells.map((cell) => ({ ...cell, runtimeS: NaN })) },
        large: fine,
        workload,
      },
      {},
      'bad-profile',
    ],
    ['a system with itself', { small: fine, large: fine, workload }, {}, 'bad-setting'],
    [
      'too few cells for the model',
      { small: steep, large: fine, workload },
      { energyModel: 'physical' },
      'incompatible',
    ],
  ] as [string, StudyInputs, Record<string, unknown>, string][])('%s', (_, inputs, change, kind) => {
    const error = labErrorOf(() => study(change, inputs));
    expect(error.kind).toBe(kind);
    expect(error.message).not.toContain('undefined');
    expect(error.hint).toBeDefined();
  });

  test('λ outside [0, 1]', () => {
    for (const lambda of [-0.1, 1.1, NaN])
      expect(labErrorOf(() => study({ lambda })).kind).toBe('bad-setting');
  });

  test("what the paper's model does not know", () => {
    for (const change of [
      { policy: 'oracle' },
      { policy: 'threshold-both' },
      { policy: 'small', idle: 'above-idle' },
      { policy: 'small', stated: { small: { idleW: 1 } } },
    ]) {
      expect(labErrorOf(() => study({ energyModel: 'paper', ...change })).kind).toBe('bad-setting');
    }
  });

  test('a model under which a whole system costs less than nothing', () => {
    const short = madeWorkload([[2000, 1, 5]]);
    const inputs = {
      small: bundledProfile(GRIDS.small),
      large: bundledProfile(GRIDS.large),
      workload: short,
    };
    const error = labErrorOf(() => study({ ...GRIDS, energyModel: 'linear' }, inputs));
    expect(error.kind).toBe('incompatible');
    expect(error.hint).toContain('grid');
  });

  test('tokens of 0 are read as 1 by the grid, and count as extrapolated', () => {
    const zero = madeWorkload([[0, 0, 1]]);
    const result = study({}, { small: steep, large: fine, workload: zero });
    expect(result.extrapolated.queries).toBe(1);
    const alike = study({}, { small: steep, large: fine, workload: madeWorkload([[1, 1, 1]]) });
    expect(result.policies[0]!.energyJ).toBe(alike.policies[0]!.energyJ);
  });
});

test('a verdict needs the lower end of the interval above the minimum', () => {
  expect(isUseful({ point: 0.03 }, 0.01)).toBe(true);
  expect(isUseful({ point: 0.03, interval95: [0.02, 0.04] }, 0.01)).toBe(true);
  expect(isUseful({ point: 0.03, interval95: [0.005, 0.05] }, 0.01)).toBe(false);
  expect(isUseful({ point: 0 }, 0)).toBe(false);
  fc.assert(
    fc.property(
      fc.double({ min: -1, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (low, min) => {
        expect(isUseful({ point: 1, interval95: [low, 1] }, min)).toBe(low > 0 && low >= min);
      },
    ),
  );
});
