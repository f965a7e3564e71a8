import { z } from 'zod';
import type { LengthSummary } from '../workload.ts';
import { arrivalsSchema, provenanceSchema } from '../workload.ts';
import { understoodColumnSchema } from './columns.ts';
import { TIME_UNITS, WORKLOAD_FORMATS } from './request.ts';

const lengthSummarySchema = z.strictObject({
  mean: z.number(),
  sd: z.number(),
  min: z.number(),
  p5: z.number(),
  p25: z.number(),
  median: z.number(),
  p75: z.number(),
  p90: z.number(),
  p95: z.number(),
  p99: z.number(),
  max: z.number(),
}) satisfies z.ZodType<LengthSummary>;

const source = {
  /** names without folders */
  files: provenanceSchema.shape.files,
  format: z.enum(WORKLOAD_FORMATS).nullable(),
  formatName: z.string(),
  columns: z.array(understoodColumnSchema),
  /** columns that are not listed, in a table of very many */
  moreColumns: z.number().int().nonnegative(),
};

/** How a file was understood, and what would be imported: `workloads import --check`. */
export const understoodCheckSchema = z.strictObject({
  state: z.literal('understood'),
  ...source,
  id: z.string(),
  name: z.string(),
  /** what counted, null where the file has counts */
  tokenizer: z.string().nullable(),
  /** whether texts were tokenised */
  tokenised: z.boolean(),
  timeUnit: z.enum(TIME_UNITS).nullable(),
  /** rows, records or conversations */
  rows: z.number().int(),
  /** fractional where the counts are weights */
  queries: z.number(),
  /** distinct (m, n) */
  pairs: z.number().int(),
  modelled: z.boolean(),
  dropped: provenanceSchema.shape.dropped,
  warnings: provenanceSchema.shape.warnings,
  /** tokens; of the very lengths, also where pairs were merged */
  percentiles: z.strictObject({ input: lengthSummarySchema, output: lengthSummarySchema }),
  arrivals: arrivalsSchema.nullable(),
  /** how it was counted, in sentences */
  note: z.string(),
  /** SHA-256 of what would be stored */
  contentHash: z.string(),
  /** a workload with this content that is in the lab already */
  present: z.string().nullable(),
});

/** A file whose columns do not tell which of them are input and output. */
export const unclearCheckSchema = z.strictObject({
  state: z.literal('unclear'),
  ...source,
  message: z.string(),
  hint: z.string(),
});

export const workloadCheckSchema = z.discriminatedUnion('state', [understoodCheckSchema, unclearCheckSchema]);
export type WorkloadCheck = z.output<typeof workloadCheckSchema>;
export type UnderstoodCheck = z.output<typeof understoodCheckSchema>;
export type UnclearCheck = z.output<typeof unclearCheckSchema>;

/** A check with what to draw of it. */
export const checkedWorkloadSchema = z.strictObject({
  check: workloadCheckSchema,
  /** the joint distribution on a coarse grid, for a picture; empty where the columns do not tell */
  preview: z.array(z.tuple([z.number(), z.number(), z.number()])),
});
export type CheckedWorkload = z.output<typeof checkedWorkloadSchema>;

/** What an import did. */
export const importedWorkloadSchema = z.strictObject({
  id: z.string(),
  /** "same": a workload with this very content was in the lab already, and nothing was written */
  state: z.enum(['new', 'replaced', 'same']),
  check: understoodCheckSchema,
});
export type ImportedWorkload = z.output<typeof importedWorkloadSchema>;
