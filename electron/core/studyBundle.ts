/**
 * A study as one file that others can check without anything else: a zip that begins with its manifest and ends with
 * its seal, the SHA-256 of everything before it. The same study always gives the same bytes.
 *
 * ```
 * crossover-bundle.json         the manifest: what follows, how long it is, and its SHA-256
 * study.json                    settings, hashes of the inputs, and the result
 * small.json large.json         the profiles that it was computed from
 * workload.json                 the workload
 * report.json                   the report: every number that is to be verified
 * policy.json                   the policy to deploy, where there is one
 * runs/ID.json                  a run that a profile was made of, with its trials and events
 * runs/ID.crossover-run.zip     the same with every raw sample, where that was asked for; see core/runBundle.ts
 * ```
 */
import { z } from 'zod';
import { LONGEST_SAMPLES, LONGEST_TEXT } from './runBundle.ts';

/** What the name of a study's bundle ends in. */
export const STUDY_BUNDLE_ENDING = '.crossover';

/** The first entry of every bundle. */
export const BUNDLE_MANIFEST = 'crossover-bundle.json';

/** Entries that every bundle has, in this order, after the manifest. */
export const BUNDLE_ENTRIES = [
  'study.json',
  'small.json',
  'large.json',
  'workload.json',
  'report.json',
] as const;

const RUN_ENTRY = /^runs\/([A-Za-z0-9._-]{1,120}?)(\.json|\.crossover-run\.zip)$/;

/** The seal at the end of the file: its comment, as zips have them. */
export const SEAL_PREFIX = 'sha256:';
export const SEAL_LENGTH = SEAL_PREFIX.length + 64;

const entrySchema = z
  .strictObject({
    name: z.string().refine((name) => isEntry(name), 'is no entry of a bundle'),
    bytes: z.number().int().nonnegative(),
    sha256: z.string().regex(/^[0-9a-f]{64}$/, 'is no SHA-256'),
  })
  .refine(({ name, bytes }) => bytes <= longestEntry(name), 'is longer than anything that Crossover writes');

export const studyBundleSchema = z.strictObject({
  format: z.literal('crossover-bundle'),
  version: z.literal(1),
  study: z.string().min(1).max(200),
  title: z.string().max(2000),
  /** the version of Crossover that wrote it, and of its analysis */
  crossover: z.string().max(100),
  analysis: z.number().int().positive(),
  /** whether the raw samples are in it */
  samples: z.boolean(),
  /** what could not be put into it, and why */
  notes: z.array(z.string().max(2000)).max(100),
  entries: z
    .array(entrySchema)
    .max(400)
    .refine(
      (entries) =>
        BUNDLE_ENTRIES.every((name, i) => entries[i]?.name === name) &&
        new Set(entries.map(({ name }) => name)).size === entries.length,
      'are not those of a study',
    ),
});
export type StudyBundleManifest = z.output<typeof studyBundleSchema>;

function isEntry(name: string): boolean {
  return (
    (BUNDLE_ENTRIES as readonly string[]).includes(name) || name === 'policy.json' || RUN_ENTRY.test(name)
  );
}

/** The run that an entry holds, and whether with its samples; undefined where it holds none. */
export function runOfEntry(name: string): { readonly run: string; readonly samples: boolean } | undefined {
  const [, run, ending] = RUN_ENTRY.exec(name) ?? [];
  return run === undefined ? undefined : { run, samples: ending !== '.json' };
}

/** The longest that an entry may be, bytes. */
export function longestEntry(name: string): number {
  return runOfEntry(name)?.samples === true ? LONGEST_SAMPLES : LONGEST_TEXT;
}

/**
 * Whether a file is a study's bundle, by how it begins: a zip whose first entry is the manifest.
 * @param head at least the first 64 bytes
 */
export function looksLikeStudyBundle(head: Uint8Array): boolean {
  const text = (from: number, to: number): string => String.fromCharCode(...head.subarray(from, to));
  return text(0, 4) === 'PK\u0003\u0004' && text(30, 30 + BUNDLE_MANIFEST.length) === BUNDLE_MANIFEST;
}

/** A place where what is stated is not what comes out when it is computed anew. */
export const differenceSchema = z.strictObject({
  path: z.string(),
  stated: z.string(),
  recomputed: z.string(),
});
export type Difference = z.output<typeof differenceSchema>;

/** One thing that was verified. */
export const checkSchema = z.strictObject({
  what: z.string(),
  /** numbers, or other parts, compared, and how many of them agree */
  compared: z.number(),
  agree: z.number(),
  /** up to ten of those that do not */
  differing: z.array(differenceSchema),
});
export type BundleCheck = z.output<typeof checkSchema>;

/** What came of verifying a bundle. */
export const verificationSchema = z.strictObject({
  file: z.string(),
  /** true only when every single number agrees, to the last digit */
  verified: z.boolean(),
  /** the outcome as a sentence */
  sentence: z.string(),
  study: z.string(),
  title: z.string(),
  crossover: z.string(),
  numbers: z.number(),
  checks: z.array(checkSchema),
  notes: z.array(z.string()),
});
export type Verification = z.output<typeof verificationSchema>;

/** What importing a bundle did. */
export const takenBundleSchema = z.strictObject({
  study: z.string(),
  title: z.string(),
  /** the very same study was here already */
  already: z.boolean(),
  /** whether the profiles and the workload here are those of the study, so that it can be gone on with */
  current: z.boolean(),
  profiles: z.array(z.string()),
  workload: z.string().nullable(),
  runs: z.array(z.string()),
  notes: z.array(z.string()),
});
export type TakenBundle = z.output<typeof takenBundleSchema>;
