import { z } from 'zod';
import { manySettingsSchema, type ManySettings } from './analysis/manySettings.ts';
import { JOINT_MODELS } from './analysis/model.ts';
import type { ManyResult } from './analysis/manySystems.ts';
import type { Profile } from './profile.ts';
import type { Workload } from './workload.ts';

/** What the ids of comparisons of any number of systems begin with; those of studies of two begin otherwise. */
export const COMPARISON_PREFIX = 'comparison-';

/** Whether an id is that of a comparison of any number of systems, not of a study of two. */
export const isComparison = (id: string): boolean => id.startsWith(COMPARISON_PREFIX);

/** A stored comparison as one line of a list. */
export const comparisonSummarySchema = z.strictObject({
  id: z.string(),
  /** when it was first stored, ISO 8601 */
  storedAt: z.string(),
  title: z.string(),
  /** the user's, no part of the comparison; empty without one */
  name: z.string(),
  note: z.string(),
  settings: manySettingsSchema,
  /** the model that was used, asked for or found */
  energyModel: z.enum(JOINT_MODELS),
  verdict: z.strictObject({ kind: z.enum(['threshold', 'no-useful-threshold']), text: z.string() }),
  /** whether the same settings would give this very comparison now */
  current: z.boolean(),
});
export type ComparisonSummary = z.output<typeof comparisonSummarySchema>;

/** SHA-256 of the content of each input, the profiles in the order of the settings. */
export interface ComparisonHashes {
  readonly profiles: readonly string[];
  readonly workload: string;
}

/** A comparison with the very profiles and the workload that it was computed from. */
export interface StoredComparison extends Omit<
  ComparisonSummary,
  'verdict' | 'current' | 'settings' | 'energyModel'
> {
  readonly settings: ManySettings;
  readonly hashes: ComparisonHashes;
  readonly profiles: readonly Profile[];
  readonly workload: Workload;
  readonly result: ManyResult;
  /** which computed it */
  readonly versions: { readonly crossover: string; readonly analysis: number };
}

/** What a comparison is called: its systems, the workload. */
export function comparisonTitle(profiles: readonly Profile[], workload: Workload): string {
  const models = [...new Set(profiles.map(({ model }) => model.name))];
  return `${profiles.map(({ system }) => system.label).join(', ')} · ${models.join(', ')} · ${workload.name}`;
}
