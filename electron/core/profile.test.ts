import { describe, expect, test } from 'vitest';
import { bundledProfile, madeProfile } from '../test/bundled.ts';
import { LabError } from './errors.ts';
import {
  axisCells,
  cellAboveIdle,
  cellEnergy,
  cellPower,
  cellTokens,
  fitLinear,
  parseProfile,
  railNames,
  readCell,
  type Cell,
  type Profile,
} from './profile.ts';

const cell: Cell = {
  m: 8,
  n: 32,
  trials: 4,
  energyJ: { total: 100, cpu: 20, gpu: 80 },
  sdEnergyJ: 5,
  runtimeS: 10,
  sdRuntimeS: 0.5,
};

describe('what can be read off a cell', () => {
  test('100 J over 8 + 32 tokens in 10 s', () => {
    expect(readCell(cell, 'energyPerToken')).toEqual({ mean: 2.5, sd: 0.125 });
    expect(readCell(cell, 'energy')).toEqual({ mean: 100, sd: 5 });
    expect(readCell(cell, 'runtime')).toEqual({ mean: 10, sd: 0.5 });
    expect(readCell(cell, 'throughput')).toEqual({ mean: 4, sd: 0.2 });
    expect(readCell(cell, 'power')).toEqual({ mean: 10 });
    expect(cellPower(cell)).toBe(10);
  });

  test('tokens that the trials really had go before the nominal ones', () => {
    expect(cellTokens(cell)).toBe(40);
    expect(cellTokens({ ...cell, tokensMean: 50 })).toBe(50);
    expect(readCell({ ...cell, tokensMean: 50 }, 'energyPerToken').mean).toBe(2);
  });

  test('an unknown standard deviation stays unknown', () => {
    const single: Cell = { m: 8, n: 32, trials: 1, energyJ: { total: 100, gpu: 100 }, runtimeS: 10 };
    for (const quantity of ['energyPerToken', 'energy', 'runtime', 'throughput'] as const) {
      expect(readCell(single, quantity)).not.toHaveProperty('sd');
    }
  });

  test('the energy of some rails is their sum; of a rail not measured it is unknown, not 0', () => {
    expect(cellEnergy(cell)).toBe(100);
    expect(cellEnergy(cell, ['gpu'])).toBe(80);
    expect(cellEnergy(cell, ['cpu', 'gpu'])).toBe(100);
    expect(cellEnergy(cell, ['cpu', 'dram'])).toBeUndefined();
  });

  test('the energy above idle is known of what has it alone', () => {
    const known = { ...cell, aboveIdleJ: { total: 70, cpu: 5, gpu: 65 } };
    expect(cellAboveIdle(known)).toBe(70);
    expect(cellAboveIdle(known, ['cpu', 'gpu'])).toBe(70);
    expect(cellAboveIdle({ ...cell, aboveIdleJ: { gpu: 65 } }, ['gpu'])).toBe(65);
    expect(cellAboveIdle({ ...cell, aboveIdleJ: { gpu: 65 } })).toBeUndefined();
    expect(cellAboveIdle({ ...cell, aboveIdleJ: { gpu: 65 } }, ['cpu', 'gpu'])).toBeUndefined();
    expect(cellAboveIdle(cell)).toBeUndefined();
  });
});

describe('cells along an axis', () => {
  test('of two sweeps: the cells of that sweep, ascending', () => {
    const profile = madeProfile(
      'a',
      [
        [64, 2, 1],
        [8, 1, 1],
      ],
      [[16, 3, 1]],
    );
    expect(axisCells(profile, 'input').map(({ m }) => m)).toEqual([8, 64]);
    expect(axisCells(profile, 'output').map(({ n }) => n)).toEqual([16]);
  });

  test('of a grid: the slice whose other coordinate is nearest to 32', () => {
    const m1 = bundledProfile('m1-pro.llama-2-7b.grid');
    expect(new Set(axisCells(m1, 'input').map(({ n }) => n))).toEqual(new Set([32]));
    // Prompts of the M1 Pro's grid have 9, 21, 38, … tokens; on a log axis 38 is nearest to 32.
    expect(new Set(axisCells(m1, 'output').map(({ m }) => m))).toEqual(new Set([38]));
  });

  test('a coordinate that occurs once is no slice', () => {
    const free = (m: number, n: number): Cell => ({
      m,
      n,
      trials: 1,
      energyJ: { total: 1, gpu: 1 },
      runtimeS: 1,
    });
    const profile: Profile = {
      ...madeProfile('a', []),
      design: 'cells',
      cells: [free(8, 64), free(16, 64), free(8, 32)],
    };
    expect(axisCells(profile, 'input').map(({ n }) => n)).toEqual([64, 64]);
  });
});

/*
 * Golden values: the thesis's Table 5.2. The bundled cells are means of six significant digits, so coefficients
 * of some tens of joules agree to about 1e-5 on Swing (one trial a cell). On the M1 Pro cells have one to three
 * trials, weighted by their number, which gives the fit over trials again.
 */
describe("the thesis's linear model", () => {
  test('Llama-2 7B on Swing', () => {
    const { energy, runtime } = fitLinear(bundledProfile('swing-a100.llama-2-7b.grid'))!;
    expect(energy.coefficients[0]).toBeCloseTo(-3.894991, 5);
    expect(energy.coefficients[1]).toBeCloseTo(31.522735, 5);
    expect(energy.coefficients[2]).toBeCloseTo(0.042712, 6);
    expect(energy.r2).toBeCloseTo(0.97315, 6);
    expect(runtime.coefficients[0]).toBeCloseTo(-0.010021, 6);
    expect(runtime.coefficients[1]).toBeCloseTo(0.083515, 6);
    expect(runtime.coefficients[2]).toBeCloseTo(0.000107, 6);
  });

  test('Llama-2 7B on the M1 Pro', () => {
    const { energy, runtime } = fitLinear(bundledProfile('m1-pro.llama-2-7b.grid'))!;
    expect(energy.coefficients[0]).toBeCloseTo(-0.322916, 5);
    expect(energy.coefficients[1]).toBeCloseTo(4.644266, 5);
    expect(energy.coefficients[2]).toBeCloseTo(0.097094, 6);
    expect(runtime.coefficients[0]).toBeCloseTo(-0.014961, 6);
    expect(runtime.coefficients[1]).toBeCloseTo(0.366393, 6);
    expect(runtime.coefficients[2]).toBeCloseTo(0.007189, 6);
  });

  test('is negative for a long input with a short output on Swing, as the paper’s readers found', () => {
    const [a, b, c] = fitLinear(bundledProfile('swing-a100.llama-2-7b.grid'))!.energy.coefficients;
    expect(a! * 512 + b! * 8 + c! * 512 * 8).toBeLessThan(0);
  });

  test('two cells cannot tell three coefficients apart', () => {
    expect(fitLinear(madeProfile('a', [[8, 1, 1]]))).toBeUndefined();
  });
});

describe('a profile file', () => {
  const good = madeProfile('a', [[8, 10, 1]]);
  const withCell = (change: Partial<Cell>): Profile => ({
    ...good,
    cells: [{ ...good.cells[0]!, ...change }],
  });
  const refusal = (document: unknown): string => {
    try {
      parseProfile(document, 'mine.yaml');
    } catch (error) {
      expect(error).toBeInstanceOf(LabError);
      expect((error as LabError).kind).toBe('bad-profile');
      return (error as LabError).message;
    }
    throw new Error('was accepted');
  };

  test('that is right is read as it is', () => {
    expect(parseProfile(good, 'mine.yaml')).toEqual(good);
  });

  test('that is none is named, with the field that is wrong', () => {
    expect(refusal(null)).toContain('mine.yaml');
    expect(refusal({ ...good, id: 'Not An Id' })).toContain('id');
    expect(refusal({ ...good, surprise: 1 })).toContain('surprise');
    expect(refusal(withCell({ runtimeS: -1 }))).toContain('cells.0.runtimeS');
    expect(refusal(withCell({ m: 8.5 }))).toContain('cells.0.m');
    expect(refusal({ ...good, cells: [] })).toContain('cells');
  });

  test('whose rails do not add up is refused; six digits of rounding are allowed', () => {
    expect(refusal(withCell({ energyJ: { total: 10, gpu: 9 } }))).toContain('add up to 9 J');
    expect(parseProfile(withCell({ energyJ: { total: 10, gpu: 10.0005 } }), 'x').id).toBe('a');
  });

  test('with a cell twice, a rail too few or too many, or a sweep that is not named, is refused', () => {
    expect(refusal({ ...good, cells: [good.cells[0], good.cells[0]] })).toContain('twice');
    expect(refusal({ ...good, rails: ['cpu', 'gpu'] })).toContain('rails');
    expect(refusal(withCell({ energyJ: { total: 10, gpu: 8, cpu: 2 } }))).toContain('rails');
    expect(refusal({ ...good, cells: [{ ...good.cells[0], sweep: undefined }] })).toContain(
      'must name its sweep',
    );
  });

  test('with energies above idle is read as it is, also slightly below it and without every rail', () => {
    const energyJ = { total: 10, cpu: 2, gpu: 8 };
    const document = (change: Partial<Cell>, rest: Partial<Profile> = {}): Profile => ({
      ...withCell({ energyJ, ...change }),
      rails: ['cpu', 'gpu'],
      ...rest,
    });
    for (const good of [
      document({ aboveIdleJ: { total: 6.5, cpu: -0.1, gpu: 6.6 }, sdAboveIdleJ: 0.2 }),
      document({ aboveIdleJ: { gpu: 6.6 } }, { idleW: { cpu: 0.5 } }),
      document({ aboveIdleJ: { total: 0, cpu: 0.1, gpu: -0.1 } }),
    ]) {
      expect(parseProfile(good, 'x')).toEqual(good);
    }
    expect(refusal(document({ aboveIdleJ: { total: 6.5, gpu: 6.5 } }))).toContain('not every rail of it');
    expect(refusal(document({ aboveIdleJ: { total: 6.5, cpu: 0, gpu: 6.6 } }))).toContain('add up to 6.6 J');
    expect(refusal(document({ aboveIdleJ: { dram: 1 } }))).toContain('not counted: dram');
    expect(refusal(document({ aboveIdleJ: { gpu: 6 }, sdAboveIdleJ: 1 }))).toContain('no total');
    expect(refusal(document({}, { idleW: { dram: 1 } }))).toContain('idle power of DRAM');
    expect(refusal(document({}, { idleW: { cpu: -1 } }))).toContain('idleW.cpu');
  });

  test('with a rail that holds another is refused: its total would count that twice', () => {
    const energyJ = { total: 30, cpu: 10, machine: 20 };
    expect(refusal({ ...withCell({ energyJ }), rails: ['cpu', 'machine'] })).toContain(
      'the machine energy holds that of the CPU',
    );
    const beside = { total: 30, gpu: 10, package: 20 };
    expect(
      parseProfile({ ...withCell({ energyJ: beside }), rails: ['gpu', 'package'] }, 'x').rails,
    ).toHaveLength(2);
  });

  test('with a negative energy is refused, unless the cell says that it is in doubt', () => {
    const energyJ = { total: 10, cpu: -1, gpu: 11 };
    const document = { ...withCell({ energyJ }), rails: ['cpu', 'gpu'] };
    expect(refusal(document)).toContain('negative');
    const doubted = { ...document, cells: [{ ...document.cells[0], doubt: 'As published.' }] };
    expect(parseProfile(doubted, 'x').cells[0]!.doubt).toBe('As published.');
  });
});

test('rails in words', () => {
  expect(railNames(['cpu', 'gpu'])).toBe('CPU and GPU');
  expect(railNames(['wall'], ' + ')).toBe('wall');
});
