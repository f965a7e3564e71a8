import type { BootstrapPart, BootstrapSetUp, NamedPolicy } from './bootstrapPart.ts';
import { capacityWidth } from './capacityReplicator.ts';

/** Where the figures of a part stand in the rows of replicates. */
export interface PartColumns {
  readonly energy: (policy: number) => number;
  readonly runtime: (policy: number) => number;
  /** of a family its thresholds, one between every two systems, and after them those on output tokens */
  readonly search: (family: number) => number;
  /** of the optimum under capacity, see `CapacityReplicator` */
  readonly capacity: number;
  readonly width: number;
}

/** The columns of each part, in rows of this whole width. */
export function columnsOf({ parts }: BootstrapSetUp<NamedPolicy>): { columns: PartColumns[]; width: number } {
  let width = 0;
  const columns = parts.map((part) => {
    const start = width;
    const own = widthOf(part);
    width += own;
    return {
      energy: (policy: number) => start + 2 * policy,
      runtime: (policy: number) => start + 2 * policy + 1,
      search: (family: number) => start + 2 * part.policies.length + 2 * levelsOf(part) * family,
      capacity: start + own - capacityWidth(part),
      width: own,
    };
  });
  return { columns, width };
}

/** Columns of a part in the rows of replicates. */
export function widthOf(part: BootstrapPart<NamedPolicy>): number {
  return 2 * part.policies.length + 2 * levelsOf(part) * part.searches.length + capacityWidth(part);
}

/** How many thresholds lie between the systems. */
export function levelsOf({ systems }: BootstrapPart<NamedPolicy>): number {
  return systems.length - 1;
}
