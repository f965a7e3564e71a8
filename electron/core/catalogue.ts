import { z } from 'zod';
import { BOUNDARIES, DESIGNS, profileSchema, RAILS, type Profile, type ProfileKind } from './profile.ts';
import { settingsSchema } from './study.ts';
import { queryCount, workloadSchema, type Workload } from './workload.ts';

/** A profile as one line of a list: `profiles list`. */
export const profileSummarySchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  system: z.string(),
  model: z.string(),
  kind: z.enum(['bundled', 'measured', 'imported']),
  source: z.string(),
  design: z.enum(DESIGNS),
  rails: z.array(z.enum(RAILS)),
  boundary: z.enum(BOUNDARIES),
  estimate: z.boolean(),
  cells: z.number().int(),
  place: z.enum(['mac', 'gpu', 'other']),
});
export type ProfileSummary = z.output<typeof profileSummarySchema>;

/** A profile with where it comes from and the SHA-256 of its content. */
export const storedProfileSchema = z.strictObject({
  kind: z.enum(['bundled', 'measured', 'imported']),
  contentHash: z.string(),
  profile: profileSchema,
});
export type StoredProfile = z.output<typeof storedProfileSchema>;

/** A workload as one line of a list: `workloads list`. */
export const workloadSummarySchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  kind: z.enum(['bundled', 'imported']),
  /** number of queries; fractional where modelled */
  queries: z.number(),
  /** number of distinct (m, n) */
  pairs: z.number().int(),
  modelled: z.boolean(),
  licence: z.string(),
  source: z.string(),
});
export type WorkloadSummary = z.output<typeof workloadSummarySchema>;

/** A workload with where it comes from and the SHA-256 of its content. */
export const storedWorkloadSchema = z.strictObject({
  kind: z.enum(['bundled', 'imported']),
  contentHash: z.string(),
  workload: workloadSchema,
});
export type StoredWorkload = z.output<typeof storedWorkloadSchema>;

/** A stored study as one line of a list. */
export const studySummarySchema = z.strictObject({
  id: z.string(),
  /** when it was first stored, ISO 8601 */
  storedAt: z.string(),
  title: z.string(),
  /** the user's, no part of the study; empty without one */
  name: z.string(),
  note: z.string(),
  settings: settingsSchema,
  verdict: z.strictObject({ kind: z.enum(['threshold', 'no-useful-threshold']), text: z.string() }),
  /** whether the same settings would give this very study now: its inputs and the analysis are still the same here */
  current: z.boolean(),
});
export type StudySummary = z.output<typeof studySummarySchema>;

/** One line of `profiles list` for a profile. */
export function summariseProfile(profile: Profile, kind: ProfileKind): ProfileSummary {
  return {
    id: profile.id,
    name: profile.name,
    system: profile.system.name,
    model: profile.model.name,
    kind,
    source: profile.source.title,
    design: profile.design,
    rails: profile.rails,
    boundary: profile.boundary,
    estimate: profile.estimate,
    cells: profile.cells.length,
    place: profile.system.place,
  };
}

/** One line of `workloads list` for a workload. */
export function summariseWorkload(workload: Workload, kind: WorkloadSummary['kind']): WorkloadSummary {
  return {
    id: workload.id,
    name: workload.name,
    kind,
    queries: queryCount(workload),
    pairs: workload.pairs.length,
    modelled: workload.modelled,
    licence: workload.licence,
    source: workload.source,
  };
}
