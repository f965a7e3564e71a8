import { LabError } from '#core/errors';
import type { ImportFormat, Source } from './importFormat.ts';
import type { Look } from './source.ts';

/**
 * Refuses a file that is binary and in no format, by its beginning: it may be large, and need not be read for that.
 * @throws LabError "bad-profile"
 */
export function refuseBinary(formats: readonly ImportFormat[]): Look {
  return ({ name, head, beginning }) => {
    if (head.binary === null || formats.some((format) => format.looks(head) > 0)) return;
    // Property lists of powermetrics have a zero between them.
    if (/^\s*<\?xml/.test(new TextDecoder('latin1').decode(beginning.subarray(0, 100)))) return;
    throw unknownFormat({ file: { name }, head }, formats);
  };
}

/** The error for a source in no format that is known. */
export function unknownFormat(
  { file, head }: { readonly file: Pick<Source['file'], 'name'>; readonly head: Source['head'] },
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
