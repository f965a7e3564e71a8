import { describe, expect, test } from 'vitest';
import { bundledProfile, bundledWorkload } from '../../test/bundled.ts';
import { labErrorOf } from '../../test/thrown.ts';
import { exitCodeOf, type LabError } from '../errors.ts';
import type { Cell, Profile } from '../profile.ts';
import { analyse, parseSettings, type StudyInputs } from '../study.ts';

const SMALL = bundledProfile('m1-pro.llama-2-7b.sweeps');
const LARGE = bundledProfile('swing-a100.llama-2-7b.sweeps');
const WORKLOAD = bundledWorkload('gsm8k');
const MODELS = ['paper', 'grid', 'linear', 'physical'] as const;

/** What a study of changed inputs is refused with; a result of any kind fails the test. */
function refusal(model: (typeof MODELS)[number], changed: Partial<StudyInputs>): LabError {
  const settings = parseSettings({
    small: SMALL.id,
    large: LARGE.id,
    workload: WORKLOAD.id,
    energyModel: model,
    thresholds: 'every-integer',
  });
  return labErrorOf(() => analyse(settings, { small: SMALL, large: LARGE, workload: WORKLOAD, ...changed }));
}

function withFirstCell(change: (cell: Cell) => Cell): Profile {
  return { ...SMALL, cells: SMALL.cells.map((cell, i) => (i === 0 ? change(cell) : cell)) };
}

function withEnergy(total: number): Profile {
  return withFirstCell((cell) => ({ ...cell, energyJ: { ...cell.energyJ, total } }));
}

describe.each(MODELS)('under the %s model', (model) => {
  test('an empty workload is no workload', () => {
    const error = refusal(model, { workload: { ...WORKLOAD, pairs: [] } });
    expect([error.kind, exitCodeOf(error.kind)]).toEqual(['bad-workload', 3]);
    expect(error.message).toContain('no queries');
  });

  test.each([0, -5, NaN, Infinity])('an energy of %d J is none', (total) => {
    const error = refusal(model, { small: withEnergy(total) });
    expect([error.kind, exitCodeOf(error.kind)]).toEqual(['bad-profile', 3]);
    expect(error.message).toContain(SMALL.name);
  });

  test.each([NaN, -1, 0])('a runtime of %d s is none', (runtimeS) => {
    const error = refusal(model, {
      small: withFirstCell((cell) => ({ ...cell, runtimeS: runtimeS as never })),
    });
    expect([error.kind, exitCodeOf(error.kind)]).toEqual(['bad-profile', 3]);
  });

  test('a profile with one cell does not suffice', () => {
    const error = refusal(model, { small: { ...SMALL, cells: SMALL.cells.slice(0, 1) } });
    expect([error.kind, exitCodeOf(error.kind)]).toEqual(['incompatible', 3]);
    expect(error.message).toContain('one cell');
  });

  test.each([
    [2 ** 40, 8],
    [8, 2 ** 40],
    [NaN, 8],
    [-1, 8],
    [1.5, 8],
  ])('a query with (%d, %d) tokens cannot be', (m, n) => {
    const error = refusal(model, { workload: { ...WORKLOAD, pairs: [[m, n, 1]] } });
    expect([error.kind, exitCodeOf(error.kind)]).toEqual(['bad-workload', 3]);
  });

  test.each([0, -1, NaN, Infinity])('a count of %d queries cannot be', (count) => {
    const error = refusal(model, { workload: { ...WORKLOAD, pairs: [[8, 8, count]] } });
    expect([error.kind, exitCodeOf(error.kind)]).toEqual(['bad-workload', 3]);
  });
});

test('systems whose cells no model fits alike are told which model asks for what', () => {
  // A line of cells, with no second one to cross it.
  const line = { ...SMALL, cells: SMALL.cells.filter(({ sweep }) => sweep === 'input').slice(0, 4) };
  for (const model of ['grid', 'physical'] as const) {
    const error = refusal(model, { small: line });
    expect([error.kind, exitCodeOf(error.kind)]).toEqual(['incompatible', 3]);
    expect(error.message).toContain(`The ${model} model needs`);
  }
});

test.each([-0.1, 1.1, NaN, Infinity])('λ = %d lies outside', (lambda) => {
  const error = labErrorOf(() =>
    parseSettings({ small: SMALL.id, large: LARGE.id, workload: WORKLOAD.id, lambda }),
  );
  expect([error.kind, exitCodeOf(error.kind)]).toEqual(['bad-setting', 3]);
});

test('devices that cannot carry the queries are bad input, too', () => {
  expect(exitCodeOf('infeasible')).toBe(3);
});
