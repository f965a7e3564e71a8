import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bundledProfile, bundledWorkload } from '../../test/bundled.ts';
import { analyse, parseSettings } from '../study.ts';
import { binPairs, MOST_BINS, pairsOfBins, queriesInBins } from './binnedPairs.ts';

const pair = fc.tuple(
  fc.integer({ min: 1, max: 30_000 }),
  fc.integer({ min: 0, max: 9000 }),
  fc.integer({ min: 1, max: 50 }),
);

test('no query is lost, no bin is wider than it says, and there are no more than asked for', () => {
  fc.assert(
    fc.property(
      fc.array(pair, { minLength: 1, maxLength: 300 }),
      fc.integer({ min: 60, max: 400 }),
      (pairs, most) => {
        const found = binPairs(pairs, most);
        expect(queriesInBins(found)).toBe(pairs.reduce((total, [, , count]) => total + count, 0));
        expect(found.pairs).toBe(pairs.length);
        if (found.width < 0.5) expect(found.bins.length / 3).toBeLessThanOrEqual(most);
        const ms = [...new Set(pairsOfBins(found).map(([m]) => m))];
        // Each length lies within a bin's width, or half a token, of where its bin stands.
        for (const [m] of pairs) {
          const nearest = Math.min(...ms.map((each) => Math.abs(each - m)));
          expect(nearest).toBeLessThanOrEqual(m * (Math.exp(found.width) - 1) + 0.5);
        }
      },
    ),
    { numRuns: 100 },
  );
});

test('short lengths are exact', () => {
  const pairs = [
    [3, 0, 2],
    [64, 5, 1],
    [64, 6, 4],
  ] as const;
  expect(pairsOfBins(binPairs(pairs))).toEqual(pairs.map((each) => [...each]));
});

test('totals of a workload in bins are those of the workload to a thousandth', () => {
  const workload = bundledWorkload('azure-conversation');
  const found = binPairs(workload.pairs, 6000);
  expect(found.bins.length / 3).toBeLessThan(workload.pairs.length / 2);
  const inputs = {
    small: bundledProfile('m1-pro.llama-2-7b.sweeps'),
    large: bundledProfile('swing-a100.llama-2-7b.sweeps'),
  };
  const settings = parseSettings({
    small: inputs.small.id,
    large: inputs.large.id,
    workload: workload.id,
    energyModel: 'grid',
    policy: 'threshold-product',
  });
  const exact = analyse(settings, { ...inputs, workload });
  const binned = analyse(settings, { ...inputs, workload: { ...workload, pairs: pairsOfBins(found) } });
  exact.policies.forEach((policy, i) => {
    expect(Math.abs(binned.policies[i]!.energyJ / policy.energyJ - 1)).toBeLessThan(1e-3);
  });
  expect(MOST_BINS).toBeLessThanOrEqual(60_000);
});
