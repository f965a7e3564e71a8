import { expect, test } from 'vitest';
import type { Factor, VariationAnswer } from './variations.ts';
import { spanOf, summariseVariations } from './variationSummary.ts';

const found = (factor: Factor, value: string, saving: number, now = false): VariationAnswer => ({
  factor,
  value,
  now,
  kind: saving >= 0.01 ? 'threshold' : 'no-useful-threshold',
  best: { policy: 'threshold-in', threshold: 8 },
  saving,
  bestSingle: 'large',
  extrapolated: { queries: 0, energy: 0 },
});

const answers: readonly VariationAnswer[] = [
  found('workload', 'a', 0.03, true),
  found('workload', 'b', 0),
  found('lambda', '0', -0.04),
  found('lambda', '1', 0.03, true),
  found('model', 'grid', 0.03, true),
  { factor: 'model', value: 'linear', now: false, kind: 'impossible', why: 'It cannot be.' },
  found('policy', 'all', 0.03, true),
  found('policy', 'threshold-in', 0.02),
];

test('what moves the saving most comes first, and the study counts once', () => {
  const summary = summariseVariations(answers);
  expect(summary.factors.map(({ factor }) => factor)).toEqual(['lambda', 'workload', 'policy', 'model']);
  expect(summary.factors[0]!.range).toEqual([-0.04, 0.03]);
  expect(summary.factors[0]!.found.map(({ value }) => value)).toEqual(['0', '1']);
  expect(summary).toMatchObject({ all: 4, useful: 2 });
  expect(summary.own).toMatchObject({ now: true, saving: 0.03 });
  expect(summary.turned.map(({ value }) => value)).toEqual(['b', '0']);
  expect(summary.impossible).toMatchObject([{ value: 'linear' }]);
});

test('a study that cannot be computed itself has no answer to turn', () => {
  const summary = summariseVariations([
    { factor: 'model', value: 'linear', now: true, kind: 'impossible', why: 'It cannot be.' },
    { factor: 'idle', value: 'gross', now: true, kind: 'impossible', why: 'It cannot be.' },
    found('model', 'grid', 0.02),
  ]);
  expect(summary).toMatchObject({ own: undefined, all: 1, useful: 1, turned: [] });
  expect(summary.factors.map((factor) => [factor.factor, spanOf(factor)])).toEqual([
    ['model', 0],
    ['idle', -1],
  ]);
});
