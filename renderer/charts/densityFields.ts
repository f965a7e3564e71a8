import type { Workload } from '#core/workload';

/** Queries of similar lengths, where most of them lie. */
export interface DensityField {
  readonly m: number;
  readonly n: number;
  /** of the queries, 0 to 1 */
  readonly share: number;
}

/** Bins in an octave, each way. */
const PER_OCTAVE = 4;

/** A workload in fields a quarter of an octave wide, each told at the mean of its queries, so that no lattice is seen. */
export function densityFields({ pairs }: Pick<Workload, 'pairs'>): DensityField[] {
  const bin = (tokens: number): number => Math.floor(Math.log2(Math.max(1, tokens)) * PER_OCTAVE + 1e-9);
  const fields = new Map<number, { m: number; n: number; count: number }>();
  let total = 0;
  for (const [m, n, count] of pairs) {
    const key = bin(m) * 1024 + bin(n);
    const field = fields.get(key) ?? { m: 0, n: 0, count: 0 };
    field.m += count * Math.log(Math.max(1, m));
    field.n += count * Math.log(Math.max(1, n));
    field.count += count;
    fields.set(key, field);
    total += count;
  }
  return [...fields.values()].map(({ m, n, count }) => ({
    m: Math.exp(m / count),
    n: Math.exp(n / count),
    share: count / total,
  }));
}
