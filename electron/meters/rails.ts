import { RAILS, type Boundary, type Rail } from '#core/profile';
import type { RailEnergy } from '#core/meter';

/**
 * The rails that can be added up without counting anything twice. A machine's or a wall's energy holds all others;
 * a package's holds CPU and GPU. Apple's parts are complete, so they are preferred to the package; where a GPU is
 * not told apart (Intel, AMD) the package is preferred to its cores.
 */
export function disjointRails(present: readonly Rail[]): Rail[] {
  const has = new Set(present);
  const parts = RAILS.filter((rail) => has.has(rail) && rail !== 'machine' && rail !== 'wall');
  if (parts.length === 0) return has.has('machine') ? ['machine'] : present.slice(0, 1);
  const drop: Rail = has.has('cpu') && has.has('gpu') ? 'package' : 'cpu';
  return has.has('package') ? parts.filter((rail) => rail !== drop) : parts;
}

/** The energies of some rails; those that are absent stay absent. */
export function onlyRails(energyJ: RailEnergy, rails: readonly Rail[]): RailEnergy {
  const kept: RailEnergy = {};
  for (const rail of rails) if (energyJ[rail] !== undefined) kept[rail] = energyJ[rail];
  return kept;
}

/** The rails of an energy. */
export function railsOf(energyJ: RailEnergy): Rail[] {
  return RAILS.filter((rail) => energyJ[rail] !== undefined);
}

/** What rails stand for together. */
export function boundaryOf(rails: readonly Rail[]): Boundary {
  const has = (rail: Rail): boolean => rails.includes(rail);
  if (has('wall')) return 'wall';
  if (has('machine')) return 'machine';
  if (rails.length > 0 && rails.every((rail) => rail === 'gpu')) return 'gpu';
  if (rails.every((rail) => rail === 'gpu' || rail === 'cpu')) return 'gpu+cpu';
  return 'soc';
}
