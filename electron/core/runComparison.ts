import { boundaryName } from './assumptions.ts';
import { readCell, type Cell, type Profile, type QuantityName } from './profile.ts';
import type { Run } from './run.ts';
import { meanHalfWidth95, studentT } from './statistics.ts';

/** A mean over trials, as it is compared. */
export interface ComparedMean {
  readonly mean: number;
  /** sample standard deviation over the trials, where it is known */
  readonly sd?: number;
  readonly trials: number;
  /** half the 95% interval of the mean, where two trials or more are known */
  readonly half?: number;
}

/** What one mean is above another. */
export interface Difference {
  /** other − reference, in the quantity's unit */
  readonly difference: number;
  /** the same over the reference's mean */
  readonly share: number;
  /** half the 95% interval of the difference over the reference's mean; absent where a spread is not known */
  readonly shareHalf?: number;
  /** whether zero lies outside the interval; absent without one */
  readonly clear?: boolean;
}

/** One cell of several profiles; values in their order, undefined where a profile does not have the cell. */
export interface CellComparison {
  readonly m: number;
  readonly n: number;
  readonly values: readonly (ComparedMean | undefined)[];
  /** each against the first profile; undefined where one of the two does not have the cell, and for the first */
  readonly differences: readonly (Difference | undefined)[];
}

/**
 * The difference of two means with its 95% interval, for spreads that may differ.
 * B. L. Welch, "The generalization of 'Student's' problem when several different population variances are involved",
 * Biometrika 34 (1947). Degrees of freedom (Satterthwaite's) are rounded down, which widens the interval.
 */
export function differenceOf(reference: ComparedMean, other: ComparedMean): Difference {
  const difference = other.mean - reference.mean;
  const plain = { difference, share: difference / reference.mean };
  if (reference.sd === undefined || other.sd === undefined) return plain;
  if (reference.trials < 2 || other.trials < 2) return plain;
  const a = reference.sd ** 2 / reference.trials;
  const b = other.sd ** 2 / other.trials;
  const spread = a + b;
  const half =
    spread === 0
      ? 0
      : studentT(
          0.05,
          Math.floor(spread ** 2 / (a ** 2 / (reference.trials - 1) + b ** 2 / (other.trials - 1)) + 1e-9),
        ) * Math.sqrt(spread);
  return {
    ...plain,
    shareHalf: half / Math.abs(reference.mean),
    clear: Math.abs(difference) > half,
  };
}

/** Sets profiles side by side, cell by cell, the first of them as the reference; cells by input, then output. */
export function compareCells(profiles: readonly Profile[], quantity: QuantityName): CellComparison[] {
  const byProfile = profiles.map(
    (profile) => new Map(profile.cells.map((cell) => [`${cell.m} ${cell.n}`, meanOf(cell, quantity)])),
  );
  const cells = new Map(
    profiles.flatMap(({ cells }) => cells.map(({ m, n }) => [`${m} ${n}`, { m, n }] as const)),
  );
  return [...cells]
    .sort(([, a], [, b]) => a.m - b.m || a.n - b.n)
    .map(([key, { m, n }]) => {
      const values = byProfile.map((means) => means.get(key));
      const [reference] = values;
      return {
        m,
        n,
        values,
        differences: values.map((value, i) =>
          i === 0 || reference === undefined || value === undefined
            ? undefined
            : differenceOf(reference, value),
        ),
      };
    });
}

function meanOf(cell: Cell, quantity: QuantityName): ComparedMean {
  const { mean, sd } = readCell(cell, quantity);
  const half = meanHalfWidth95(sd, cell.trials);
  return {
    mean,
    trials: cell.trials,
    ...(sd === undefined ? {} : { sd }),
    ...(half === undefined ? {} : { half }),
  };
}

/** Something that runs were not all made with alike. */
export interface DifferingSetting {
  readonly what: string;
  /** in the order of the runs */
  readonly values: readonly string[];
}

const SETTINGS: readonly (readonly [what: string, of: (run: Run) => string, same?: (run: Run) => string])[] =
  [
    // The names of made-up weights hold their quantisation, which has a line of its own.
    ['model', ({ engine }) => engine.model.name, ({ engine }) => engine.model.id],
    ['weights', ({ engine }) => engine.model.quantisation],
    ['KV cache', ({ engine }) => (engine.kvCache ? 'on' : 'off')],
    ['batch', ({ engine }) => String(engine.batch)],
    ['engine', ({ engine }) => engine.name],
    ['runs on', ({ engine }) => engine.device],
    ['meter', ({ meter }) => `${meter.name}${meter.estimate ? ' (estimate)' : ''}`],
    ['energy of', ({ meter }) => boundaryName(meter.boundary)],
    ['computer', ({ environment }) => environment.chip],
    ['system', ({ environment }) => environment.os],
    ['power source', ({ environment }) => environment.powerSource ?? 'not known'],
  ];

/** What runs differ in beside their numbers, in the order in which it matters. */
export function differingSettings(runs: readonly Run[]): DifferingSetting[] {
  return SETTINGS.filter(([, of, same = of]) => new Set(runs.map(same)).size > 1).map(([what, of]) => ({
    what,
    values: runs.map(of),
  }));
}
