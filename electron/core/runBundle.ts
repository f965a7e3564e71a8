/**
 * A run as one file, to be taken to another computer: a zip that begins with its manifest. The same run always gives
 * the same bytes.
 *
 * ```
 * crossover-run.json  the manifest: what follows, how long it is, and its SHA-256
 * run.json            the run, without what was asked for here (it may name files of this computer)
 * trials.jsonl        its trials, one a line
 * events.jsonl        what happened, one a line
 * samples.bin         every sample: u32 length and so many bytes, again and again; see store/sampleChunk.ts
 * profile.json        the profile that was made of it, where there is one and the run is no shard
 * ```
 */
import { z } from 'zod';

/** What the name of a run bundle ends in. */
export const RUN_BUNDLE_ENDING = '.crossover-run.zip';

/** The first entry of every run bundle. */
export const MANIFEST = 'crossover-run.json';

/** What follows the manifest, in this order; the profile may be missing. */
export const RUN_BUNDLE_ENTRIES = [
  'run.json',
  'trials.jsonl',
  'events.jsonl',
  'samples.bin',
  'profile.json',
] as const;
export type RunBundleEntry = (typeof RUN_BUNDLE_ENTRIES)[number];

/** The longest manifest, bytes. */
export const LONGEST_MANIFEST = 64 * 1024;
/** The longest entry beside the samples, bytes: a run of weeks has a few MB of trials. */
export const LONGEST_TEXT = 64 * 1024 * 1024;
/** The longest samples, bytes: a hundred million samples. */
export const LONGEST_SAMPLES = 1024 * 1024 * 1024;
/** Samples in one piece of the samples, at the most. */
export const MOST_IN_PIECE = 1024;

const entrySchema = z
  .strictObject({
    name: z.enum(RUN_BUNDLE_ENTRIES),
    bytes: z.number().int().nonnegative(),
    sha256: z.string().regex(/^[0-9a-f]{64}$/, 'is no SHA-256'),
  })
  .refine(({ name, bytes }) => bytes <= longest(name), 'is longer than anything that Crossover writes');

export const runBundleSchema = z.strictObject({
  format: z.literal('crossover-run-bundle'),
  version: z.literal(1),
  run: z.string(),
  /** what tells this run's content from any other's, whatever it was named later */
  content: z.string().regex(/^[0-9a-f]{64}$/, 'is no SHA-256'),
  samples: z.number().int().nonnegative(),
  entries: z
    .array(entrySchema)
    .refine(
      (entries) =>
        entries.map(({ name }) => name).join() ===
        RUN_BUNDLE_ENTRIES.slice(0, Math.max(4, entries.length)).join(),
      'are not run, trials, events, samples and perhaps a profile',
    ),
});
export type RunBundleManifest = z.output<typeof runBundleSchema>;

/** The longest that an entry may be, bytes. */
export function longest(name: RunBundleEntry): number {
  return name === 'samples.bin' ? LONGEST_SAMPLES : LONGEST_TEXT;
}

/**
 * Whether a file is a run bundle, by how it begins: a zip whose first entry is the manifest.
 * @param head at least the first 48 bytes
 */
export function looksLikeRunBundle(head: Uint8Array): boolean {
  const text = (from: number, to: number): string => String.fromCharCode(...head.subarray(from, to));
  return text(0, 4) === 'PK\u0003\u0004' && text(30, 30 + MANIFEST.length) === MANIFEST;
}
