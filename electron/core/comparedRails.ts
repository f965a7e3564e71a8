import { BOUNDARY_RAILS } from './analysis/boundary.ts';
import { LabError } from './errors.ts';
import { BOUNDARIES, railNames, RAILS, type Boundary, type Profile, type Rail } from './profile.ts';
import { outermost } from './rails.ts';

/**
 * The rails that a comparison counts: like for like, those that both profiles have.
 * @throws LabError "incompatible" when the profiles share no rail, or one lacks a rail of the boundary asked for
 */
export function comparedRails(
  small: Profile,
  large: Profile,
  asked: Boundary | 'like-for-like',
): { rails: readonly Rail[]; boundary: Boundary } {
  if (asked !== 'like-for-like') {
    const rails = BOUNDARY_RAILS[asked];
    for (const profile of [small, large]) {
      const missing = rails.filter((rail) => !profile.rails.includes(rail));
      if (missing.length > 0) {
        throw new LabError(
          'incompatible',
          `${profile.name} has no energy of ${railNames(missing)}, which the boundary "${asked}" counts.`,
          `It has ${railNames(profile.rails)}. Choose "like-for-like" to count what both systems have.`,
        );
      }
    }
    return { rails, boundary: asked };
  }
  const shared = outermost(RAILS.filter((rail) => small.rails.includes(rail) && large.rails.includes(rail)));
  const boundary = BOUNDARIES.find(
    (name) =>
      BOUNDARY_RAILS[name].length === shared.length &&
      BOUNDARY_RAILS[name].every((rail) => shared.includes(rail)),
  );
  if (shared.length === 0 || (boundary === undefined && small.boundary !== large.boundary)) {
    throw new LabError(
      'incompatible',
      `${small.name} counts ${railNames(small.rails)}, ${large.name} counts ${railNames(large.rails)}: ` +
        'they share no boundary, so their energies cannot be set side by side.',
      'Choose profiles that have a rail in common.',
    );
  }
  return { rails: shared, boundary: boundary ?? small.boundary };
}
