import { z } from 'zod';

/** A file of made-up weights in the data folder. */
export const cachedModelSchema = z.strictObject({
  /** the file's name without its ending; what `models remove` takes */
  name: z.string(),
  /** as `measure --model` takes it, "synthetic:tiny:Q8_0"; null where the file's name does not tell */
  model: z.string().nullable(),
  file: z.string(),
  bytes: z.number().nonnegative(),
  /** when it was written last, ISO 8601 */
  madeAt: z.string(),
  /** false for a file that an interrupted program left half-made: it is never used, and made anew */
  complete: z.boolean(),
  /** true while the run under way works with it: it cannot be removed then */
  inUse: z.boolean(),
});
export type CachedModel = z.output<typeof cachedModelSchema>;

/** All made-up weights, and the room that they take. */
export const modelCacheSchema = z.strictObject({
  models: z.array(cachedModelSchema),
  bytes: z.number().nonnegative(),
});
export type ModelCache = z.output<typeof modelCacheSchema>;

/** What a removal did. */
export const removedModelsSchema = z.strictObject({
  removed: z.array(z.string()),
  /** left because the run under way works with them */
  kept: z.array(z.string()),
  freedBytes: z.number().nonnegative(),
});
export type RemovedModels = z.output<typeof removedModelsSchema>;
