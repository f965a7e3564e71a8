import { describe, expect, test } from 'vitest';
import { madeProfile, madeWorkload } from '../test/bundled.ts';
import { analyse, parseSettings } from './study.ts';
import { objectiveName, type Verdict } from './verdict.ts';

/*
 * Two made-up systems. MAC takes 1 J for a token of a query of 8 tokens and `atLongest` for one of 512; GPU takes 2
 * J and 1 J. Ten queries of either length; energies of a query are tokens along the axis times these.
 */
function verdict({
  macShort = 1,
  macLong = 4,
  gpuShort = 2,
  gpuLong = 1,
  ...settings
}: Record<string, number | string> = {}): Verdict {
  // Cells hold the energy of a query: energy per token times its 32 + length tokens.
  const cells = (short: number, long: number, seconds: number): [number, number, number][] => [
    [8, short * 40, seconds],
    [512, long * 544, seconds],
  ];
  const small = madeProfile('mac', cells(Number(macShort), Number(macLong), 5));
  const large = madeProfile('gpu', cells(Number(gpuShort), Number(gpuLong), 1));
  const workload = madeWorkload([
    [8, 8, 640],
    [512, 512, 10],
  ]);
  const parsed = parseSettings({ small: 'mac', large: 'gpu', workload: 'made-up', ...settings });
  return analyse(parsed, { small, large, workload }).verdict;
}

describe('a useful threshold', () => {
  // Short queries: 640 · 8 tokens, 5,120 J or 10,240 J. Long ones: 10 · 512 tokens, 20,480 J or 5,120 J.
  const useful = verdict();

  test('is said in one sentence with both savings', () => {
    expect(useful.text).toBe(
      'Send queries with at most 8 input tokens to the MAC and longer ones to the GPU. That saves 33.3% of the ' +
        'energy against the GPU alone, the better single system, and 60.0% against the MAC alone.',
    );
    expect(useful).toMatchObject({
      kind: 'threshold',
      policy: 'threshold-in',
      threshold: 8,
      bestSingle: 'large',
    });
    expect(useful.saving).toBeCloseTo(1 / 3, 12);
  });

  test('has its condition, and what would change it', () => {
    expect(useful.condition).toContain('input tokens alone');
    expect(useful.condition).toContain('without an interval');
    expect(useful.change).toContain('above 33.3%');
  });

  test('has parts that make up the sentence, the systems and the threshold marked', () => {
    expect(useful.parts.map(({ text }) => text).join('')).toBe(useful.text);
    expect(useful.parts.filter(({ about }) => about).map(({ text, about }) => [about, text])).toEqual([
      ['hybrid', 'at most 8 input tokens'],
      ['small', 'MAC'],
      ['large', 'GPU'],
      ['hybrid', '33.3%'],
      ['hybrid', '60.0%'],
    ]);
  });

  test('on outputs speaks of output tokens', () => {
    const { text, condition } = verdict({ policy: 'threshold-out' });
    expect(text).toContain('at most 8 output tokens');
    expect(condition).toContain('output tokens alone');
  });
});

describe('no useful threshold', () => {
  test('because the saving is below the minimum', () => {
    const { kind, policy, threshold, text, change } = verdict({ minSaving: 0.4 });
    expect({ kind, policy, threshold }).toEqual({
      kind: 'no-useful-threshold',
      policy: 'large',
      threshold: null,
    });
    expect(text).toBe(
      'No useful threshold: send every query to the GPU. The best threshold, 8 input tokens, would save 33.3% of ' +
        'the energy against it, less than your minimum of 40.0%.',
    );
    expect(change).toContain('Accepting a saving of 33.3%');
  });

  test('because even the best threshold uses more energy', () => {
    // Short queries: 20,480 J on MAC, 10,240 J on GPU.
    const { kind, text, saving, change } = verdict({ macShort: 4 });
    expect(kind).toBe('no-useful-threshold');
    expect(text).toBe(
      'No useful threshold: send every query to the GPU. Even the best threshold, 8 input tokens, uses 66.7% more ' +
        'energy than it alone.',
    );
    expect(saving).toBeCloseTo(-2 / 3, 12);
    expect(change).toContain('Another workload');
  });

  test('because the Mac is best for every query: a threshold above all lengths is the Mac alone', () => {
    const { kind, policy, text, saving } = verdict({ macLong: 0.5 });
    expect({ kind, policy, saving }).toEqual({ kind: 'no-useful-threshold', policy: 'small', saving: 0 });
    expect(text).toBe(
      'No useful threshold: send every query to the MAC. No threshold on input tokens saves as much as ' +
        '0.01% of the energy against it.',
    );
  });

  test('because time alone counts', () => {
    expect(verdict({ lambda: 0 }).text).toContain('more time than it alone');
    expect(verdict({ lambda: 0.25, macShort: 4 }).text).toContain('more at λ = 0.25 than it alone');
  });

  test('a saving that just reaches the minimum is useful', () => {
    expect(verdict({ minSaving: verdict().saving }).kind).toBe('threshold');
  });

  test('a minimum of 0 accepts any saving, but saving nothing is none', () => {
    expect(verdict({ minSaving: 0 }).kind).toBe('threshold');
    expect(verdict({ minSaving: 0, macLong: 0.5 })).toMatchObject({ policy: 'small', threshold: null });
  });
});

test('what a study saves, in a word', () => {
  expect(objectiveName({ lambda: 1, cost: 'raw' })).toBe('energy');
  expect(objectiveName({ lambda: 0, cost: 'normalised' })).toBe('runtime');
  expect(objectiveName({ lambda: 0.5, cost: 'raw' })).toBe('cost at λ = 0.5');
});
