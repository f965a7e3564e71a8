import type { ActiveRun } from '#core/activeRun';
import { canonicalJson } from '#core/canonicalJson';
import { LabError } from '#core/errors';
import type { Run } from '#core/run';
import { parseRunRequest } from '#core/runRequest';
import type { Runs } from '../measure/runs.ts';

/** An id that can be chosen for a run. */
const ID = /^[a-z0-9][a-z0-9-]{0,79}$/;

/** @throws LabError "bad-setting" when a run cannot have this id */
export function requireRunId(id: string): void {
  if (ID.test(id)) return;
  throw new LabError(
    'bad-setting',
    `"${id}" cannot be the id of a run. Nothing was started.`,
    'An id has up to 80 lower-case letters, digits and dashes, as in run-a100-3.',
  );
}

/**
 * Goes on with a run, or begins it where there is none: what a task of a cluster does that may be started again.
 * @param found the run of this id
 * @returns null when the run is done already
 * @throws LabError "bad-setting" when the id is none, or the run was begun with other settings
 */
export function startOrResume(
  runs: Runs,
  found: Run | undefined,
  id: string,
  asked: unknown,
): ActiveRun | null {
  requireRunId(id);
  if (found === undefined) return runs.start(asked, id);
  const request = parseRunRequest(asked);
  if (found.request !== undefined && canonicalJson(found.request) !== canonicalJson(request)) {
    throw new LabError(
      'bad-setting',
      `There is a run ${id} already, begun with other settings. Nothing was started, and it was left as it is.`,
      'Give the settings that it was begun with, or another id.',
    );
  }
  return found.state === 'done' ? null : runs.resume(id);
}
