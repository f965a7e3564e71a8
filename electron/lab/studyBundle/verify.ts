import path from 'node:path';
import { compareLeaves, type LeafComparison } from '#core/compareLeaves';
import { policyDocument } from '#core/deploy/policyDocument';
import { LabError } from '#core/errors';
import type { ShardRun } from '#core/mergeShards';
import type { Profile } from '#core/profile';
import { namedRuns } from '#core/runProfile';
import {
  ANALYSIS_VERSION,
  type Study,
  type StudyInputs,
  type StudyResult,
  type StudySettings,
} from '#core/study';
import type { BundleCheck, Difference, Verification } from '#core/studyBundle';
import type { Trial } from '#core/trial';
import { inFormOf } from '#core/trialValues';
import { canonicalJson, sha256 } from '../../store/content.ts';
import { readRunBundle } from '../../store/runBundle/read.ts';
import { studyId } from '../../store/studies.ts';
import { reportOf } from '../reportOf.ts';
import { profileOfRuns } from './profileRuns.ts';
import { withStudyBundle, type ReadBundle } from './read.ts';
import { TrialEnergies } from './trialEnergies.ts';

/** Runs a study, as the lab does. */
export type RunStudy = (settings: StudySettings, inputs: StudyInputs) => Promise<StudyResult>;

/** What verifying found, with the study computed anew where it could be. */
export interface VerifiedBundle {
  readonly verification: Verification;
  readonly recomputed: Study | undefined;
}

/** So many differences are told of one thing. */
const MOST_TOLD = 10;

/**
 * Recomputes every number of a bundle's report from what the bundle holds, and nothing else: the energies of the
 * trials from the raw samples, the profiles from the trials, the analysis from profiles and workload, the report and
 * the policy from the analysis.
 * @param version of this Crossover
 * @param run runs a study, as the lab does
 * @throws LabError "bad-bundle" when the file is not as it was written, "file-not-readable"
 */
export async function verifyStudyBundle(file: string, version: string, run: RunStudy): Promise<Verification> {
  return withStudyBundle(file, 'Nothing in it was verified.', async (bundle) => {
    const { verification } = await verifyBundle(path.basename(file), bundle, version, run);
    return verification;
  });
}

/** The same for a bundle that is read already. */
export async function verifyBundle(
  file: string,
  bundle: ReadBundle,
  version: string,
  run: RunStudy,
): Promise<VerifiedBundle> {
  const { manifest, study, title, inputs, stated } = bundle;
  const notes = [...manifest.notes];
  const checks: BundleCheck[] = [
    {
      what: 'checksums of the file',
      compared: manifest.entries.length + 1,
      agree: manifest.entries.length + 1,
      differing: [],
    },
    identity(bundle),
  ];
  const { runs, energies } = readRuns(bundle, notes);
  if (energies.compared > 0) {
    checks.push({
      what: 'energies of the trials, from the raw samples',
      compared: energies.compared,
      agree: energies.compared - energies.differing.length,
      differing: energies.differing.slice(0, MOST_TOLD),
    });
  }
  for (const profile of [inputs.small, inputs.large]) {
    const check = profileCheck(profile, runs);
    if (check === undefined)
      notes.push(`${profile.name} is taken as it came: the bundle holds no trials of it.`);
    else checks.push(check);
  }
  if (manifest.analysis !== ANALYSIS_VERSION) {
    notes.push(
      `It was computed by version ${manifest.analysis} of the analysis, and this Crossover has version ` +
        `${ANALYSIS_VERSION}, which may give other numbers. Crossover ${manifest.crossover} can verify it.`,
    );
  }
  const recomputed = await recompute(bundle, notes, run);
  if (recomputed !== undefined) {
    const texts: LeafComparison[] = [];
    const compare = (what: string, one: unknown, other: unknown): void => {
      const found = compareLeaves(one, other);
      texts.push(found);
      if (found.numbers > 0) checks.push(numbersCheck(what, found));
    };
    compare('analysis', stated.result, recomputed.result);
    const report = reportOf({ study: recomputed, inputs, title }, manifest.crossover);
    const statedReport = asObject(stated.report);
    const keys = [...new Set([...Object.keys(statedReport), ...Object.keys(report)])];
    for (const key of keys) {
      compare(`report: ${key}`, statedReport[key], (report as unknown as Record<string, unknown>)[key]);
    }
    if (stated.policy !== undefined) {
      compare(
        'policy to deploy',
        stated.policy,
        policyDocument(recomputed, inputs, { title, crossover: manifest.crossover }),
      );
    }
    const words = wordsCheck(texts);
    // Another version may put things in other words; this one must use the same.
    if (manifest.crossover === version) checks.push(words);
    else if (words.agree < words.compared) {
      notes.push(
        `Crossover ${manifest.crossover} wrote it and this is ${version}: ${words.compared - words.agree} texts are worded otherwise.`,
      );
    }
  }
  const numbers = checks.reduce((total, { compared }) => total + compared, 0);
  const wrong = checks.reduce((total, { compared, agree }) => total + compared - agree, 0);
  const verified = recomputed !== undefined && manifest.analysis === ANALYSIS_VERSION && wrong === 0;
  return {
    recomputed,
    verification: {
      file,
      verified,
      sentence: sentenceOf(file, { verified, wrong, numbers, could: recomputed !== undefined }),
      study: study.id,
      title,
      crossover: manifest.crossover,
      numbers,
      checks,
      notes,
    },
  };
}

function sentenceOf(
  file: string,
  { verified, wrong, numbers, could }: { verified: boolean; wrong: number; numbers: number; could: boolean },
): string {
  if (verified) return `${file} is verified: all ${numbers} figures agree to the last digit.`;
  if (!could) return `${file} is not verified: its analysis could not be repeated.`;
  return wrong > 0
    ? `${file} is not verified: ${wrong} of ${numbers} figures differ from what its data give.`
    : `${file} is not verified: it was computed by another version of the analysis.`;
}

/** The study computed anew; undefined, with a note, where it cannot be. */
async function recompute(
  { study, inputs }: ReadBundle,
  notes: string[],
  run: RunStudy,
): Promise<Study | undefined> {
  try {
    return { ...study, result: await run(study.settings, inputs) };
  } catch (thrown) {
    if (!(thrown instanceof LabError)) throw thrown;
    notes.push(thrown.message);
    return undefined;
  }
}

/** The study's id and the hashes of its inputs, which follow from what the bundle holds. */
function identity({ study, inputs, manifest }: ReadBundle): BundleCheck {
  const pairs: [string, string, string][] = [
    ['small profile', study.hashes.small, sha256(canonicalJson(inputs.small))],
    ['large profile', study.hashes.large, sha256(canonicalJson(inputs.large))],
    ['workload', study.hashes.workload, sha256(canonicalJson(inputs.workload))],
    ['settings.small', study.settings.small, inputs.small.id],
    ['settings.large', study.settings.large, inputs.large.id],
    ['settings.workload', study.settings.workload, inputs.workload.id],
    ...(manifest.analysis === ANALYSIS_VERSION
      ? [['study id', study.id, studyId(study)] as [string, string, string]]
      : []),
  ];
  const differing = pairs
    .filter(([, stated, recomputed]) => stated !== recomputed)
    .map(([path, stated, recomputed]) => ({ path, stated, recomputed }));
  return {
    what: 'identity of the study and its inputs',
    compared: pairs.length,
    agree: pairs.length - differing.length,
    differing,
  };
}

/** Every run of the bundle, with the energies of its trials computed anew where their samples are there. */
function readRuns(
  { runs, runFiles }: ReadBundle,
  notes: string[],
): { runs: ShardRun[]; energies: { compared: number; differing: Difference[] } } {
  const found: ShardRun[] = [...runs];
  const energies = { compared: 0, differing: [] as Difference[] };
  for (const file of runFiles) {
    let energiesOf: TrialEnergies | undefined;
    let trials: readonly Trial[] = [];
    const partial: Partial<{ -readonly [K in keyof ShardRun]: ShardRun[K] }> = {};
    readRunBundle(file, {
      manifest: () => {},
      run: (run) => void (partial.run = run),
      trials: (list) => {
        trials = list;
        energiesOf = new TrialEnergies(partial.run!.id, list);
      },
      events: (events) => void (partial.events = events),
      samples: (samples) => energiesOf!.push(samples),
    });
    energiesOf?.end();
    found.push({ run: partial.run!, trials, events: partial.events ?? [] });
    energies.compared += energiesOf?.compared ?? 0;
    energies.differing.push(...(energiesOf?.differing ?? []));
    if ((energiesOf?.untold ?? 0) > 0) {
      notes.push(`${partial.run!.id}: ${energiesOf!.untold} energies do not tell which samples they count.`);
    }
  }
  return { runs: found, energies };
}

/** A measured profile against what its trials give; undefined where the bundle holds none of them. */
function profileCheck(profile: Profile, runs: readonly ShardRun[]): BundleCheck | undefined {
  const names = namedRuns(profile);
  const own = runs.filter(({ run }) => names.includes(run.id));
  if (own.length === 0) return undefined;
  const made = profileOfRuns(own, profile.id);
  return numbersCheck(
    `profile ${profile.id}, from its trials`,
    compareLeaves(profile, made && inFormOf(made, profile)),
  );
}

function numbersCheck(what: string, { numbers, differingNumbers }: LeafComparison): BundleCheck {
  return {
    what,
    compared: numbers,
    agree: numbers - differingNumbers.length,
    differing: differingNumbers.slice(0, MOST_TOLD),
  };
}

function wordsCheck(all: readonly LeafComparison[]): BundleCheck {
  const differing = all.flatMap(({ differingOthers }) => differingOthers);
  const compared = all.reduce((total, { others }) => total + others, 0);
  return {
    what: 'texts of the report',
    compared,
    agree: compared - differing.length,
    differing: differing.slice(0, MOST_TOLD),
  };
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
