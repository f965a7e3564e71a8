import { LabError } from '#core/errors';
import { runDifferences } from '#core/likeRuns';
import type { Run } from '#core/run';

/**
 * A run goes on only on what it began on: a cluster may start it again on a computer of another kind.
 * @throws LabError "incompatible" naming what differs; what was measured before is kept
 */
export function refuseOther(before: Run, now: Run): void {
  const { apart } = runDifferences(before, now);
  if (apart.length === 0) return;
  throw new LabError(
    'incompatible',
    `The run ${before.id} cannot go on here, since it began with something else (before, now): ${apart.join('; ')}. ` +
      'Its trials are kept.',
    'Go on with it where it began, or start a new run here.',
  );
}
