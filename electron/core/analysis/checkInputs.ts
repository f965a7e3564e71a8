import { LabError } from '../errors.ts';
import { railNames, RAILS, type Cell, type Profile } from '../profile.ts';
import type { StudyInputs } from '../study.ts';
import { checkPair, emptyWorkload } from './pairs.ts';

/**
 * Whether profiles and a workload can be computed with at all, under whatever model: what is checked where they are read
 * is checked again here, so that nothing else can ever become a number.
 * @throws LabError "bad-workload" without queries, or with tokens or counts that cannot be; "bad-profile" for an energy or a
 *   runtime that no hardware can have and that its source does not doubt; "incompatible" for a profile with one cell
 */
export function checkInputs({ small, large, workload }: StudyInputs): void {
  if (workload.pairs.length === 0) throw emptyWorkload(workload.name);
  for (const [m, n, count] of workload.pairs) checkPair(workload.name, m, n, count);
  for (const profile of [small, large]) checkProfile(profile);
}

/** @throws LabError see `checkInputs` */
export function checkProfile(profile: Profile): void {
  if (profile.cells.length < 2) {
    throw new LabError(
      'incompatible',
      `${profile.name} has ${profile.cells.length === 1 ? 'one cell' : 'no cells'}, which says nothing of queries of ` +
        'other lengths.',
      'Measure or import more cells, or choose another profile.',
    );
  }
  for (const cell of profile.cells) if (cell.doubt === undefined) checkCell(profile, cell);
}

function checkCell({ name }: Profile, cell: Cell): void {
  const refuse = (what: string): LabError =>
    new LabError(
      'bad-profile',
      `${name} has ${what} at m = ${cell.m}, n = ${cell.n}, which no hardware can have.`,
      'Mend the cell, or choose another profile.',
    );
  const { total } = cell.energyJ;
  if (total !== undefined && !(total > 0 && total < Infinity)) throw refuse(`an energy of ${total} J`);
  for (const rail of RAILS) {
    const energyJ = cell.energyJ[rail];
    if (energyJ !== undefined && !(energyJ >= 0 && energyJ < Infinity)) {
      throw refuse(`an energy of ${energyJ} J over ${railNames([rail])}`);
    }
  }
  if (!(cell.runtimeS > 0 && cell.runtimeS < Infinity)) throw refuse(`a runtime of ${cell.runtimeS} s`);
}
