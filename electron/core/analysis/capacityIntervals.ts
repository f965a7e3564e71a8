import type { Assumption } from '../assumptions.ts';
import { formatPercent } from '../format.ts';
import type { PartColumns } from './replicateColumns.ts';
import type { BootstrapPart, NamedPolicy } from './bootstrapPart.ts';
import { interval95, type Interval95, type PartSamples } from './intervals.ts';
import { QUANTITIES } from './quantities.ts';

/** How sure the optimum under capacity is. */
export interface CapacityUncertainty {
  /** in so many the optimum was looked for */
  readonly replicates: number;
  /** in so many of them the devices cannot carry the queries: the intervals hold for the others */
  readonly infeasible: number;
  /** share of the queries on each system, in their order; absent where fewer than half of the replicates are carried */
  readonly queries?: readonly Interval95[] | undefined;
}

/** What the replicates say about the optimum under capacity; undefined where no devices were told. */
export function capacityUncertainty(
  part: BootstrapPart<NamedPolicy>,
  columns: PartColumns,
  { values, width }: { readonly values: Float64Array; readonly width: number },
): CapacityUncertainty | undefined {
  if (part.capacity === undefined) return undefined;
  const replicates = Math.min(part.capacity.replicates, values.length / width);
  const of = (system: number): Float64Array =>
    Float64Array.from(
      { length: replicates },
      (_, k) => values[k * width + columns.capacity + 1 + system]!,
    ).filter((share) => !Number.isNaN(share));
  const shares = part.systems.map((_, system) => of(system));
  const infeasible = replicates - shares[0]!.length;
  return {
    replicates,
    infeasible,
    ...(isCarried({ replicates, infeasible })
      ? {
          queries: shares.map((share): Interval95 => {
            const [low, high] = interval95(share);
            return [Math.max(0, low), Math.min(1, high)];
          }),
        }
      : {}),
  };
}

/** Whether enough replicates are carried to tell an interval. */
export function isCarried({
  replicates,
  infeasible,
}: Pick<CapacityUncertainty, 'replicates' | 'infeasible'>): boolean {
  return replicates > infeasible && 2 * infeasible <= replicates;
}

/** Whether the samples of a part are enough to tell an interval of its optimum under capacity. */
export function hasCapacityInterval(part: BootstrapPart<NamedPolicy>, { samples }: PartSamples): boolean {
  if (part.capacity === undefined) return false;
  const carried = samples[part.capacity.policy * QUANTITIES]!.length;
  const replicates = Math.min(part.capacity.replicates, samples[0]!.length);
  return isCarried({ replicates, infeasible: replicates - carried });
}

/** In how many replicates the devices carry the queries, and what follows for the intervals, in a sentence or two. */
export function carriedText({ replicates, infeasible }: CapacityUncertainty): string {
  const found = `The optimum under capacity is found anew in ${replicates} replicates`;
  if (infeasible === 0) return `${found}; the devices carry the queries in all of them.`;
  const not = `in ${infeasible} of them (${formatPercent(infeasible / replicates)}) the devices cannot carry the queries`;
  return isCarried({ replicates, infeasible })
    ? `${found}; ${not}, and its intervals hold for the others alone.`
    : `${found}; ${not}: too many to tell an interval.`;
}

/** The same as something that the result rests on. */
export function carriedAssumption(found: CapacityUncertainty): Assumption {
  return {
    kind: 'capacity',
    level: found.infeasible === 0 ? 'note' : 'warning',
    short: found.infeasible === 0 ? 'capacity in replicates' : 'not always carried',
    message: carriedText(found),
  };
}
