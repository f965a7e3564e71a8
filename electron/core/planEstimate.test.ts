import { describe, expect, test } from 'vitest';
import { bundledProfile, madeProfile } from '../test/bundled.ts';
import { MODEL_SHAPES, parseSynthetic } from './modelShapes.ts';
import {
  bestKnown,
  estimatePlan,
  leastOf,
  loadOf,
  loadOfMadeUp,
  madeUpLike,
  meterTells,
} from './planEstimate.ts';
import type { Cell, Profile } from './profile.ts';
import { makePlan } from './sweep.ts';

const EVALUATED_S = 0.001;
const PASS_S = 0.01;
const POWER_W = 20;

/** A computer that evaluates a token in 1 ms, passes over the weights in 10 ms, and draws 20 W. */
function measured(id: string, kvCache: boolean, changes: Partial<Profile> = {}): Profile {
  const cell = (m: number, n: number): Cell => {
    const tokens = kvCache ? m : n * m + (n * (n - 1)) / 2;
    const runtimeS = EVALUATED_S * tokens + PASS_S * n;
    return { m, n, trials: 3, energyJ: { total: POWER_W * runtimeS, gpu: POWER_W * runtimeS }, runtimeS };
  };
  return madeProfile(id, [], [], {
    design: 'cells',
    model: { id: 'tinyllama-1.1b', name: 'TinyLlama' },
    conditions: { engine: 'e', precision: 'fp16', kvCache, batch: 1, gpus: 1 },
    cells: [cell(8, 32), cell(512, 32), cell(32, 128)],
    ...changes,
  });
}

describe('a plan of the model that was measured', () => {
  // One warm-up and three trials of (100, 400): 4.1 s each. Baselines before and after, 10 s each.
  const plan = makePlan('100,400', { seed: 1 });

  test('takes its queries, what lies around them, and the baselines', () => {
    const known = measured('a', true);
    const { seconds, energyJ, scaledFrom, mostSeconds, mostEnergyJ } = estimatePlan(
      plan,
      loadOf(known),
      known,
    )!;
    expect(seconds).toBeCloseTo(4 * 4.1 + 4 * 0.5 + 2 * 10, 6);
    expect(energyJ).toBeCloseTo(4 * 4.1 * POWER_W, 4);
    // At most 25 trials and a warm-up, with one more baseline after twenty.
    expect(mostSeconds).toBeCloseTo(26 * 4.1 + 26 * 0.5 + 3 * 10, 6);
    expect(mostEnergyJ).toBeCloseTo(26 * 4.1 * POWER_W, 4);
    expect(scaledFrom).toBeUndefined();
  });

  test('without a KV cache evaluates the whole sequence for every token, and says what it was judged by', () => {
    const known = measured('a', true);
    const { seconds, scaledFrom } = estimatePlan(plan, { ...loadOf(known), kvCache: false }, known)!;
    const queryS = EVALUATED_S * (400 * 100 + (400 * 399) / 2) + PASS_S * 400;
    expect(seconds).toBeCloseTo(4 * queryS + 4 * 0.5 + 2 * 10, 6);
    expect(scaledFrom).toBe(known.name);
    // The other way round the same two times are found.
    const without = measured('b', false);
    expect(estimatePlan(plan, { ...loadOf(without), kvCache: true }, without)!.seconds).toBeCloseTo(
      4 * 4.1 + 4 * 0.5 + 2 * 10,
      6,
    );
  });

  test('short queries are repeated, which takes its time', () => {
    const known = measured('a', true);
    const short = makePlan('8,1', { seed: 1 });
    expect(estimatePlan(short, loadOf(known), known)!.seconds).toBeCloseTo(0.018 + 3 * 2 + 4 * 0.5 + 20, 6);
  });
});

test('another model is scaled by its weights: evaluation by their number, passes by their bytes', () => {
  const known = measured('a', true);
  const quantised = loadOfMadeUp(parseSynthetic('synthetic:tinyllama-1.1b:Q4_0'), true);
  const plan = makePlan('1000,1000', { seed: 1 });
  const { seconds, scaledFrom } = estimatePlan(plan, quantised, known)!;
  // As many weights, in blocks of 32 of 18 bytes instead of 64.
  const queryS = 1000 * EVALUATED_S + 1000 * PASS_S * (18 / 64);
  expect((seconds - 22) / 4).toBeGreaterThan(queryS);
  expect((seconds - 22) / 4).toBeLessThan(queryS * 1.01);
  expect(scaledFrom).toBe(known.name);
});

test('one model of the paper foretells the other on its M1 Pro within a factor of two', () => {
  const llama = bundledProfile('m1-pro.llama-2-7b.sweeps');
  const mistral = bundledProfile('m1-pro.mistral-7b.sweeps');
  expect(madeUpLike(mistral)?.shape).toBe(MODEL_SHAPES['mistral-7b']);
  for (const { m, n, runtimeS } of mistral.cells) {
    if (runtimeS < 5) continue;
    const plan = { ...makePlan(`${m},${n}`, { seed: 1 }), warmUps: 0, minTrials: 1, idleS: 0 };
    const { seconds } = estimatePlan(plan, loadOf(mistral), llama)!;
    expect(seconds / runtimeS, `${m}, ${n}`).toBeGreaterThan(0.5);
    expect(seconds / runtimeS, `${m}, ${n}`).toBeLessThan(2);
  }
});

test('cells in doubt do not count: the grid of the M1 Pro foretells its sweeps', () => {
  const grid = bundledProfile('m1-pro.llama-2-7b.grid');
  const sweeps = bundledProfile('m1-pro.llama-2-7b.sweeps');
  const plan = makePlan('paper', { seed: 1 });
  const byGrid = estimatePlan(plan, loadOf(sweeps), grid)!.seconds;
  const bySweeps = estimatePlan(plan, loadOf(sweeps), sweeps)!.seconds;
  expect(byGrid / bySweeps).toBeGreaterThan(0.5);
  expect(byGrid / bySweeps).toBeLessThan(2);
});

test('nothing is foretold from a model without a known shape, or from cells on one line', () => {
  const plan = makePlan('8,8', { seed: 1 });
  const load = loadOfMadeUp(parseSynthetic('synthetic:llama-2-7b'), false);
  const own = measured('a', true, { model: { id: 'my-model', name: 'Mine' } });
  expect(estimatePlan(plan, load, own)).toBeUndefined();
  expect(estimatePlan(plan, loadOf(own), own)).toBeDefined();
  const one = measured('a', true);
  expect(estimatePlan(plan, load, { ...one, cells: one.cells.slice(0, 1) })).toBeUndefined();
});

test('a profile of the same model is taken before a larger one, and that before a smaller', () => {
  const small = measured('small', true, { model: { id: 'tiny', name: 'Tiny' } });
  const other = measured('other', false);
  const same = measured('same', true);
  const large = measured('large', true, { model: { id: 'mistral-7b', name: 'Mistral' } });
  const load = loadOf(same);
  expect(bestKnown([small, large, other, same], load)).toBe(same);
  expect(bestKnown([small, large, other], load)).toBe(other);
  expect(bestKnown([small, large], load)).toBe(large);
  expect(bestKnown([], load)).toBeUndefined();
});

describe('the meter that was asked for', () => {
  test('by a stated power needs no long windows, and its energy is that power times the time', () => {
    expect(meterTells('estimate:15')).toEqual({ windowS: 0.5, statedW: 15 });
    for (const meter of ['auto', 'replay:estimate:15', 'estimate', 'estimate:much']) {
      expect(meterTells(meter)).toEqual({});
    }
    // Queries of 18 ms in windows of 0.5 s: a warm-up and three trials, with a baseline of 10 s at each end.
    const known = measured('a', true);
    const plan = makePlan('8,1', { seed: 1 });
    const found = estimatePlan(plan, loadOf(known), known, meterTells('estimate:15'))!;
    expect(found.seconds).toBeCloseTo(0.018 + 3 * 0.5 + 4 * 0.5 + 2 * 10, 6);
    expect(found.energyJ).toBeCloseTo(15 * (0.018 + 3 * 0.5), 6);
  });

  test('where nothing was measured the windows and what lies around them are told, and no more', () => {
    // 11 cells with a warm-up and three windows of 0.5 s each, half a second beside each, four baselines of 5 s.
    const plan = makePlan('quick', { seed: 1 });
    const seconds = 33 * 0.5 + 44 * 0.5 + 4 * 5;
    expect(leastOf(plan, {})).toEqual({ seconds, onlyLeast: true });
    expect(leastOf(plan, meterTells('estimate:15'))).toEqual({
      seconds,
      energyJ: 33 * 0.5 * 15,
      onlyLeast: true,
    });
  });
});
