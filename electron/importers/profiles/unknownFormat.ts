import { LabError } from '#core/errors';
import type { ImportFormat, Source } from './importFormat.ts';

/** The error for a source in no format that is known. */
export function unknownFormat(
  { file, head }: Pick<Source, 'file' | 'head'>,
  formats: readonly ImportFormat[],
): LabError {
  const kept = 'Nothing was imported.';
  if (head.binary === 'zip' || head.binary === 'gzip') {
    return new LabError(
      'bad-profile',
      `${file.name} is a ${head.binary} archive, which may hold anything and grow to any size, so it is not opened.`,
      `${kept} Unpack it, and choose the files in it.`,
    );
  }
  if (head.binary !== null) {
    return new LabError(
      'bad-profile',
      `${file.name} is not text, and in no binary format that is known.`,
      `${kept} Bring CSV, TSV, JSON, JSON lines or Parquet.`,
    );
  }
  return new LabError(
    'bad-profile',
    `${file.name} is in no format that is known: it is no table, no profile and no result of a known tool.`,
    `${kept} Known are: ${formats.map(({ name }) => name).join('; ')}.`,
  );
}
