/** Run bundles: a run as a file, and files as runs; shards of a sweep become one profile. */
import path from 'node:path';
import { canonicalJson } from '#core/canonicalJson';
import { LabError } from '#core/errors';
import { runDifferences } from '#core/likeRuns';
import { mergeShards, type ShardRun } from '#core/mergeShards';
import { idlePowers, type Run } from '#core/run';
import { looksLikeRunBundle } from '#core/runBundle';
import type { MergedRuns, RunImport } from '#core/runImport';
import { profileFromRun } from '#core/runProfile';
import { inFormOf } from '#core/trialValues';
import { fileBytes } from '../files/unzip.ts';
import { listEvents } from '../store/events.ts';
import { profileOfRun, putMeasuredProfile, putProfile } from '../store/profiles.ts';
import { takeRunBundle, type TakenRun } from '../store/runBundle/import.ts';
import { findRun, runsOfSweep } from '../store/runs.ts';
import type { WriteDb } from '../store/sqlite.ts';
import { guarded } from '../store/storeError.ts';
import { listTrials } from '../store/trials.ts';

export interface RunImportOptions {
  /** false: every run stays by itself, shards too; by default shards of a sweep become one profile */
  readonly merge?: boolean;
  /** says what would be imported, and stores nothing */
  readonly check?: boolean;
}

/**
 * Whether files are run bundles, by how they begin.
 * @throws LabError "bad-setting" when only some of them are
 */
export function areRunBundles(files: readonly string[]): boolean {
  const bundles = files.filter(isRunBundle);
  if (bundles.length === 0 || bundles.length === files.length) return bundles.length > 0;
  const names = bundles.map((file) => path.basename(file)).join(', ');
  throw new LabError(
    'bad-setting',
    `${names} ${bundles.length === 1 ? 'is a run bundle' : 'are run bundles'}, and the other files are not. ` +
      'Nothing was imported.',
    'Import run bundles by themselves: they need no doctor.',
  );
}

/** Enough to know a bundle by, see `looksLikeRunBundle`. */
const HEAD_BYTES = 64;

/** A file that cannot be read is none: whoever reads it as what else it may be says why. */
function isRunBundle(file: string): boolean {
  try {
    for (const head of fileBytes(file, HEAD_BYTES)) return looksLikeRunBundle(head);
  } catch (thrown) {
    if (!(thrown instanceof LabError)) throw thrown;
  }
  return false;
}

/**
 * Imports run bundles: all of them or, when anything is wrong with one, none. Shards of a sweep are taken together,
 * also with those of the same sweep that are here already, into one profile, which replaces an earlier one of them.
 * @throws LabError "bad-bundle", "incompatible", "bad-profile", "file-not-readable" or the store's own kinds
 */
export function importRunBundles(
  db: WriteDb,
  files: readonly string[],
  { merge = true, check = false }: RunImportOptions = {},
): RunImport {
  if (files.length === 0) {
    throw new LabError(
      'bad-setting',
      'No file was named. Nothing was imported.',
      'Name one or more bundles.',
    );
  }
  let result: RunImport | undefined;
  const undo = new Error('undo');
  try {
    guarded(db.name, () =>
      db.transaction(() => {
        result = takeAll(db, files, merge);
        if (check) throw undo;
      })(),
    );
  } catch (thrown) {
    if (thrown !== undo) throw thrown;
  }
  return result!;
}

function takeAll(db: WriteDb, files: readonly string[], merge: boolean): RunImport {
  const warnings: string[] = [];
  const taken = files.map((file) => ({ file: path.basename(file), ...takeRunBundle(db, file) }));
  const apart = taken.filter(({ run }) => !merge || run.plan.shard === undefined);
  for (const each of apart) warnings.push(...putOwnProfile(db, each));
  const shards = new Map<string, Run[]>();
  for (const { run } of taken) {
    const sweep = merge ? run.plan.shard?.sweep : undefined;
    if (sweep !== undefined) shards.set(sweep, [...(shards.get(sweep) ?? []), run]);
  }
  if (shards.size > 1) {
    warnings.push(`The files are shards of ${shards.size} different sweeps, so there is a profile of each.`);
  }
  const merged = [...shards].map(([sweep, runs]) => putMerged(db, sweep, runs));
  return {
    runs: taken.map(({ file, run, already, trials, samples }) => ({
      file,
      run: run.id,
      already,
      shard: run.plan.shard === undefined ? null : `${run.plan.shard.index} of ${run.plan.shard.of}`,
      trials,
      samples,
      profile: profileOfRun(db, run.id) ?? null,
    })),
    merged,
    warnings: [...warnings, ...merged.flatMap((each) => each.warnings)],
  };
}

/** Stores the profile that came with a run as it came; a shard comes without one, and gets its own here. */
function putOwnProfile(db: WriteDb, { file, run, already, profile }: TakenRun & { file: string }): string[] {
  if (already && profileOfRun(db, run.id) !== undefined) return [];
  const made = profileFromRun(run, listTrials(db, run.id), idlePowers(listEvents(db, run.id)));
  const own = profile ?? (run.plan.shard === undefined ? undefined : made);
  if (own === undefined) return [];
  putMeasuredProfile(db, own, run.id, 'imported');
  if (made !== undefined && canonicalJson(inFormOf(made, own).cells) === canonicalJson(own.cells)) return [];
  return [
    `The profile in ${file} is not what this version of Crossover makes of its trials; it was kept as it came.`,
  ];
}

/** One profile of shards: of those that came now, and of those here already that were measured alike. */
function putMerged(db: WriteDb, sweep: string, now: readonly Run[]): MergedRuns {
  const first = now[0]!;
  const ids = new Set(now.map(({ id }) => id));
  const before = runsOfSweep(db, sweep)
    .filter((id) => !ids.has(id))
    .map((id) => findRun(db, id)!)
    .filter((run) => runDifferences(first, run).apart.length === 0);
  const { profile, ...merged } = mergeShards([...now, ...before].map((run) => shardRun(db, run)));
  if (profile !== undefined) putProfile(db, profile, 'imported');
  return { ...merged, profile: profile?.id ?? null };
}

function shardRun(db: WriteDb, run: Run): ShardRun {
  return { run, trials: listTrials(db, run.id), events: listEvents(db, run.id) };
}
