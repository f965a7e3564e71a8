import { RAILS, type Rail } from '../profile.ts';
import type { RailEnergy } from '../meter.ts';
import type { Observation, Reading } from './observation.ts';

/** An observation with the names that it or its file says. */
export interface Row {
  readonly source: Observation;
  readonly reading: Reading;
  readonly system: string | undefined;
  readonly model: string | undefined;
}

/** An observation that counts: complete, finite, positive. Its energy is that of one query once batches are divided. */
export interface Query extends Row {
  /** input and output tokens that it really had; means may be fractions */
  readonly m: number;
  readonly n: number;
  readonly trials: number;
  readonly energyJ: RailEnergy;
  readonly runtimeS: number;
  /** energy of the idle machine over the same time, J, of the rails of which it is known */
  readonly idleJ?: RailEnergy;
  readonly sdEnergyJ?: number;
  readonly sdRuntimeS?: number;
}

/** Counts rows that were left out, by reason. */
export class DroppedRows {
  readonly #counts = new Map<string, number>();

  add(reason: string, count = 1): void {
    if (count > 0) this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + count);
  }

  get list(): { count: number; reason: string }[] {
    return [...this.#counts].map(([reason, count]) => ({ count, reason }));
  }
}

/** Sum over some rails, J; undefined when one of them is absent. */
export function energyOf(energyJ: RailEnergy, rails: readonly Rail[]): number | undefined {
  let total = 0;
  for (const rail of rails) {
    const part = energyJ[rail];
    if (part === undefined) return undefined;
    total += part;
  }
  return total;
}

/** The middle of some values, by size; undefined when there are none. */
export function median(values: readonly number[]): number | undefined {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.floor(sorted.length / 2)];
}

/** "3 rows", "1 row". */
export function rows(count: number): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? 'row' : 'rows'}`;
}

/** The rails of an energy, in the order in which they are shown. */
export function railsIn(energyJ: RailEnergy): Rail[] {
  return RAILS.filter((rail) => energyJ[rail] !== undefined);
}
