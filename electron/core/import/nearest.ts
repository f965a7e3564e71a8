import { RAILS, type Profile } from '../profile.ts';

/** How much two profiles have in common, for choosing what to look at beside an import. */
function likeness(a: Profile, b: Profile): number {
  const shared = RAILS.filter((rail) => a.rails.includes(rail) && b.rails.includes(rail)).length;
  return (
    (a.model.id === b.model.id ? 8 : 0) +
    (a.system.id === b.system.id ? 6 : 0) +
    (a.system.place === b.system.place ? 4 : 0) +
    (shared === a.rails.length && shared === b.rails.length ? 2 : shared > 0 ? 1 : -4) +
    (a.design === b.design ? 1 : 0) +
    (a.conditions.kvCache === b.conditions.kvCache ? 1 : 0)
  );
}

const best = (candidates: readonly Profile[], profile: Profile): Profile | undefined => {
  let found: Profile | undefined;
  for (const candidate of candidates) {
    if (found === undefined || likeness(candidate, profile) > likeness(found, profile)) found = candidate;
  }
  return found;
};

/** The stored profile that has most in common with an import; the first by its id where several have. */
export function nearestProfile(profile: Profile, stored: readonly Profile[]): Profile | undefined {
  return best(
    stored.filter(({ id }) => id !== profile.id).sort((a, b) => (a.id < b.id ? -1 : 1)),
    profile,
  );
}

/** The stored profile that it would most likely be compared with: the like of it on the other side. */
export function counterpart(profile: Profile, stored: readonly Profile[]): Profile | undefined {
  const other = profile.system.place === 'mac' ? 'gpu' : 'mac';
  return best(
    stored
      .filter(({ id, system }) => id !== profile.id && system.place === other)
      .sort((a, b) => (a.id < b.id ? -1 : 1)),
    profile,
  );
}
