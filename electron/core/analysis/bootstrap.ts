import { LabError } from '../errors.ts';
import type { BootstrapSetUp, NamedPolicy } from './bootstrapPart.ts';
import type { Solve } from './linearProgram.ts';
import { PartReplicator } from './partReplicator.ts';
import { RandomStream } from './randomStream.ts';

/** Some replicates of a bootstrap. Plain data: it may come from another thread. */
export interface Replicates {
  /** number of the first */
  readonly from: number;
  /** number after the last */
  readonly to: number;
  /** one row a replicate, see `columnsOf` */
  readonly values: Float64Array;
}

/** How to follow and to end a computation. */
export interface Progress {
  /** told how many replicates are done, now and then */
  readonly progress?: ((done: number) => void) | undefined;
  readonly signal?: { readonly aborted: boolean } | undefined;
  /** a solver of linear programs, for the capacity of more than two systems */
  readonly solve?: Solve | undefined;
}

/**
 * Computes replicates `from` to `to` − 1 of a bootstrap. Each draws the mean of every cell and the workload from its
 * multinomial distribution, with a generator of its own that follows from the seed and its number. Where a cell's
 * trials are known, whole trials are drawn anew; where only their mean and standard deviation are, the mean is drawn
 * from its standard error, energy and runtime of the cell together.
 * @throws LabError "interrupted" when the signal says so
 */
export function bootstrapReplicates(
  setUp: BootstrapSetUp<NamedPolicy>,
  seed: number,
  from: number,
  to: number,
  { progress, signal, solve }: Progress = {},
): Replicates {
  const parts = setUp.parts.map((part) => new PartReplicator(part, solve));
  const width = parts.reduce((sum, part) => sum + part.width, 0);
  const values = new Float64Array((to - from) * width);
  const random = new RandomStream();
  let at = 0;
  for (let k = from; k < to; k++) {
    if (k % TELL_EVERY === 0) {
      if (signal?.aborted === true) {
        throw new LabError(
          'interrupted',
          'The bootstrap was ended before it was done; nothing of it was kept.',
        );
      }
      progress?.(k - from);
    }
    random.begin(seed, k);
    for (const part of parts) {
      part.replicate(random, values, at, k);
      at += part.width;
    }
  }
  progress?.(to - from);
  return { from, to, values };
}

const TELL_EVERY = 16;

/**
 * Puts chunks of a bootstrap together, in whatever order they come.
 * @throws LabError "internal" when replicates are missing or there twice
 */
export function mergeReplicates(chunks: readonly Replicates[]): Replicates {
  const sorted = chunks.filter(({ from, to }) => to > from).toSorted((a, b) => a.from - b.from);
  const [first] = sorted;
  if (first === undefined) return { from: 0, to: 0, values: new Float64Array() };
  const values = new Float64Array(sorted.reduce((sum, chunk) => sum + chunk.values.length, 0));
  let next = first.from;
  let at = 0;
  for (const chunk of sorted) {
    if (chunk.from !== next) throw new LabError('internal', `Replicate ${next} is missing, or there twice.`);
    values.set(chunk.values, at);
    at += chunk.values.length;
    next = chunk.to;
  }
  return { from: first.from, to: next, values };
}
