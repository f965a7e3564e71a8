import { RunningSum } from '../statistics.ts';
import type { JointSetUp } from './jointSetUp.ts';
import { assign, assignedTotals, type Rule } from './rules.ts';

/** How much of a policy's result lies beyond what was measured, or where a model is 0 or less. */
export interface DoubtfulShares {
  readonly extrapolated: { readonly queries: number; readonly energy: number };
  readonly negative: { readonly queries: number; readonly energyJ: number };
}

/** How much of what a rule gives is in doubt. */
export function doubtfulShares({ problem, form }: JointSetUp, rule: Rule): DoubtfulShares {
  const { table } = problem;
  const { pairs, systems } = table;
  const to = assign(table, rule, form);
  const beyond = { queries: new RunningSum(), energyJ: new RunningSum() };
  const anyNegative = systems.some(({ negative }) => negative.some((bits) => bits > 0));
  let negativeQueries = 0;
  let negativeJ = 0;
  for (let i = 0; i < pairs.size; i++) {
    const system = systems[to[i]!]!;
    const count = pairs.count[i]!;
    const isBeyond = system.extrapolated[i] === 1;
    beyond.queries.add(isBeyond ? count : 0);
    beyond.energyJ.add(isBeyond ? count * system.energyJ[i]! : 0);
    // Where a system that was not chosen is negative, the comparison itself is in doubt.
    if (anyNegative && systems.some(({ negative }) => negative[i]! > 0)) {
      negativeQueries += count;
      negativeJ += count * system.energyJ[i]!;
    }
  }
  const { energyJ } = assignedTotals(table, to, form);
  return {
    extrapolated: { queries: beyond.queries.total / pairs.queries, energy: beyond.energyJ.total / energyJ },
    negative: { queries: negativeQueries / pairs.queries, energyJ: negativeJ },
  };
}
