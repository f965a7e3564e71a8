import { z } from 'zod';
import { columnChoiceSchema, importOptionsSchema } from './options.ts';

/** An import as it is kept: which files, how they were understood, and the profile that came of it. */
export const importRecordSchema = z.strictObject({
  /** follows from the files and the options: the same import has the same id */
  id: z.string(),
  profile: z.string(),
  /** ISO 8601 */
  importedAt: z.string(),
  format: z.string(),
  files: z.array(z.strictObject({ name: z.string(), bytes: z.number(), sha256: z.string() })),
  /** what the user said; everything else was found out */
  options: importOptionsSchema,
});
export type ImportRecord = z.output<typeof importRecordSchema>;

/** What accepting an import did: `same` when it was stored already. */
export const acceptedImportSchema = z.strictObject({
  profile: z.string(),
  state: z.enum(['new', 'same', 'replaced']),
  import: importRecordSchema.nullable(),
});
export type AcceptedImport = z.output<typeof acceptedImportSchema>;

/** What the user said of the columns of a table, for the next table that has the same. */
export const mappingSchema = z.record(z.string(), columnChoiceSchema);
export type Mapping = z.output<typeof mappingSchema>;
