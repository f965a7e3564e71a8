import { mergeShards, type ShardRun } from '#core/mergeShards';
import type { Profile } from '#core/profile';
import { idlePowers, type Run } from '#core/run';
import { namedRuns, profileFromRun } from '#core/runProfile';
import { inFormOf } from '#core/trialValues';
import { canonicalJson } from '../../store/content.ts';
import { listEvents } from '../../store/events.ts';
import { findRun } from '../../store/runs.ts';
import type { ReadDb } from '../../store/sqlite.ts';
import { listTrials } from '../../store/trials.ts';

/**
 * The profile with an id that runs make, alone or as shards of one sweep.
 * @returns undefined where they make none
 */
export function profileOfRuns(runs: readonly ShardRun[], id: string): Profile | undefined {
  for (const { run, trials, events } of runs) {
    const profile = profileFromRun(run, trials, idlePowers(events));
    if (profile?.id === id) return profile;
  }
  const sweeps = new Map<string, ShardRun[]>();
  for (const each of runs) {
    const sweep = each.run.plan.shard?.sweep;
    if (sweep !== undefined) sweeps.set(sweep, [...(sweeps.get(sweep) ?? []), each]);
  }
  return [...sweeps.values()].map((shards) => mergeShards(shards).profile).find((made) => made?.id === id);
}

/**
 * The stored runs that make exactly this profile.
 * @returns none where it was not measured; `why` says why those that it names cannot stand for it
 */
export function runsOfProfile(db: ReadDb, profile: Profile): { runs: ShardRun[]; why?: string } {
  const named = namedRuns(profile);
  const found = named.map((id) => findRun(db, id)).filter((run): run is Run => run !== undefined);
  if (named.length === 0) return { runs: [] };
  const leftOut = (reason: string): { runs: ShardRun[]; why: string } => ({
    runs: [],
    why: `The trials of ${profile.name} are not in it: ${reason}.`,
  });
  if (found.length < named.length) return leftOut('not every run that it was made of is in this lab');
  if (found.some(({ state }) => state === 'running')) return leftOut('a run of it is under way');
  const runs = found.map((run) => ({ run, trials: listTrials(db, run.id), events: listEvents(db, run.id) }));
  const made = profileOfRuns(runs, profile.id);
  return made !== undefined && canonicalJson(inFormOf(made, profile)) === canonicalJson(profile)
    ? { runs }
    : leftOut('its runs have gone on since, or another version of Crossover made it');
}
