/** Small made-up cost tables, for properties: whole costs, so that sums are exact and ties happen. */
import fc from 'fast-check';
import type { CostTable } from '#core/analysis/costTable';
import { pairTable } from '#core/analysis/pairs';
import type { CostForm } from '#core/policy';
import { joules, seconds } from '#core/units';
import { madeWorkload } from './bundled.ts';

/** Tables of up to `most` pairs with 0 to 9 tokens on either side. */
export function madeTables(systems: fc.Arbitrary<number>, most = 12): fc.Arbitrary<CostTable> {
  const places = fc.uniqueArray(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 9 })), {
    selector: ([m, n]) => 100 * m + n,
    minLength: 1,
    maxLength: most,
  });
  const numbers = fc.infiniteStream(fc.integer({ min: 1, max: 12 }));
  return fc.tuple(systems, places, numbers).map(([count, found, stream]) => {
    const next = (): number => stream.next().value as number;
    const pairs = pairTable(madeWorkload(found.map(([m, n]) => [m, n, next()])));
    return {
      pairs,
      systems: Array.from({ length: count }, (_, s) => ({
        id: `s${s}`,
        label: `S${s}`,
        energyJ: Float64Array.from(pairs.m, next),
        runtimeS: Float64Array.from(pairs.m, next),
        extrapolated: new Uint8Array(pairs.size),
        negative: new Uint8Array(pairs.size),
      })),
    };
  });
}

/** The raw cost: joules and seconds as they are. */
export const rawForm = (lambda: number): CostForm => ({
  lambda,
  energyUnit: joules(1),
  runtimeUnit: seconds(1),
});
