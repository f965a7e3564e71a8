import { LabError } from '#core/errors';
import type { Source } from './importFormat.ts';
import type { ReadSources, SourcesRead } from './readSources.ts';
import { IMPORT_FORMATS, recogniseFormat } from './registry.ts';
import { openSource, type SourceWatch } from './source.ts';
import type { ImportOptions } from '#core/import/options';

/** The most files of one import. */
export const MOST_FILES = 200;
/** of the progress, what hashing a file takes beside reading it */
const OPENING = 0.3;

/**
 * Opens the files of an import and has them read together.
 * @throws LabError "bad-profile" with the reason, "bad-setting", "file-not-readable", "interrupted"
 */
export async function readFiles(
  files: readonly string[],
  options: ImportOptions,
  { signal, progress }: SourceWatch,
  read: (sources: readonly Source[], options: ImportOptions) => Promise<SourcesRead>,
): Promise<SourcesRead> {
  if (files.length === 0)
    throw new LabError('bad-setting', 'No file was named.', 'Name the files to import.');
  if (files.length > MOST_FILES) {
    throw new LabError(
      'bad-setting',
      `${files.length} files are too many for one import; ${MOST_FILES} may go together.`,
      'Nothing was imported. Import them in several steps.',
    );
  }
  const sources: Source[] = [];
  const seen = new Map<string, string>();
  for (const [index, file] of files.entries()) {
    const opening = (fraction: number): void => progress((OPENING * (index + fraction)) / files.length);
    const reading = (fraction: number): void =>
      progress(OPENING + ((1 - OPENING) * (index + fraction)) / files.length);
    const source = await openSource(file, { signal, progress: opening });
    const twin = seen.get(source.file.sha256);
    if (twin !== undefined) throw twice(source.file.name, twin);
    seen.set(source.file.sha256, source.file.name);
    sources.push({ ...source, progress: reading });
  }
  const found = await read(sources, options);
  progress(1);
  return found;
}

/**
 * Reads each source by its own format; power logs are not among them.
 * @throws LabError "bad-profile" when one is in no format that is known, and what reading it throws
 */
export const readEach: ReadSources = async (sources, options) => {
  const readings = [];
  for (const source of sources) {
    if (source.signal.aborted) {
      throw new LabError('interrupted', 'The import was stopped. Nothing was imported.');
    }
    const format = recogniseFormat(source.head, options.format);
    if (format === undefined) throw unknownFormat(source);
    readings.push(await format.read(source, options));
    source.progress(1);
  }
  return { readings, findings: [], logs: [] };
};

/** The error for a source in no format that is known. */
export function unknownFormat({ file, head }: Pick<Source, 'file' | 'head'>): LabError {
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
    `${kept} Known are: ${IMPORT_FORMATS.map(({ name }) => name).join('; ')}.`,
  );
}

function twice(name: string, twin: string): LabError {
  return new LabError(
    'bad-profile',
    name === twin
      ? `${name} was given twice: its trials would count twice.`
      : `${name} has the same content as ${twin}: its trials would count twice.`,
    'Nothing was imported. Name each file once.',
  );
}
