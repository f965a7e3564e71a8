import type { BootstrapPart, NamedPolicy } from './bootstrapPart.ts';

/** What is told of every policy with an interval, in the order of `writeQuantities`. */
export const QUANTITIES = 13;

/** Positions of what is told of a policy; of savings the first of three: vs best single, vs large, vs small. */
export const AT = {
  energy: 0,
  runtime: 1,
  cost: 2,
  saving: 3,
  savingEnergy: 6,
  savingRuntime: 9,
  /** NaN where the per-query optimum is not among the policies */
  regret: 12,
} as const;

/**
 * Writes energy, runtime and cost of each policy, what it saves and its regret, from a row of replicates. The regret is
 * against the per-query optimum as the study found it, followed like every other policy.
 * @param at where the part begins in the row
 * @param into policy-major
 */
export function writeQuantities(
  part: BootstrapPart<NamedPolicy>,
  row: Float64Array,
  at: number,
  into: Float64Array,
): void {
  const { policies, singles, form } = part;
  const of = (policy: number, kind: number): number => {
    const energy = row[at + 2 * policy]!;
    const runtime = row[at + 2 * policy + 1]!;
    return kind === 0 ? energy : kind === 1 ? runtime : form.perJoule * energy + form.perSecond * runtime;
  };
  const first = singles[0]!;
  const last = singles[singles.length - 1]!;
  for (let kind = 0; kind < 3; kind++) {
    let least = Infinity;
    for (const single of singles) least = Math.min(least, of(single, kind));
    // Savings of the cost come first, then those of the energy and the runtime.
    const savings = kind === 2 ? AT.saving : kind === 0 ? AT.savingEnergy : AT.savingRuntime;
    const large = of(last, kind);
    const small = of(first, kind);
    for (let p = 0; p < policies.length; p++) {
      const value = of(p, kind);
      const place = p * QUANTITIES;
      into[place + kind] = value;
      into[place + savings] = 1 - value / least;
      into[place + savings + 1] = 1 - value / large;
      into[place + savings + 2] = 1 - value / small;
    }
  }
  const oracle = policies.findIndex(({ policy }) => policy === 'oracle');
  const best = oracle < 0 ? NaN : of(oracle, 2);
  for (let p = 0; p < policies.length; p++) into[p * QUANTITIES + AT.regret] = of(p, 2) / best - 1;
}
