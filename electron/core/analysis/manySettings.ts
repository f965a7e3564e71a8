import { z } from 'zod';
import { LabError } from '../errors.ts';
import { BOUNDARIES, firstIssues } from '../profile.ts';
import { MOST_REPLICATES } from '../study.ts';
import { MOST_SYSTEMS } from './costTable.ts';
import { JOINT_MODELS } from './model.ts';

/** Everything that decides a comparison of any number of systems, beside the profiles and the workload themselves. */
export const manySettingsSchema = z.strictObject({
  /** ids of the profiles, from the one for the shortest queries to the one for the longest */
  profiles: z.array(z.string().min(1)).min(2).max(MOST_SYSTEMS),
  workload: z.string().min(1),
  /** by default grid or physical, whichever foretells left-out cells better */
  energyModel: z.exactOptional(z.enum(JOINT_MODELS)),
  lambda: z.number().min(0).max(1).default(1),
  cost: z.enum(['raw', 'normalised']).default('raw'),
  boundary: z.enum(['like-for-like', ...BOUNDARIES]).default('like-for-like'),
  idle: z.enum(['gross', 'above-idle']).default('gross'),
  /** the least saving against the best single system that makes thresholds useful, 0 to 1 */
  minSaving: z.number().min(0).max(1).default(0.01),
  /** replicates of the bootstrap behind the intervals; none where it is 0 or not said */
  bootstrap: z.exactOptional(z.number().int().min(0).max(MOST_REPLICATES)),
  /** of the bootstrap; 1 where it is not said */
  seed: z.exactOptional(z.number().int().nonnegative()),
  /** devices of each system, in the order of the profiles, and queries per second */
  capacity: z.exactOptional(
    z.strictObject({
      devices: z.array(z.number().int().min(0).max(1e6)),
      arrivalRate: z.number().positive().finite(),
    }),
  ),
});
export type ManySettings = z.output<typeof manySettingsSchema>;

/**
 * Validates the settings of a comparison, filling in defaults.
 * @throws LabError "bad-setting" naming what is wrong
 */
export function parseManySettings(settings: unknown): ManySettings {
  const result = manySettingsSchema.safeParse(settings);
  if (result.success) return result.data;
  throw new LabError(
    'bad-setting',
    `The systems cannot be compared with these settings: ${firstIssues(result.error)}.`,
    `Give 2 to ${MOST_SYSTEMS} profiles, and λ between 0 and 1.`,
  );
}
