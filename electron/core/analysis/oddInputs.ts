import type { Assumption } from '../assumptions.ts';
import { formatPercent } from '../format.ts';
import { ODD_TODO, oddPoints, oddSentence, type OddPoint } from '../oddCells.ts';
import type { Profile } from '../profile.ts';
import { energyCells, runtimeCells, type CostCell, type EnergyRule } from './costCells.ts';
import { heldOutError } from './fitModel.ts';
import type { JointModelName } from './model.ts';

/**
 * A warning where cells that a study rests on are far off in what it counts: see `oddPoints`. They are used all the same;
 * for a joint model the warning says how well the model would foretell cells without them.
 * @param rule which energy counts
 * @param used whether a cell takes part, by its position; all do by default
 */
export function oddAssumptions(
  profile: Profile,
  rule: EnergyRule,
  {
    model,
    used = () => true,
  }: { readonly model?: JointModelName; readonly used?: (index: number) => boolean } = {},
): Assumption[] {
  const energies = energyCells(profile, rule);
  const total = energyCells(profile, { rails: 'total', idle: 'gross' });
  const reasons = new Map<number, string[]>();
  const look = (
    what: string,
    unit: string,
    cells: readonly CostCell[],
    totals?: readonly CostCell[],
  ): void => {
    const points = cells.map((cell, i): OddPoint => ({ ...cell, total: totals?.[i]!.value }));
    for (const odd of oddPoints(points)) {
      if (used(odd.index))
        reasons.set(odd.index, [...(reasons.get(odd.index) ?? []), oddSentence(odd, what, unit)]);
    }
  };
  look('counted energy', 'J', energies, rule.idle === 'gross' ? total : undefined);
  const byEnergy = [...reasons.keys()];
  look('runtime', 's', runtimeCells(profile));
  if (reasons.size === 0) return [];
  const sentences = [...reasons]
    .sort(([a], [b]) => a - b)
    .map(([i, each]) => `(${energies[i]!.m}, ${energies[i]!.n}): ${each.join(' ')}`);
  return [
    {
      kind: 'doubt',
      level: 'warning',
      short: `${reasons.size} odd cell${reasons.size > 1 ? 's' : ''}`,
      message:
        `${profile.name}: ${sentences.join(' ')} ${reasons.size > 1 ? 'They are' : 'It is'} used all the same.` +
        `${model === undefined ? '' : withoutThem(model, energies, byEnergy)} ${ODD_TODO}`,
    },
  ];
}

function withoutThem(model: JointModelName, cells: readonly CostCell[], odd: readonly number[]): string {
  if (odd.length === 0) return '';
  const error = (of: readonly CostCell[]): number | undefined => heldOutError(model, of, 'energy')?.mean;
  const withAll = error(cells);
  const without = error(cells.filter((_, i) => !odd.includes(i)));
  if (withAll === undefined || without === undefined) return '';
  return (
    ` With ${odd.length > 1 ? 'them' : 'it'} the ${model} model foretells the energy of a cell that it has not seen with an error of ` +
    `${formatPercent(withAll)} in the mean, without ${odd.length > 1 ? 'them' : 'it'} ${formatPercent(without)}.`
  );
}
