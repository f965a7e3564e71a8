import { expect, test } from 'vitest';
import type { VariationAnswer } from '#core/analysis/variations';
import { summariseVariations } from '#core/analysis/variationSummary';
import { explained, listed, summaryParts, turnedText, type VariationNames } from './words.ts';

const names: VariationNames = {
  systems: { small: { system: { label: 'Mac' } }, large: { system: { label: 'A100' } } },
  workload: (id) => id.toUpperCase(),
};
const found = (
  factor: VariationAnswer['factor'],
  value: string,
  saving: number,
  now = false,
): VariationAnswer => ({
  factor,
  value,
  now,
  kind: saving >= 0.01 ? 'threshold' : 'no-useful-threshold',
  best: { policy: 'threshold-product', threshold: Math.sqrt(1264), product: 1264 },
  saving,
  bestSingle: 'large',
  extrapolated: { queries: 0.088, energy: 0.0047 },
});
const text = (answers: readonly VariationAnswer[]): string =>
  summaryParts(summariseVariations(answers))
    .map((part) => part.text)
    .join('');

test('the answer says how often a threshold is useful, and what moves it most', () => {
  const answers = [
    found('workload', 'a', 0.0336, true),
    found('workload', 'gsm8k', 0.00001),
    found('lambda', '0.5', 0.02),
  ];
  expect(text(answers)).toBe(
    'A threshold is useful in 2 of 3 variations. What moves the saving most is the workload: 0.00% to 3.36%.',
  );
  expect(turnedText(summariseVariations(answers), names)).toBe(
    'As the study is, a threshold is useful; it is not with GSM8K.',
  );
  expect(text([found('idle', 'gross', 0.02, true)])).toBe(
    'A threshold is useful in 1 of 1 variations. None of them moves the saving.',
  );
});

test('each variation is told with its policy, its saving, and what lies beyond the measurements', () => {
  expect(explained(found('lambda', '0.5', 0.02), names)).toBe(
    'With λ = 0.5: the best, √(m·n) ≤ 35.6, saves 2.00% against the A100 alone. ' +
      '8.8% of the queries, with 0.47% of the energy, lie beyond what was measured.',
  );
  expect(explained(found('policy', 'threshold-in', -0.1), names)).toContain(
    'With T_in alone: no useful threshold; the best, √(m·n) ≤ 35.6, costs 10.00% more than the A100 alone.',
  );
  expect(
    explained({ factor: 'boundary', value: 'wall', now: false, kind: 'impossible', why: 'No meter.' }, names),
  ).toBe('With wall power: cannot be. No meter.');
});

test('lists end in "and"', () => {
  expect([[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map(listed)).toEqual(['', 'a', 'a and b', 'a, b and c']);
});
