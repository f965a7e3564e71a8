import type { ArrivalSums } from '#core/workloadImport/arrivals';
import type { Coarsening, Pair } from '#core/workloadImport/joint';
import type { Dropped, ImportWarning } from '#core/workloadImport/reasons';
import type { Weighted } from '#core/statistics';

/** What adding up the rows gave. */
export interface Added {
  /** in ascending order of m, then n */
  readonly pairs: Pair[];
  readonly coarsening?: Coarsening;
  /** distributions of the very lengths, ascending */
  readonly marginals: { readonly input: readonly Weighted[]; readonly output: readonly Weighted[] };
  /** rows, records or conversations that were read, those that were dropped included */
  readonly rows: number;
  readonly dropped: readonly Dropped[];
  readonly warnings: readonly ImportWarning[];
  readonly arrivals?: ArrivalSums;
  /** queries whose row has no arrival time, where others have one */
  readonly untimed: number;
}
