import { LabError } from '#core/errors';
import type { ImportFormat, SourceHead } from './importFormat.ts';
import { crossoverProfile } from './formats/crossoverProfile.ts';
import { paperTable } from './formats/paperTable.ts';
import { pyjoules } from './formats/pyjoules.ts';
import { table } from './formats/table.ts';
import { TOOL_FORMATS } from './formats/tools.ts';

/** Every format of queries with their energy. A new one is put in here; the order does not matter. */
export const IMPORT_FORMATS: readonly ImportFormat[] = [
  crossoverProfile,
  paperTable,
  pyjoules,
  table,
  ...TOOL_FORMATS,
];

/** Less sure than this is a guess in the dark. */
const LEAST_SURE = 0.05;

/**
 * The format of a file, told by its content.
 * @param told id of a format, where the user says which
 * @returns undefined when none is known
 * @throws LabError "bad-setting" when there is no such format
 */
export function recogniseFormat(
  head: SourceHead,
  told?: string,
  formats = IMPORT_FORMATS,
): ImportFormat | undefined {
  if (told !== undefined) return formatById(told, formats);
  let best: ImportFormat | undefined;
  let surest = LEAST_SURE;
  for (const format of formats) {
    const sure = format.looks(head);
    if (sure > surest) [best, surest] = [format, sure];
  }
  return best;
}

/** @throws LabError "bad-setting" when there is no such format */
export function formatById(id: string, formats = IMPORT_FORMATS): ImportFormat {
  const found = formats.find((format) => format.id === id);
  if (found !== undefined) return found;
  throw new LabError(
    'bad-setting',
    `There is no format "${id}". Nothing was imported.`,
    `The formats are ${formats.map((format) => format.id).join(', ')}.`,
  );
}
