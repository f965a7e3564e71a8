import { bytesText, energyReadout, readoutText, timeReadout } from '#core/format';
import type { LikeForLike, Offer } from '#core/likeForLike';
import { wrap } from './text.ts';

/**
 * What two profiles differ in, and the command that measures what would match; empty where they are of the same
 * thing. The command stands on a line of its own, to be copied.
 */
export function likeForLikeText(found: LikeForLike | undefined, columns: number): string {
  if (found === undefined) return '';
  const { against, differences, offer, why } = found;
  const named = differences.map(({ what, own, other }) => `${what}: ${own} against ${other}`).join('; ');
  const said = wrap(`Not like for like with ${against} (${named}).`, columns);
  if (offer === undefined) return `${said}\n${wrap(why ?? '', columns)}`;
  return `${said}\n${wrap(`To match it, with ${takes(offer)}:`, columns)}\n  ${offer.command}`;
}

function takes({ weightBytes, estimate }: Offer): string {
  const weights = `${bytesText(weightBytes)} of weights to be made up once`;
  if (estimate === undefined)
    return `${weights} (how long it takes is known once something was measured here)`;
  const { seconds, energyJ, scaledFrom } = estimate;
  const least = `${readoutText(timeReadout(seconds, 2))} and ${readoutText(energyReadout(energyJ, 2))} at the least`;
  return `${weights}, and roughly ${least}${scaledFrom === undefined ? '' : ' as scaled from what was measured here'}`;
}
