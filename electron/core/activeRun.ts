import { z } from 'zod';
import { meterInfoSchema } from './meter.ts';
import { checkSchema } from './preflight.ts';
import { RAILS } from './profile.ts';
import { meterTruthSchema } from './run.ts';
import { planCellSchema, planSchema } from './sweep.ts';
import { trialSchema } from './trial.ts';

const railNumbers = z.partialRecord(z.enum(RAILS), z.number());

/** What a run would take, judged by earlier runs where there are any that tell. */
export const runEstimateSchema = z.strictObject({
  seconds: z.number(),
  energyJ: z.number().optional(),
  /** with as many trials as the plan allows, where it is not known how many there will be */
  mostSeconds: z.number().optional(),
  mostEnergyJ: z.number().optional(),
  /** what it was judged by, where that was not the same run: then it is a rough guess, and rather too low */
  scaledFrom: z.string().optional(),
  /** nothing was measured that tells: this follows from the plan alone, with queries that take no time */
  onlyLeast: z.literal(true).optional(),
});
export type RunEstimate = z.output<typeof runEstimateSchema>;

/** The model that a run would have. */
export const runModelSchema = z.strictObject({
  name: z.string(),
  /** size of the file on disk, where it is known */
  bytes: z.number().optional(),
  parameters: z.number().optional(),
  /** true when weights must be made first */
  toBeMade: z.boolean(),
});

/** What a run would be, before it is started. */
export const runPreviewSchema = z.strictObject({
  plan: planSchema,
  checks: z.array(checkSchema),
  /** the meter that would be used; absent when none works */
  meter: meterInfoSchema.optional(),
  /** the other meters, and why each does not work or was not taken */
  tried: z.array(z.strictObject({ kind: z.string(), why: z.string() })),
  /**
   * administrator rights for the meter that was asked for: the user could give them for this session, or has; absent
   * where there is nothing to give
   */
  meterPermission: z.enum(['needed', 'given']).optional(),
  model: runModelSchema,
  estimate: runEstimateSchema,
});
export type RunPreview = z.output<typeof runPreviewSchema>;

/** How far a cell is. */
export const cellProgressSchema = z.strictObject({
  cell: planCellSchema,
  valid: z.number().int(),
  flagged: z.number().int(),
  dropped: z.number().int(),
  energyWidth: z.number().optional(),
  runtimeWidth: z.number().optional(),
  done: z.boolean(),
});

/** What a run that is under way looks like: everything a page needs that opens in the middle of it. */
export const activeRunSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  state: z.enum(['preparing', 'idle', 'measuring', 'paused', 'done', 'cancelled', 'failed']),
  /** one line: "making synthetic weights", "64 in → 32 out, trial 3, 12 queries" */
  what: z.string(),
  /** how far the preparation is, 0 to 1 */
  fraction: z.number().min(0).max(1).optional(),
  engine: z.string(),
  model: z.string(),
  meter: z.string(),
  estimate: z.boolean(),
  plan: planSchema,
  cells: z.array(cellProgressSchema),
  /** all trials so far */
  trials: z.array(trialSchema),
  /** the query under way: its cell and when it began, s on the run's clock */
  query: planCellSchema.extend({ startS: z.number(), repeats: z.number().int() }).optional(),
  /** now, s on the run's clock */
  nowS: z.number(),
  /** estimated time left, s; absent until it is known */
  remainingS: z.number().optional(),
  /** estimated energy of the windows that are left, J */
  remainingJ: z.number().optional(),
  truth: meterTruthSchema.optional(),
  /** mean idle power by rail, W */
  idleW: railNumbers.optional(),
  warnings: z.array(z.string()),
  /** id of the profile that the run has given so far */
  profile: z.string().optional(),
  error: z.strictObject({ kind: z.string(), message: z.string(), hint: z.string().optional() }).optional(),
});
export type ActiveRun = z.output<typeof activeRunSchema>;

/** What the window is told while a run is under way. */
export const runNewsSchema = z.discriminatedUnion('news', [
  z.strictObject({ news: z.literal('state'), run: activeRunSchema }),
  /** power samples since the last news, at most ten times a second */
  z.strictObject({
    news: z.literal('power'),
    run: z.string(),
    samples: z.array(z.strictObject({ startS: z.number(), endS: z.number(), watts: railNumbers })),
  }),
]);
export type RunNews = z.output<typeof runNewsSchema>;

/** Power by rail over a span, thinned for a chart: least, mean and largest of each bucket, W. */
export const powerSeriesSchema = z.partialRecord(
  z.enum(RAILS),
  z.strictObject({
    tS: z.array(z.number()),
    endS: z.array(z.number()),
    minW: z.array(z.number()),
    meanW: z.array(z.number()),
    maxW: z.array(z.number()),
  }),
);
export type PowerSeries = z.output<typeof powerSeriesSchema>;

/** Raw samples of a run as they were stored, a page at a time. */
export const samplePageSchema = z.strictObject({
  samples: z.array(
    z.strictObject({
      startS: z.number(),
      endS: z.number(),
      energyJ: railNumbers,
      cpuShare: z.number().optional(),
    }),
  ),
  /** there are more; the next page begins where the last sample of this one ends */
  more: z.boolean(),
});
