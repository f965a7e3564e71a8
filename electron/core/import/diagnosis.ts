import { z } from 'zod';
import { cellSchema, profileSchema, RAILS } from '../profile.ts';
import { COLUMN_ROLES, COLUMN_UNITS } from './observation.ts';
import { importOptionsSchema } from './options.ts';

/**
 * What the doctor found, as the window and `--check --json` show it. The document of `--check --json` is this one
 * with `warnings` beside `findings`.
 */
export const diagnosisSchema = z.strictObject({
  files: z.array(
    z.strictObject({
      name: z.string(),
      bytes: z.number(),
      sha256: z.string(),
      format: z.strictObject({ id: z.string(), name: z.string() }),
      rows: z.number().int(),
      columns: z.array(
        z.strictObject({
          name: z.string(),
          role: z.enum(COLUMN_ROLES),
          unit: z.enum(COLUMN_UNITS).nullable(),
          rail: z.enum(RAILS).nullable(),
          how: z.enum(['stated', 'guessed', 'told']),
          examples: z.array(z.string()),
        }),
      ),
    }),
  ),
  format: z.string(),
  system: z.string().nullable(),
  model: z.string().nullable(),
  /** systems and models that the files hold, where they mix several */
  systems: z.array(z.string()),
  models: z.array(z.string()),
  rails: z.array(z.enum(RAILS)),
  /** unit of each used column as the source has it, by column */
  units: z.record(z.string(), z.enum(COLUMN_UNITS)),
  cells: z.array(
    z.strictObject({
      m: z.number(),
      n: z.number(),
      trials: z.number().int(),
      /** mean of input plus output tokens that came, where it is not m + n */
      tokensMean: z.number().optional(),
      energyJ: cellSchema.shape.energyJ.extend({ total: z.number() }),
      sdEnergyJ: z.number().optional(),
      runtimeS: z.number(),
      sdRuntimeS: z.number().optional(),
    }),
  ),
  dropped: z.array(z.strictObject({ count: z.number().int(), reason: z.string() })),
  findings: z.array(
    z.strictObject({
      kind: z.string(),
      level: z.enum(['error', 'warning', 'note']),
      message: z.string(),
      todo: z.string().optional(),
    }),
  ),
  /** shift of a power log against its request log, s, where two files were joined */
  clock: z
    .strictObject({
      shiftS: z.number(),
      uncertaintyS: z.number(),
      confidence: z.number(),
      how: z.enum(['estimated', 'told', 'none']),
    })
    .optional(),
  /** the options as they were used, defaults and all */
  options: importOptionsSchema,
  /** id of the stored profile that is nearest, to look at beside it */
  nearest: z.string().nullable(),
  /** what would be stored; null where an error stands in the way */
  profile: profileSchema.nullable(),
});
export type Diagnosis = z.output<typeof diagnosisSchema>;
