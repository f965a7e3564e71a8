import type { CostForm } from '../policy.ts';
import type { CostTable } from './costTable.ts';
import type { PairTable } from './pairs.ts';
import type { Rule } from './rules.ts';
import { costDifferences, thresholdAt } from './thresholds.ts';

/** Where the pairs of each distinct m begin: pairs of the k-th are starts[k] … starts[k+1] − 1. */
export function rowStarts({ size, input }: PairTable): Uint32Array {
  const starts = new Uint32Array(input.values.length + 1);
  for (let i = 0; i < size; i++) starts[input.of[i]! + 1] = i + 1;
  return starts;
}

/**
 * The pair of thresholds T_in and T_out of least cost, both of which must hold, exact over every whole pair that can
 * change the assignment; of equals the lowest T_in, then the lowest T_out. For more than two systems the boxes lie in
 * one another, and are found together: Σ_i F_i(a_i, b_i) is least over a_0 ≤ a_1 ≤ … and b_0 ≤ b_1 ≤ …, where
 * F_i(a, b) is what sending the box to system i instead of the next one costs more. Time in proportion to
 * (distinct m × distinct n + pairs) × systems, memory to distinct n.
 */
export function bestBothRule(table: CostTable, form: CostForm): Rule {
  const { pairs, systems } = table;
  const { input, output } = pairs;
  const differences = Array.from({ length: systems.length - 1 }, (_, level) => {
    const each = new Float64Array(pairs.size);
    costDifferences(table, level, form, each);
    return each;
  });
  const best = bestBoxes(
    { starts: rowStarts(pairs), columns: output.values.length, columnOf: output.of },
    differences,
  );
  return {
    policy: 'threshold-both',
    thresholds: best.inputs.map((position) => thresholdAt(input, position)),
    outputThresholds: best.outputs.map((position) => thresholdAt(output, position)),
  };
}

/** Where pairs stand among candidates for both thresholds; pairs ascend with m. */
export interface BoxGrid {
  /** pairs of row k are starts[k] … starts[k+1] − 1 */
  readonly starts: Uint32Array;
  readonly columns: number;
  /** of each pair its column; `columns` for one beyond them all */
  readonly columnOf: Uint32Array;
}

/**
 * The boxes of least cost: of each level how many rows and columns it takes, none of both where it takes nothing.
 * @param differences of each level what each pair's queries cost more on its system than on the next
 */
export function bestBoxes(
  { starts, columns, columnOf }: BoxGrid,
  differences: readonly Float64Array[],
): { readonly inputs: readonly number[]; readonly outputs: readonly number[] } {
  const levels = differences.length;
  /** of each level, by column, the difference summed over the rows so far; the last holds what is beyond */
  const sums = differences.map(() => new Float64Array(columns + 1));
  const boxes = Array.from({ length: levels - 1 }, (_, level) => new BestBoxes(columns, level));
  const best = {
    cost: 0,
    inputs: new Array<number>(levels).fill(0),
    outputs: new Array<number>(levels).fill(0),
  };

  for (let row = 0; row < starts.length - 1; row++) {
    for (let level = 0; level < levels; level++) {
      const sum = sums[level]!;
      const each = differences[level]!;
      for (let i = starts[row]!; i < starts[row + 1]!; i++) sum[columnOf[i]!]! += each[i]!;
    }
    for (let level = 0; level < levels - 1; level++) {
      boxes[level]!.addRow(row + 1, sums[level]!, boxes[level - 1]);
    }
    const inner = boxes.at(-1);
    const sum = sums[levels - 1]!;
    let box = 0;
    let found = -1;
    let least = best.cost;
    if (inner === undefined) {
      for (let column = 0; column < columns; column++) {
        box += sum[column]!;
        if (box < least) {
          least = box;
          found = column;
        }
      }
    } else {
      for (let column = 0; column < columns; column++) {
        box += sum[column]!;
        const cost = box + inner.cost[column]!;
        if (cost < least) {
          least = cost;
          found = column;
        }
      }
    }
    if (found >= 0) {
      best.cost = least;
      best.inputs = [...(inner?.inputs.map((each) => each[found]!) ?? []), row + 1];
      best.outputs = [...(inner?.outputs.map((each) => each[found]!) ?? []), found + 1];
    }
  }
  return best;
}

/** For each column, the best boxes of levels 0 to `level` within the rows so far and the columns up to it. */
class BestBoxes {
  readonly cost: Float64Array;
  /** positions of the thresholds, by level */
  readonly inputs: readonly Uint32Array[];
  readonly outputs: readonly Uint32Array[];

  constructor(
    columns: number,
    readonly level: number,
  ) {
    this.cost = new Float64Array(columns);
    this.inputs = Array.from({ length: level + 1 }, () => new Uint32Array(columns));
    this.outputs = Array.from({ length: level + 1 }, () => new Uint32Array(columns));
  }

  addRow(position: number, sums: Float64Array, inner: BestBoxes | undefined): void {
    const { cost, inputs, outputs, level } = this;
    let box = 0;
    for (let column = 0; column < cost.length; column++) {
      box += sums[column]!;
      if (column > 0 && cost[column - 1]! < cost[column]!) {
        cost[column] = cost[column - 1]!;
        for (const each of inputs) each[column] = each[column - 1]!;
        for (const each of outputs) each[column] = each[column - 1]!;
      }
      const here = box + (inner?.cost[column] ?? 0);
      if (here < cost[column]!) {
        cost[column] = here;
        for (let l = 0; l < level; l++) {
          inputs[l]![column] = inner!.inputs[l]![column]!;
          outputs[l]![column] = inner!.outputs[l]![column]!;
        }
        inputs[level]![column] = position;
        outputs[level]![column] = column + 1;
      }
    }
  }
}
