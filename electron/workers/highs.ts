import type loadHighs from 'highs';
import { LabError } from '#core/errors';
import type { LinearProgram, Solution, Solve } from '#core/analysis/linearProgram';

/** The parts of `highs` that are used. */
type Highs = Awaited<ReturnType<typeof loadHighs>>;

let loading: Promise<Highs> | undefined;

/**
 * HiGHS, compiled to WebAssembly, as a solver of linear programs. Loading takes a moment and happens once; solving
 * blocks the thread. One thread and no chance: the same program gives the same solution.
 * @throws LabError "missing" when it cannot be loaded
 */
export async function loadSolver(): Promise<Solve> {
  loading ??= import('highs').then(({ default: load }) => load());
  let highs: Highs;
  try {
    highs = await loading;
  } catch (thrown) {
    loading = undefined;
    throw new LabError(
      'missing',
      `The solver HiGHS could not be loaded: ${thrown instanceof Error ? thrown.message : String(thrown)}.`,
      'Install Crossover anew; nothing else of an analysis needs it.',
    );
  }
  return (program) => solveWith(highs, program);
}

function solveWith(highs: Highs, program: LinearProgram): Solution {
  const { cost, upper, limits, starts, rows, values } = program;
  const { modelStatus } = highs.constants;
  const model = highs.createModel({
    numCols: cost.length,
    numRows: limits.length,
    colCost: cost,
    colLower: new Float64Array(cost.length),
    colUpper: upper.map((each) => (each === Infinity ? highs.infinity : each)),
    rowLower: new Float64Array(limits.length).fill(-highs.infinity),
    rowUpper: limits,
    matrix: {
      format: 'csc',
      numCols: cost.length,
      numRows: limits.length,
      starts,
      indices: rows,
      values,
    },
  });
  try {
    model.options.set({ output_flag: false, random_seed: 0 });
    model.run();
    const status = model.getModelStatus();
    if (status === modelStatus.infeasible) return { state: 'infeasible' };
    if (status !== modelStatus.optimal) {
      throw new Error(`HiGHS ended with status ${status} on a linear program of ${cost.length} columns`);
    }
    const { colValue, rowDual } = model.getSolution();
    return { state: 'optimal', x: colValue, duals: rowDual };
  } finally {
    model.dispose();
  }
}
