import path from 'node:path';
import { LabError } from '#core/errors';
import { ANALYSIS_VERSION, studyTitle, type Study } from '#core/study';
import type { TakenBundle } from '#core/studyBundle';
import { putContent } from '../../store/content.ts';
import { findProfile, putProfile } from '../../store/profiles.ts';
import { putIntoProject } from '../../store/projects.ts';
import { findRun } from '../../store/runs.ts';
import type { WriteDb } from '../../store/sqlite.ts';
import { guarded } from '../../store/storeError.ts';
import { findStudySummary, putStudy, studyId } from '../../store/studies.ts';
import { putWorkload, workloadHash } from '../../store/workloads.ts';
import { importRunBundles } from '../runBundles.ts';
import { withStudyBundle, type TakeableBundle } from './read.ts';
import { verifyBundle, type RunStudy, type VerifiedBundle } from './verify.ts';

/**
 * Takes a bundle into a lab: its study, and whatever the lab lacks of its profiles, workload and runs. What is here
 * under the same id and differs stays as it is; the study keeps what it was computed from.
 * @throws LabError "bad-bundle" when it is not sound or its numbers are not those that its data give; nothing is then
 *   stored
 */
export function takeStudyBundle(
  db: WriteDb,
  file: string,
  { version, now, run }: { version: string; now: () => Date; run: RunStudy },
): Promise<TakenBundle> {
  return withStudyBundle(file, 'Nothing was imported.', async (bundle) => {
    const verified = await verifyBundle(path.basename(file), bundle, version, run);
    return takeVerifiedBundle(db, bundle, verified, now);
  });
}

/**
 * Takes in a bundle that was verified.
 * @throws LabError "bad-bundle" when its numbers are not those that its data give; nothing is then stored
 */
export function takeVerifiedBundle(
  db: WriteDb,
  bundle: TakeableBundle,
  { verification, recomputed }: VerifiedBundle,
  now: () => Date,
): TakenBundle {
  if (recomputed === undefined) throw notComputable(verification.notes.at(-1) ?? '');
  if (!verification.verified && bundle.manifest.analysis === ANALYSIS_VERSION) {
    throw new LabError(
      'bad-bundle',
      `${verification.sentence} Nothing was imported.`,
      'crossover verify says which figures differ.',
    );
  }
  return guarded(db.name, () => db.transaction(() => take(db, bundle, { recomputed, now }))());
}

function take(
  db: WriteDb,
  bundle: TakeableBundle,
  { recomputed, now }: { recomputed: Study; now: () => Date },
): TakenBundle {
  const { inputs, manifest } = bundle;
  const notes = [...manifest.notes];
  const runs = takeRuns(db, bundle, notes);
  const hashes = {
    small: putContent(db, inputs.small),
    large: putContent(db, inputs.large),
    workload: putContent(db, inputs.workload),
  };
  const profiles: string[] = [];
  let current = true;
  const differs = (name: string, id: string): void => {
    current = false;
    notes.push(`Another ${name} with the id ${id} is here, and was left as it is; the study keeps its own.`);
  };
  for (const side of ['small', 'large'] as const) {
    const profile = inputs[side];
    const present = findProfile(db, profile.id);
    if (present === undefined) {
      putProfile(db, profile, 'imported');
      profiles.push(profile.id);
    } else if (present.contentHash !== hashes[side]) differs('profile', profile.id);
  }
  const present = workloadHash(db, inputs.workload.id);
  if (present === undefined) putWorkload(db, inputs.workload, 'imported');
  else if (present !== hashes.workload) differs('workload', inputs.workload.id);
  const study = ofThisVersion(bundle, recomputed, hashes, notes);
  const already = findStudySummary(db, study.id) !== undefined;
  if (!already)
    putStudy(db, {
      study,
      inputs,
      title: studyTitle(inputs),
      storedAt: now().toISOString(),
      crossover: manifest.crossover,
    });
  putIntoProject(db, study.id, now().toISOString());
  return {
    study: study.id,
    title: bundle.title,
    already,
    current,
    profiles,
    workload: present === undefined ? inputs.workload.id : null,
    runs,
    notes,
  };
}

/** The study as it came; computed anew where another version of the analysis made it. */
function ofThisVersion(
  { study, manifest }: TakeableBundle,
  recomputed: Study,
  hashes: Study['hashes'],
  notes: string[],
): Study {
  if (manifest.analysis === ANALYSIS_VERSION) return study;
  const { settings } = study;
  const id = studyId({ settings, hashes });
  notes.push(
    `Version ${manifest.analysis} of the analysis made ${study.id}; it was computed anew by version ` +
      `${ANALYSIS_VERSION}, as ${id}, and its numbers may differ.`,
  );
  return { id, settings, hashes, result: recomputed.result };
}

/** The runs that came with their samples and are not here yet; one that cannot be taken is told and left out. */
function takeRuns(db: WriteDb, { runFiles, runs }: TakeableBundle, notes: string[]): string[] {
  if (runs.length > 0) notes.push('The bundle holds trials without their samples; no run was imported.');
  if (runFiles.length === 0) return [];
  try {
    return importRunBundles(db, runFiles)
      .runs.filter(({ already }) => !already)
      .map(({ run }) => run)
      .filter((run) => findRun(db, run) !== undefined);
  } catch (thrown) {
    if (!(thrown instanceof LabError)) throw thrown;
    notes.push(`Its runs were not imported: ${thrown.message}`);
    return [];
  }
}

function notComputable(why: string): LabError {
  return new LabError(
    'bad-bundle',
    `The study of this bundle cannot be computed here. ${why} Nothing was imported.`,
    'A newer version of Crossover may be able to.',
  );
}
