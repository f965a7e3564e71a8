import { LabError } from '../errors.ts';
import type { CostCell } from './costCells.ts';
import { fitLinearModel, fitPhysical } from './fits.ts';
import { fitGrid } from './gridModel.ts';
import type { FittedModel, JointModelName, ModelName } from './model.ts';
import { fitPaper } from './paperModel.ts';

/** What a model describes. */
export type CostQuantity = 'energy' | 'runtime';

/** What each model asks of the cells. */
const NEEDS: Record<ModelName, string> = {
  grid: 'two sweeps of at least two lengths each, or two rows of a grid with two cells each',
  linear: 'at least three cells that do not lie on one line',
  physical: 'at least five cells that are not in doubt',
  'paper-input': 'a sweep over input tokens',
  'paper-output': 'a sweep over output tokens',
};

/**
 * Fits a model to cells.
 * @returns undefined when the cells do not suffice for it
 */
export function tryFit(
  name: ModelName,
  cells: readonly CostCell[],
  quantity: CostQuantity,
): FittedModel | undefined {
  switch (name) {
    case 'grid':
      return fitGrid(cells);
    case 'linear':
      return fitLinearModel(cells);
    case 'physical':
      return fitPhysical(cells);
    case 'paper-input':
      return fitPaper(cells, 'input', quantity);
    case 'paper-output':
      return fitPaper(cells, 'output', quantity);
  }
}

/**
 * Fits a model to the cells of a profile.
 * @param profile its name, for the message
 * @throws LabError "incompatible" when the cells do not suffice for the model; "bad-profile" when one is no number
 */
export function fitModel(
  name: ModelName,
  cells: readonly CostCell[],
  quantity: CostQuantity,
  profile: string,
): FittedModel {
  const wrong = cells.find(({ m, n, value, trials }) => ![m, n, value, trials].every(Number.isFinite));
  if (wrong !== undefined) {
    throw new LabError(
      'bad-profile',
      `${profile} has ${quantity === 'energy' ? 'an energy' : 'a runtime'} of ${wrong.value} at m = ${wrong.m}, ` +
        `n = ${wrong.n}, which is no number to compute with.`,
      'Mend the cell.',
    );
  }
  const model = tryFit(name, cells, quantity);
  if (model !== undefined) return model;
  throw new LabError(
    'incompatible',
    `The ${name} model needs ${NEEDS[name]}; ${profile} has ${cells.length === 1 ? 'one cell' : `${cells.length} cells that do not give that`}.`,
    'Choose another energy model, or measure more cells.',
  );
}

/** How well a model foretells a cell that it has not seen: |foretold / measured − 1|. */
export interface HeldOutError {
  readonly mean: number;
  readonly median: number;
  readonly largest: number;
  /** cells that could be left out and foretold */
  readonly cells: number;
}

/**
 * Leave-one-cell-out error of a model: it is fitted to all other cells, then asked for the cell. Cells in doubt take
 * part in the fits that use them but are not foretold.
 * @returns undefined when no cell can be left out
 */
export function heldOutError(
  name: ModelName,
  cells: readonly CostCell[],
  quantity: CostQuantity,
): HeldOutError | undefined {
  const errors: number[] = [];
  cells.forEach((cell, i) => {
    if (cell.doubted || !(cell.value > 0)) return;
    const model = tryFit(name, cells.toSpliced(i, 1), quantity);
    if (model !== undefined) errors.push(Math.abs(model.at(cell.m, cell.n) / cell.value - 1));
  });
  if (errors.length === 0) return undefined;
  errors.sort((a, b) => a - b);
  const middle = (errors.length - 1) / 2;
  return {
    mean: errors.reduce((a, b) => a + b, 0) / errors.length,
    median: (errors[Math.floor(middle)]! + errors[Math.ceil(middle)]!) / 2,
    largest: errors.at(-1)!,
    cells: errors.length,
  };
}

/** A joint model that a profile's cells allow, with its error. */
export interface ModelReview {
  readonly name: JointModelName;
  readonly model: FittedModel;
  /** absent when no cell can be left out */
  readonly heldOut?: HeldOutError;
  /** measured cells, of those not in doubt, where it is 0 or less */
  readonly negativeCells: number;
  /** it can be negative nowhere */
  readonly neverNegative: boolean;
}

const NAMES: readonly JointModelName[] = ['grid', 'linear', 'physical'];

/** Every joint model that the cells allow, fitted, with its leave-one-cell-out error. */
export function reviewModels(cells: readonly CostCell[], quantity: CostQuantity): ModelReview[] {
  return NAMES.flatMap((name) => {
    const model = tryFit(name, cells, quantity);
    if (model === undefined) return [];
    const heldOut = heldOutError(name, cells, quantity);
    return [
      {
        name,
        model,
        ...(heldOut === undefined ? {} : { heldOut }),
        negativeCells: cells.filter(({ m, n, doubted }) => !doubted && !(model.at(m, n) > 0)).length,
        neverNegative: name !== 'linear' || model.coefficients!.every((c) => c >= 0),
      },
    ];
  });
}

/**
 * The model that is taken where none is asked for: of `grid` and `physical`, which are never negative, the one with
 * the smaller mean leave-one-cell-out error. `linear` is never a default.
 * @returns undefined when the cells allow neither
 */
export function defaultModel(reviews: readonly ModelReview[]): 'grid' | 'physical' | undefined {
  const error = ({ heldOut }: ModelReview): number => heldOut?.mean ?? Infinity;
  const fit = reviews
    .filter(({ name }) => name !== 'linear')
    .reduce<ModelReview | undefined>((a, b) => (a === undefined || error(b) < error(a) ? b : a), undefined);
  return fit === undefined || fit.name === 'linear' ? undefined : fit.name;
}

/**
 * The model for a comparison where none is asked for: of `grid` and `physical` the one whose leave-one-cell-out errors
 * of the energy have the smaller mean over the systems.
 * @param systems the energy cells of each
 * @returns undefined when no model fits all of them
 */
export function suggestModel(systems: readonly (readonly CostCell[])[]): 'grid' | 'physical' | undefined {
  const total = (name: 'grid' | 'physical'): number =>
    systems.reduce((sum, cells) => sum + (heldOutError(name, cells, 'energy')?.mean ?? Infinity), 0);
  const fits = (['grid', 'physical'] as const).filter((name) =>
    systems.every((cells) => tryFit(name, cells, 'energy') !== undefined),
  );
  return fits.reduce<(typeof fits)[number] | undefined>(
    (best, name) => (best === undefined || total(name) < total(best) ? name : best),
    undefined,
  );
}
