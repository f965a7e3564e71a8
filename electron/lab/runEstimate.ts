import type { RunEstimate } from '#core/activeRun';
import { isSynthetic, parseSynthetic } from '#core/modelShapes';
import type { ProfileSummary } from '#core/catalogue';
import { bestKnown, estimatePlan, leastOf, loadOfMadeUp, meterTells } from '#core/planEstimate';
import type { Profile } from '#core/profile';
import type { RunRequest } from '#core/runRequest';
import type { Plan } from '#core/sweep';
import { measuredEnergyJ } from '#core/trial';
import { findProfile, listProfiles } from '../store/profiles.ts';
import { findRun, listRuns } from '../store/runs.ts';
import type { ReadDb } from '../store/sqlite.ts';
import { listTrials } from '../store/trials.ts';

/**
 * How long a run will take and what it will use: what the last such run took, or what follows from another one here.
 * On a Mac on which nothing was measured yet, the published profiles of other Macs stand for it. Where nothing tells,
 * it is what the plan takes at the least, and says so.
 */
export function estimateRun(
  db: ReadDb,
  request: RunRequest,
  plan: Plan,
  mac: boolean = process.platform === 'darwin',
): RunEstimate {
  return (
    lastSuchRun(db, request, plan) ??
    scaled(db, request, plan, mac) ??
    leastOf(plan, meterTells(request.meter))
  );
}

/**
 * The last run to its end of the same cells with the same model and the same meter, on which the length of windows
 * depends.
 */
function lastSuchRun(db: ReadDb, request: RunRequest, plan: Plan): RunEstimate | undefined {
  for (const { id, state, durationS } of listRuns(db)) {
    const run = state === 'done' ? findRun(db, id) : undefined;
    if (run?.request === undefined || durationS === 0) continue;
    const { engine, model, kvCache, meter } = run.request;
    if (engine !== request.engine || model !== request.model || kvCache !== request.kvCache) continue;
    if (meter !== request.meter) continue;
    if (rulesOf(run.plan) !== rulesOf(plan)) continue;
    const energyJ = measuredEnergyJ(listTrials(db, id));
    return { seconds: durationS, ...(energyJ === undefined ? {} : { energyJ }) };
  }
  return undefined;
}

/** What decides how much a plan measures: everything but its seed. */
function rulesOf({ cells, stopping, minTrials, maxTrials, warmUps, idleS, idleEveryTrials }: Plan): string {
  return JSON.stringify([cells, stopping, minTrials, maxTrials, warmUps, idleS, idleEveryTrials]);
}

function scaled(db: ReadDb, request: RunRequest, plan: Plan, mac: boolean): RunEstimate | undefined {
  if (request.engine !== 'embedded' || !isSynthetic(request.model)) return undefined;
  const load = loadOfMadeUp(parseSynthetic(request.model), request.kvCache);
  const profiles = (isTaken: (profile: ProfileSummary) => boolean): Profile[] =>
    listProfiles(db)
      .filter(isTaken)
      .flatMap(({ id }) => findProfile(db, id)?.profile ?? []);
  const measured = bestKnown(
    profiles(({ kind }) => kind === 'measured'),
    load,
  );
  const meter = meterTells(request.meter);
  if (measured !== undefined) return estimatePlan(plan, load, measured, meter);
  const published = mac
    ? bestKnown(
        profiles(({ kind, place }) => kind === 'bundled' && place === 'mac'),
        load,
      )
    : undefined;
  const estimate = published && estimatePlan(plan, load, published, meter);
  // Another computer, whatever model it ran.
  return estimate && { ...estimate, scaledFrom: published.name };
}
