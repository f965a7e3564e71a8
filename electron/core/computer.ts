import { z } from 'zod';

/** Something this computer has or lacks for measuring: a meter or an engine. */
export const offerSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  available: z.boolean(),
  /** what was found, or what is missing and what to do about it */
  why: z.string(),
  /** what it would measure or run */
  gives: z.string(),
});
export type Offer = z.output<typeof offerSchema>;

/** What this computer can do: `doctor`. */
export const computerReportSchema = z.strictObject({
  computer: z.strictObject({
    chip: z.string(),
    cores: z.number().int(),
    memoryBytes: z.number(),
    os: z.string(),
    arch: z.string(),
  }),
  runtime: z.strictObject({
    crossover: z.string(),
    node: z.string(),
    /** undefined on the command line */
    electron: z.string().optional(),
    sqlite: z.string(),
    nodeApi: z.number().int(),
  }),
  data: z.strictObject({
    folder: z.string(),
    databaseVersion: z.number().int(),
    profiles: z.number().int(),
    workloads: z.number().int(),
    studies: z.number().int(),
    freeBytes: z.number().optional(),
  }),
  meters: z.array(offerSchema),
  engines: z.array(offerSchema),
  /** what is missing, as sentences with what to do */
  missing: z.array(z.string()),
});
export type ComputerReport = z.output<typeof computerReportSchema>;
