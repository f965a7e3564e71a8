import { describe, expect, test } from 'vitest';
import { bundledProfile, bundledProfiles, bundledWorkload, madeProfile } from '../../test/bundled.ts';
import { axisCells } from '../profile.ts';
import { energyCells, runtimeCells, type CostCell } from './costCells.ts';
import { costFill, costPlan, paperPlan } from './costPlan.ts';
import { tryFit } from './fitModel.ts';
import { JOINT_MODELS } from './model.ts';
import { pairTable } from './pairs.ts';
import { RandomStream } from './randomStream.ts';

const rule = { rails: 'total', idle: 'gross' } as const;
const pairs = pairTable(bundledWorkload('alpaca-gpt4'));

/** Values of the cells, each off by up to a tenth. */
function changed(cells: readonly CostCell[], seed: number): CostCell[] {
  const random = new RandomStream();
  random.begin(seed, 0);
  return cells.map((cell) => ({ ...cell, value: cell.value * (0.9 + 0.2 * random.uniform()) }));
}

const valuesOf = (cells: readonly CostCell[]): Float64Array => Float64Array.from(cells, ({ value }) => value);

function largestDifference(a: Float64Array, b: Float64Array): number {
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!) / Math.abs(b[i]!)), 0);
}

describe.each(JOINT_MODELS)('the plan of the %s model', (name) => {
  test('gives for other values of the cells what a fit to them gives, on every bundled profile', () => {
    for (const profile of bundledProfiles) {
      for (const [quantity, cells] of [
        ['energy', energyCells(profile, rule)],
        ['runtime', runtimeCells(profile)],
      ] as const) {
        const plan = costPlan(name, cells)!;
        const fill = costFill(plan, pairs);
        const found = new Float64Array(pairs.size);
        for (const other of [cells, changed(cells, 1), changed(cells, 2)]) {
          fill(valuesOf(other), found);
          const expected = new Float64Array(pairs.size);
          tryFit(name, other, quantity)!.fill(pairs, expected);
          expect(largestDifference(found, expected), `${profile.id} ${quantity}`).toBeLessThan(1e-6);
        }
      }
    }
  });
});

test('cells that do not suffice for a model have no plan', () => {
  const one = energyCells(madeProfile('a', [[8, 1, 1]], []), rule);
  expect(costPlan('grid', one)).toBeUndefined();
  expect(costPlan('linear', one)).toBeUndefined();
});

test('the plan of the paper’s model gives what its fit to other values gives, along both axes', () => {
  const profile = bundledProfile('swing-a100.llama-2-7b.sweeps');
  for (const axis of ['input', 'output'] as const) {
    const along = axisCells(profile, axis).map((cell) => profile.cells.indexOf(cell));
    // The part of one axis has the lengths of that axis as m.
    const lengths = pairTable({
      name: 'a',
      pairs: bundledWorkload('alpaca-gpt4').pairs.map(([m, n, count]) => [
        axis === 'input' ? m : n,
        0,
        count,
      ]),
    });
    for (const [quantity, cells] of [
      ['energy', changed(energyCells(profile, rule), 3)],
      ['runtime', changed(runtimeCells(profile), 3)],
    ] as const) {
      const found = new Float64Array(lengths.size);
      costFill(paperPlan(cells, along, axis, quantity), lengths)(valuesOf(cells), found);
      const fit = tryFit(`paper-${axis}`, cells, quantity)!;
      for (let i = 0; i < lengths.size; i++) {
        const length = lengths.m[i]!;
        const expected = axis === 'input' ? fit.at(length, 0) : fit.at(0, length);
        expect(found[i]! / expected).toBeCloseTo(1, 10);
      }
    }
  }
});
