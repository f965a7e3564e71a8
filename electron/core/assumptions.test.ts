import { describe, expect, test } from 'vitest';
import { bundledProfile, madeProfile, madeWorkload } from '../test/bundled.ts';
import { boundaryName, mismatches, type Assumption } from './assumptions.ts';
import type { Profile } from './profile.ts';
import { analyse, parseSettings } from './study.ts';

const curve = [
  [8, 40, 1],
  [64, 96, 2],
] as const;
const mac = madeProfile('mac', curve);
const gpu = madeProfile('gpu', curve);

function assumptions(
  changes: {
    small?: Partial<Profile>;
    large?: Partial<Profile>;
    modelled?: boolean;
    settings?: object;
    lengths?: number[];
  } = {},
): Assumption[] {
  const settings = parseSettings({ small: 'mac', large: 'gpu', workload: 'made-up', ...changes.settings });
  const workload = {
    ...madeWorkload((changes.lengths ?? [8, 64]).map((length) => [length, length, 1])),
    modelled: changes.modelled ?? false,
    note: 'Reweighted.',
  };
  const inputs = { small: { ...mac, ...changes.small }, large: { ...gpu, ...changes.large }, workload };
  return [...analyse(settings, inputs).assumptions];
}

const warnings = (found: readonly Assumption[]): string[] =>
  found.filter(({ level }) => level === 'warning').map(({ short }) => short);

test('two alike profiles within their measurements rest on notes alone', () => {
  const found = assumptions();
  expect(warnings(found)).toEqual([]);
  expect(found.map(({ kind }) => kind)).toEqual(['boundary', 'energy-model', 'cost', 'interval']);
});

describe('a warning comes first, for', () => {
  test.each<[string, Parameters<typeof assumptions>[0], string]>([
    ['different models', { small: { model: { id: 'x', name: 'Other' } } }, 'different model'],
    [
      'different precisions',
      { small: { conditions: { ...mac.conditions, precision: 'int4' } } },
      'different precision',
    ],
    [
      'a KV cache on one side',
      { small: { conditions: { ...mac.conditions, kvCache: false } } },
      'different KV cache',
    ],
    ['different batches', { large: { conditions: { ...gpu.conditions, batch: 32 } } }, 'different batch'],
    ['an estimate', { small: { estimate: true } }, 'an estimate'],
    ['a modelled workload', { modelled: true }, 'modelled workload'],
  ])('%s', (_, changes, short) => {
    const found = assumptions(changes);
    expect(warnings(found)).toEqual([short]);
    expect(found[0]!.short).toBe(short);
  });

  test('no KV cache on either side', () => {
    const conditions = { ...mac.conditions, kvCache: false };
    const found = assumptions({ small: { conditions }, large: { conditions } });
    expect(warnings(found)).toEqual(['KV cache off in both']);
    expect(found[0]!.message).toContain('and with single queries');
  });

  test('no KV cache, but batches: then nothing is said of single queries', () => {
    const conditions = { ...mac.conditions, kvCache: false, batch: 32 };
    const found = assumptions({ small: { conditions }, large: { conditions } });
    expect(warnings(found)).toEqual(['KV cache off in both']);
    expect(found[0]!.message).not.toContain('single queries');
  });

  test('cells in doubt along the axis, with the reason', () => {
    const cells = mac.cells.map((cell, i) => (i === 0 ? { ...cell, doubt: 'Too cheap.' } : cell));
    const [first] = assumptions({ small: { cells } });
    expect(first).toMatchObject({ kind: 'doubt', short: '1 cell in doubt' });
    expect(first!.message).toContain('(8, 32): Too cheap.');
  });

  test('rails left out because the other side has none', () => {
    const cells = mac.cells.map((cell) => ({
      ...cell,
      energyJ: { total: cell.energyJ.total + 1, cpu: 1, gpu: cell.energyJ.total },
    }));
    const both = { rails: ['cpu' as const, 'gpu' as const], cells };
    const found = assumptions({ small: both });
    expect(warnings(found)).toEqual(['CPU left out']);
    expect(found[0]!.message).toContain('because the other side has none');
    // Where the other side has it, it is the boundary that leaves it out.
    const asked = assumptions({ small: both, large: both, settings: { boundary: 'gpu' } });
    expect(warnings(asked)).toEqual(['CPU left out', 'CPU left out']);
    for (const { message } of asked.slice(0, 2)) {
      expect(message).toContain('because the comparison counts GPU on both sides');
    }
  });

  test('wall power is not said to lack wall power', () => {
    const cells = mac.cells.map((cell) => ({
      ...cell,
      energyJ: { total: cell.energyJ.total, wall: cell.energyJ.total },
    }));
    const wall = { rails: ['wall' as const], boundary: 'wall' as const, cells };
    const boundary = assumptions({ small: wall, large: wall }).find(({ kind }) => kind === 'boundary')!;
    expect(boundary.message).toBe('Energy counts wall, gross of idle. Cooling is not in it.');
  });

  test('more than a twentieth of the energy beyond the measurements; less is a note', () => {
    expect(warnings(assumptions({ lengths: [64, 128] }))).toEqual(['66.7% extrapolated']);
    const few = assumptions({ lengths: [1, 64] });
    expect(warnings(few)).toEqual([]);
    expect(few.find(({ kind }) => kind === 'extrapolated')!.level).toBe('note');
  });
});

test('an output threshold says that it needs the output in advance', () => {
  const found = assumptions({ settings: { policy: 'threshold-out' } });
  expect(found.map(({ kind }) => kind)).toContain('unknown-output');
});

test('a comparison with a Mac carries Apple’s caution', () => {
  const found = assumptions({ small: { system: { ...mac.system, place: 'mac' } } });
  expect(found.map(({ kind }) => kind)).toContain('device-comparison');
});

test('the normalised cost is told from the raw one', () => {
  const cost = (settings: object): string | undefined =>
    assumptions({ settings }).find(({ kind }) => kind === 'cost')?.short;
  expect(cost({})).toBe('raw cost');
  expect(cost({ cost: 'normalised' })).toBe('normalised cost');
});

test('the bundled V100 shows its cell with a negative CPU energy', () => {
  const doubted = bundledProfile('palmetto-v100.mistral-7b.sweeps').cells.filter(({ doubt }) => doubt);
  expect(doubted.map(({ m, n, energyJ }) => [m, n, energyJ.cpu! < 0])).toEqual([[2048, 32, true]]);
});

test('mismatches name both sides', () => {
  const other = { ...gpu, model: { id: 'x', name: 'Falcon 7B' }, design: 'grid' as const };
  expect(mismatches(mac, other)).toEqual([
    'model: Made-up on the MAC, Falcon 7B on the GPU',
    'cells: sweeps on the MAC, grid on the GPU',
  ]);
  expect(mismatches(mac, gpu)).toEqual([]);
});

test('a boundary in words', () => {
  expect(boundaryName('gpu+cpu')).toBe('GPU + CPU');
  expect(boundaryName('wall')).toBe('wall power');
});
