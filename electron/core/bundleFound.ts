import { z } from 'zod';
import { profileSchema } from './profile.ts';
import { verificationSchema } from './studyBundle.ts';

const systemSchema = profileSchema.shape.system;

/** A bundle that was looked at: what it holds, whether its numbers hold, and whether it can be opened. */
export const foundBundleSchema = z.strictObject({
  /** its path */
  file: z.string(),
  bytes: z.number(),
  verification: verificationSchema,
  /** the study's answer, as the bundle states it */
  verdict: z.string(),
  small: systemSchema,
  large: systemSchema,
  model: z.string(),
  workload: z.string(),
  lambda: z.number(),
  energyModel: z.string(),
  /** whether the raw samples of what was measured are in it */
  samples: z.boolean(),
  /** how many runs it holds, with their trials */
  runs: z.number().int(),
  canOpen: z.boolean(),
  /** the very same study is in this lab already */
  already: z.boolean(),
});
export type FoundBundle = z.output<typeof foundBundleSchema>;
