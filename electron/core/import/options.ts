import { z } from 'zod';
import { BOUNDARIES, DESIGNS, RAILS } from '../profile.ts';
import { COLUMN_ROLES, COLUMN_UNITS } from './observation.ts';

const positive = z.number().positive().finite();
const text = z.string().trim().min(1).max(200);

/** What the user says of a column. */
export const columnChoiceSchema = z.strictObject({
  role: z.enum(COLUMN_ROLES),
  unit: z.enum(COLUMN_UNITS).optional(),
  rail: z.enum(RAILS).optional(),
});
export type ColumnChoice = z.output<typeof columnChoiceSchema>;

/**
 * Everything that the user may correct about an import; what is absent is found out or left at its default. Kept
 * with the import, so that it can be repeated.
 */
export const importOptionsSchema = z.strictObject({
  /** id of the format, where it is not to be recognised */
  format: text.optional(),
  /** by the column's name in the source */
  columns: z.record(z.string(), columnChoiceSchema).optional(),
  /** take only the rows of this system or model, where a file mixes several */
  onlySystem: text.optional(),
  onlyModel: text.optional(),
  /** name of the system and of the model in the profile */
  system: text.optional(),
  model: text.optional(),
  place: z.enum(['mac', 'gpu', 'other']).optional(),
  hardware: text.optional(),
  engine: text.optional(),
  precision: text.optional(),
  kvCache: z.boolean().optional(),
  gpus: z.number().int().nonnegative().optional(),
  boundary: z.enum(BOUNDARIES).optional(),
  design: z.enum(DESIGNS).optional(),
  /** input or output tokens of every row, where the source does not tell */
  inputTokens: z.number().int().positive().optional(),
  outputTokens: z.number().int().positive().optional(),
  /** `gross` keeps the energy as it is; `subtract` takes the idle energy away (of the source, or idleW × runtime) */
  idle: z.enum(['gross', 'subtract']).optional(),
  idleW: z.partialRecord(z.enum(RAILS), z.number().nonnegative().finite()).optional(),
  /** whether a row's energy is of one query, or of its whole batch and to be divided by it */
  batch: z.enum(['per-query', 'divide']).optional(),
  /** queries in a batch, where the source does not tell, or tells it wrong */
  batchSize: z.number().int().positive().optional(),
  /** rows that warm up: the first of each cell, iteration 0, or none */
  warmUp: z.enum(['none', 'first', 'iteration-0']).optional(),
  /** only rows whose phase contains this */
  phase: text.optional(),
  /** to be added to the power log's clock, s; absent: estimated */
  clockShiftS: z.number().finite().optional(),
  /** rated power of the device(s), W, to check against; absent: from its name */
  ratedW: positive.optional(),
  id: text.optional(),
  name: text.optional(),
  licence: text.optional(),
  note: z.string().max(2000).optional(),
});
export type ImportOptions = z.output<typeof importOptionsSchema>;
