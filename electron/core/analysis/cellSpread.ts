import { meanAndSd } from '../statistics.ts';
import type { CostCell } from './costCells.ts';

/** How a cell's standard deviation over its trials is known. */
export type SpreadBasis = 'own' | 'pooled' | 'scatter' | 'assumed';

/** How well the means of a profile's cells are known, for one quantity; one entry a cell. */
export interface CellSpread {
  /** means, J or s */
  readonly value: Float64Array;
  /** standard error of each mean, J or s */
  readonly error: Float64Array;
  /** degrees of freedom of that error */
  readonly degrees: Float64Array;
  readonly basis: readonly SpreadBasis[];
  /** of each cell whose trials' own values are known, how far each is from their mean, J or s; absent where none has any */
  readonly deviations?: readonly (Float64Array | undefined)[];
  /** relative standard deviation of one trial where a cell has none of its own; undefined where none was needed */
  readonly stand?: { readonly relativeSd: number; readonly basis: SpreadBasis; readonly cells: number };
}

/** What a trial is taken to vary by where nothing about the profile tells it. */
export const ASSUMED_RELATIVE_SD = 0.1;

/**
 * The standard error of each cell's mean, sd/√trials. A cell of one trial, or without a standard deviation, has none of
 * its own, and is never taken as exact: the relative standard deviation pooled over the profile's other cells stands in;
 * where no cell has one, how much neighbouring cells scatter; where even that cannot be told, or they do not scatter at
 * all, because a formula gave them, an assumed 10%.
 */
export function cellSpread(cells: readonly CostCell[]): CellSpread {
  const own = (cell: CostCell): boolean => cell.sd !== undefined && cell.trials >= 2;
  const stand = cells.every(own) ? undefined : (pooled(cells.filter(own)) ?? scatter(cells) ?? ASSUMED);
  const basis = cells.map((cell) => (own(cell) ? 'own' : stand!.basis));
  const lacking = basis.filter((each) => each !== 'own').length;
  return {
    value: Float64Array.from(cells, ({ value }) => value),
    error: Float64Array.from(cells, (cell) => {
      const sd = own(cell) ? cell.sd! : stand!.relativeSd * Math.abs(cell.value);
      return sd / Math.sqrt(cell.trials);
    }),
    degrees: Float64Array.from(cells, (cell) => (own(cell) ? cell.trials - 1 : stand!.degrees)),
    basis,
    ...(cells.some(({ trialValues }) => trialValues !== undefined)
      ? { deviations: cells.map(({ trialValues }) => trialValues && deviationsOf(trialValues)) }
      : {}),
    ...(stand === undefined
      ? {}
      : { stand: { relativeSd: stand.relativeSd, basis: stand.basis, cells: lacking } }),
  };
}

function deviationsOf(values: Float64Array): Float64Array {
  const { mean } = meanAndSd(values);
  return values.map((value) => value - mean);
}

interface Stand {
  readonly relativeSd: number;
  readonly degrees: number;
  readonly basis: SpreadBasis;
}

const ASSUMED: Stand = { relativeSd: ASSUMED_RELATIVE_SD, degrees: Infinity, basis: 'assumed' };

/** The relative standard deviation pooled over cells that have one, each weighted by its degrees of freedom. */
function pooled(cells: readonly CostCell[]): Stand | undefined {
  let squares = 0;
  let degrees = 0;
  for (const { sd, value, trials, doubted } of cells) {
    if (doubted || !(value > 0)) continue;
    squares += (trials - 1) * (sd! / value) ** 2;
    degrees += trials - 1;
  }
  // Where none varies at all, that is what the meter resolves, and says nothing of the others.
  if (squares === 0) return undefined;
  return { relativeSd: Math.sqrt(squares / degrees), degrees, basis: 'pooled' };
}

/**
 * The relative standard deviation of one trial from how far cells lie from the power law between their neighbours: the
 * pseudo-residuals of T. Gasser, L. Sroka and C. Jennen-Steinmetz, "Residual variance and residual pattern in nonlinear
 * regression", Biometrika 73 (1986), along each line of cells on log axes. What is bent counts as scatter, so that it is
 * too large rather than too small.
 */
function scatter(cells: readonly CostCell[]): Stand | undefined {
  const used = cells.filter(({ doubted, value }) => !doubted && value > 0);
  let squares = 0;
  let found = 0;
  for (const [held, varied] of [
    ['m', 'n'],
    ['n', 'm'],
  ] as const) {
    for (const line of linesOf(used, held)) {
      line.sort((a, b) => a[varied] - b[varied]);
      for (let i = 1; i < line.length - 1; i++) {
        const [before, cell, after] = [line[i - 1]!, line[i]!, line[i + 1]!];
        const from = Math.log(before[varied]);
        const span = Math.log(after[varied]) - from;
        if (!(span > 0)) continue;
        const share = (Math.log(cell[varied]) - from) / span;
        const between = (1 - share) * Math.log(before.value) + share * Math.log(after.value);
        const weight = 1 / cell.trials + (1 - share) ** 2 / before.trials + share ** 2 / after.trials;
        squares += (Math.log(cell.value) - between) ** 2 / weight;
        found += 1;
      }
    }
  }
  if (found < FEWEST) return undefined;
  const relativeSd = Math.sqrt(squares / found);
  return relativeSd < LEAST_SCATTER ? undefined : { relativeSd, degrees: found, basis: 'scatter' };
}

/** No meter is so exact: cells that lie closer to a power law were computed, as an energy per token times a length. */
const LEAST_SCATTER = 1e-3;

/** Triples of neighbours that it takes to speak of scatter. */
const FEWEST = 3;

function linesOf(cells: readonly CostCell[], held: 'm' | 'n'): CostCell[][] {
  const lines = new Map<string, CostCell[]>();
  for (const cell of cells) {
    // A sweep is a line although its prompts may differ by a token or two in what was held.
    const along = held === 'm' ? 'output' : 'input';
    if (cell.sweep !== undefined && cell.sweep !== along) continue;
    const key = cell.sweep ?? String(cell[held]);
    lines.set(key, [...(lines.get(key) ?? []), cell]);
  }
  return [...lines.values()];
}
