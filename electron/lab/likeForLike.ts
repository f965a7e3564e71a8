import type { ProfileSummary, StoredProfile } from '#core/catalogue';
import { likeForLike, type LikeForLike } from '#core/likeForLike';
import type { Profile } from '#core/profile';
import { PAPER_SETTINGS } from '#core/study';

/** The profiles of a lab, as far as they are needed here. */
interface Profiles {
  listProfiles(): ProfileSummary[];
  showProfile(id: string): StoredProfile;
}

/**
 * What two profiles differ in, and the measurement on this computer that would match them. The one that was measured
 * here is the one that is to change; of two such, and of none, the first.
 * @param options `meter`: of that measurement, where it is known
 * @returns undefined where they are of the same thing
 */
export function likeForLikeIn(
  lab: Profiles,
  first: Profile,
  second: Profile,
  options: { readonly meter?: string } = {},
): LikeForLike | undefined {
  const measured = lab.listProfiles().filter(({ kind }) => kind === 'measured');
  const isMeasured = ({ id }: Profile): boolean => measured.some((known) => known.id === id);
  const [own, other] = !isMeasured(first) && isMeasured(second) ? [second, first] : [first, second];
  return likeForLike(own, other, {
    ...options,
    measured: measured.map(({ id }) => lab.showProfile(id).profile),
  });
}

/** The same beside the A100 of the paper, which a study starts with; undefined also where the lab does not have it. */
export function besideThePaper(
  lab: Profiles,
  profile: Profile,
  options: { readonly meter?: string } = {},
): LikeForLike | undefined {
  const { large } = PAPER_SETTINGS;
  if (!lab.listProfiles().some(({ id }) => id === large)) return undefined;
  return likeForLikeIn(lab, profile, lab.showProfile(large).profile, options);
}
