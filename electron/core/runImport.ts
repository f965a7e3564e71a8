import { z } from 'zod';
import { planCellSchema } from './sweep.ts';

/** A run that came with a bundle. */
export const importedRunSchema = z.strictObject({
  file: z.string(),
  run: z.string(),
  /** the very same run was there already, and was left as it is */
  already: z.boolean(),
  /** which shard of a sweep it measured, as "3 of 8"; null for a whole one */
  shard: z.string().nullable(),
  trials: z.number().int(),
  samples: z.number().int(),
  /** id of the profile that was made of it alone; null for a shard, and where no cell has a valid trial */
  profile: z.string().nullable(),
});

/** Shards that were taken together. */
export const mergedRunsSchema = z.strictObject({
  /** id of the whole sweep */
  sweep: z.string(),
  runs: z.array(z.strictObject({ id: z.string(), shard: z.string() })).readonly(),
  /** id of the profile; null while no cell has a valid trial */
  profile: z.string().nullable(),
  missingShards: z.array(z.string()).readonly(),
  missingCells: z.array(planCellSchema).readonly(),
  pooledCells: z.array(planCellSchema).readonly(),
  warnings: z.array(z.string()).readonly(),
});
export type MergedRuns = z.output<typeof mergedRunsSchema>;

/** What importing run bundles did, or would do. */
export const runImportSchema = z.strictObject({
  runs: z.array(importedRunSchema).readonly(),
  merged: z.array(mergedRunsSchema).readonly(),
  /** sentences */
  warnings: z.array(z.string()).readonly(),
});
export type RunImport = z.output<typeof runImportSchema>;

/** The profiles that an import of runs gave, those of several runs first. */
export function profilesOf({ runs, merged }: RunImport): string[] {
  return [...new Set([...merged, ...runs].flatMap(({ profile }) => profile ?? []))];
}
