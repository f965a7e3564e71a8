import { describe, expect, test } from 'vitest';
import { bundledProfile, bundledWorkload, madeProfile, madeWorkload } from '../../test/bundled.ts';
import { LabError } from '../errors.ts';
import { sum } from '../statistics.ts';
import { energyCells } from './costCells.ts';
import { costTable, NEGATIVE_ENERGY, type CostTable, type SystemChoice } from './costTable.ts';

const choose = (id: string, changes: Partial<SystemChoice> = {}): SystemChoice => ({
  profile: bundledProfile(id),
  energyModel: 'grid',
  runtimeModel: 'grid',
  rails: 'total',
  idle: 'gross',
  ...changes,
});
const SWEEPS = ['m1-pro.llama-2-7b.sweeps', 'swing-a100.llama-2-7b.sweeps'];

const kwh = ({ pairs, systems }: CostTable, of: (i: number) => number): number =>
  sum(Array.from(pairs.count, (count, i) => count * of(i))) / (systems.length > 0 ? 3.6e6 : NaN);

describe("Alpaca's queries on the paper's pair", () => {
  const table = costTable(
    bundledWorkload('alpaca-davinci'),
    SWEEPS.map((id) => choose(id)),
  );
  const [small, large] = table.systems;

  test('cost what an independent computation of the same model gives', () => {
    expect(kwh(table, (i) => small!.energyJ[i]!)).toBeCloseTo(6.951287, 6);
    expect(kwh(table, (i) => large!.energyJ[i]!)).toBeCloseTo(5.856587, 6);
    const oracle = kwh(table, (i) => Math.min(small!.energyJ[i]!, large!.energyJ[i]!));
    expect(1 - oracle / kwh(table, (i) => large!.energyJ[i]!)).toBeCloseTo(0.0338, 4);
  });

  test('are extrapolated where they are longer or shorter than what was measured', () => {
    table.pairs.m.forEach((m, i) => {
      const n = table.pairs.n[i]!;
      expect(small!.extrapolated[i]).toBe(m < 8 || n < 8 || n > 512 ? 1 : 0);
      expect(large!.extrapolated[i]).toBe(m < 8 || n < 8 ? 1 : 0);
    });
  });

  test('are never negative under the grid model, and are under the linear one', () => {
    expect(small!.negative.some((bits) => bits > 0)).toBe(false);
    const linear = costTable(
      bundledWorkload('azure-code'),
      ['m1-pro.llama-2-7b.grid', 'swing-a100.llama-2-7b.grid'].map((id) =>
        choose(id, { energyModel: 'linear', rails: ['gpu'] }),
      ),
    );
    const { energyJ, negative } = linear.systems[1]!;
    expect(negative.some((bits) => bits === NEGATIVE_ENERGY)).toBe(true);
    energyJ.forEach((energy, i) => expect(negative[i] === NEGATIVE_ENERGY).toBe(energy <= 0));
  });
});

describe('which energy counts', () => {
  const grid = bundledProfile('m1-pro.llama-2-7b.grid');
  const [first] = grid.cells;
  const rule = { rails: ['gpu'], idle: 'gross' } as const;

  test('the rails asked for', () => {
    expect(energyCells(grid, rule)[0]!.value).toBe(first!.energyJ.gpu);
    expect(energyCells(grid, { ...rule, rails: ['cpu', 'gpu'] })[0]!.value).toBeCloseTo(
      first!.energyJ.total,
      2,
    );
  });

  test('a missing rail is an error unless it is stated', () => {
    const swing = bundledProfile('swing-a100.llama-2-7b.grid');
    const both = { rails: ['cpu', 'gpu'], idle: 'gross' } as const;
    expect(() => energyCells(swing, both)).toThrow(
      expect.objectContaining({ kind: 'incompatible' }) as LabError,
    );
    const [filled] = energyCells(swing, { ...both, fills: [{ rail: 'cpu', watts: 40 }] });
    const [cell] = swing.cells;
    expect(filled!.value).toBeCloseTo(cell!.energyJ.gpu! + 40 * cell!.runtimeS, 9);
    const [wall] = energyCells(swing, {
      rails: ['wall'],
      idle: 'gross',
      fills: [{ rail: 'wall', of: { gpu: 1.5 }, watts: 10 }],
      pue: 1.2,
    });
    expect(wall!.value).toBeCloseTo(1.2 * (1.5 * cell!.energyJ.gpu! + 10 * cell!.runtimeS), 9);
  });

  test('energy above idle is measured, or the stated idle power taken off, or an error', () => {
    expect(() => energyCells(grid, { ...rule, idle: 'above-idle' })).toThrow(/above idle/);
    const [stated] = energyCells(grid, { ...rule, idle: 'above-idle', idleWatts: 0.001 });
    expect(stated!.value).toBeCloseTo(first!.energyJ.gpu! - 0.001 * first!.runtimeS, 9);
    const measured = {
      ...grid,
      cells: grid.cells.map((cell) => ({ ...cell, aboveIdleJ: { total: 3, cpu: 1, gpu: 2 } })),
    };
    expect(energyCells(measured, { ...rule, idle: 'above-idle', idleWatts: 99 })[0]!.value).toBe(2);
    expect(energyCells(measured, { rails: 'total', idle: 'above-idle' })[0]!.value).toBe(3);
    expect(() => energyCells(grid, { ...rule, idle: 'above-idle', idleWatts: 1e6 })).toThrow(
      expect.objectContaining({ kind: 'bad-profile' }) as LabError,
    );
  });
});

describe('no table is made of', () => {
  const made = (id: string): SystemChoice =>
    choose(SWEEPS[0]!, {
      profile: madeProfile(id, [
        [8, 5, 1],
        [16, 6, 1],
      ]),
    });
  const one = madeWorkload([[1, 1, 1]]);

  test.each([
    [[made('a')], 'two systems at least'],
    [[made('a'), made('a')], 'chosen twice'],
    [Array.from({ length: 17 }, (_, i) => made(`a${i}`)), '17 systems'],
  ] as const)('the wrong number of systems', (systems, words) => {
    expect(() => costTable(one, [...systems])).toThrow(words);
  });

  test('queries so long that their cost is no number', () => {
    const steep = choose(SWEEPS[0]!, {
      profile: madeProfile('steep', [
        [8, 1, 1],
        [9, 1e300, 1],
      ]),
    });
    expect(() => costTable(madeWorkload([[50_000_000, 8, 1]]), [made('a'), steep])).toThrow(LabError);
  });
});
