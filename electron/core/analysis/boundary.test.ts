import { describe, expect, test } from 'vitest';
import { bundledProfile, madeProfile } from '../../test/bundled.ts';
import type { LabError } from '../errors.ts';
import type { Boundary, Profile, Rail } from '../profile.ts';
import { comparedRails } from '../comparedRails.ts';
import { commonBoundary, reviewBoundary, statedSentences, type Stated } from './boundary.ts';
import { energyCells } from './costCells.ts';

const m1 = bundledProfile('m1-pro.llama-2-7b.grid');
const swing = bundledProfile('swing-a100.llama-2-7b.grid');

/** A profile that counts other rails than its GPU; the cells all have 10 J. */
function withRails(id: string, rails: Rail[], boundary: Boundary): Profile {
  const made = madeProfile(id, [
    [8, 10, 2],
    [16, 10, 2],
  ]);
  const each = Object.fromEntries(rails.map((rail) => [rail, 10 / rails.length]));
  return {
    ...made,
    rails,
    boundary,
    cells: made.cells.map((cell) => ({ ...cell, energyJ: { total: 10, ...each } })),
  };
}

const kindOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return (error as LabError).kind;
  }
  return 'accepted';
};

describe('like for like', () => {
  test('counts the rails that both have, and no others', () => {
    const { boundary, rails } = commonBoundary(
      [{ profile: m1 }, { profile: swing }],
      'like-for-like',
      'gross',
    );
    expect({ boundary, rails }).toEqual({ boundary: 'gpu', rails: ['gpu'] });
  });

  test('counts a stated rail too', () => {
    const stated: Stated = { rails: [{ rail: 'cpu', watts: 30 }] };
    const { boundary, rules } = commonBoundary(
      [{ profile: m1 }, { profile: swing, stated }],
      'like-for-like',
      'gross',
    );
    expect(boundary).toBe('gpu+cpu');
    const [cell] = swing.cells;
    expect(energyCells(swing, rules[1]!)[0]!.value).toBeCloseTo(cell!.energyJ.total + 30 * cell!.runtimeS, 9);
    expect(statedSentences({ profile: swing, stated }, 'gross')).toEqual([
      "The CPU energy of the A100 (Swing) is assumed, not measured: 30 W over the query's runtime.",
    ]);
  });

  test('counts a machine that is stated on both sides alone: its parts are in it', () => {
    const stated: Stated = { rails: [{ rail: 'machine', of: { gpu: 2 } }] };
    const systems = [
      { profile: withRails('a', ['cpu', 'gpu'], 'gpu+cpu'), stated },
      { profile: withRails('b', ['cpu', 'gpu'], 'gpu+cpu'), stated },
    ];
    const { boundary, rails, rules } = commonBoundary(systems, 'like-for-like', 'gross');
    expect({ boundary, rails }).toEqual({ boundary: 'machine', rails: ['machine'] });
    expect(energyCells(systems[0]!.profile, rules[0]!)[0]!.value).toBe(10);
  });

  test('never adds what is part of another', () => {
    const twice = (id: string): Profile => withRails(id, ['cpu', 'gpu', 'machine'], 'machine');
    const found = commonBoundary(
      [{ profile: twice('a') }, { profile: twice('b') }],
      'like-for-like',
      'gross',
    );
    expect(found.rails).toEqual(['machine']);
    expect(comparedRails(twice('a'), twice('b'), 'like-for-like').rails).toEqual(['machine']);
  });

  test('refuses a whole machine against GPU and CPU, unless the machine is stated', () => {
    const machine = withRails('whole', ['machine'], 'machine');
    const asked = (stated?: Stated): unknown =>
      commonBoundary([{ profile: machine }, { profile: m1, stated }], 'like-for-like', 'gross');
    expect(kindOf(() => asked())).toBe('incompatible');
    expect(asked({ rails: [{ rail: 'machine', of: { cpu: 1, gpu: 1 }, watts: 8 }] })).toMatchObject({
      boundary: 'machine',
      rails: ['machine'],
    });
  });
});

describe('a boundary by name', () => {
  const gpu = withRails('gpu', ['gpu'], 'gpu');

  test('must be there on every side', () => {
    expect(kindOf(() => commonBoundary([{ profile: m1 }, { profile: gpu }], 'gpu+cpu', 'gross'))).toBe(
      'incompatible',
    );
    expect(commonBoundary([{ profile: m1 }, { profile: gpu }], 'gpu', 'gross').rails).toEqual(['gpu']);
  });

  test('at the wall takes a PUE; others do not', () => {
    const stated: Stated = { rails: [{ rail: 'wall', of: { gpu: 1.2 } }], pue: 1.5 };
    const { rules } = commonBoundary(
      [
        { profile: gpu, stated },
        { profile: gpu, stated },
      ],
      'wall',
      'gross',
    );
    expect(energyCells(gpu, rules[0]!)[0]!.value).toBeCloseTo(10 * 1.2 * 1.5, 12);
    expect(statedSentences({ profile: gpu, stated }, 'gross')).toHaveLength(2);
    expect(
      kindOf(() => commonBoundary([{ profile: gpu, stated: { pue: 1.5 } }, { profile: m1 }], 'gpu', 'gross')),
    ).toBe('bad-setting');
  });

  test.each([
    [{ rails: [{ rail: 'gpu', watts: 3 }] }],
    [{ rails: [{ rail: 'wall', of: { cpu: 1 } }] }],
    [{ rails: [{ rail: 'wall' }] }],
  ] as const)('refuses the statement %j', (stated) => {
    expect(
      kindOf(() =>
        commonBoundary([{ profile: gpu, stated: stated as never }, { profile: gpu }], 'gpu', 'gross'),
      ),
    ).toBe('bad-setting');
  });
});

test('a profile says what it has and lacks', () => {
  const { missing, aboveIdle } = reviewBoundary({ profile: swing });
  expect(missing).toMatchObject({ gpu: [], 'gpu+cpu': ['cpu'], machine: ['machine'] });
  expect(aboveIdle).toBe('none');
  expect(reviewBoundary({ profile: swing, stated: { idleW: 50 } }).aboveIdle).toBe('all');
  expect(statedSentences({ profile: swing, stated: { idleW: 50 } }, 'above-idle')[0]).toContain(
    '50 W when idle',
  );
});
