import { LabError } from '#core/errors';
import type { Source } from './importFormat.ts';
import { openSource, type Look, type SourceWatch } from './source.ts';

/** The most files of one import. */
export const MOST_FILES = 200;
/** of the progress, what hashing a file takes beside reading it */
const OPENING = 0.3;

/**
 * Opens the files of an import and has them read together.
 * @param look at each file before the whole of it is read
 * @throws LabError "bad-profile" with the reason, "bad-setting", "file-not-readable", "interrupted"
 */
export async function readFiles<T>(
  files: readonly string[],
  { signal, progress }: SourceWatch,
  read: (sources: readonly Source[]) => Promise<T>,
  look?: Look,
): Promise<T> {
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
    const source = await openSource(file, { signal, progress: opening }, look);
    const twin = seen.get(source.file.sha256);
    if (twin !== undefined) throw twice(source.file.name, twin);
    seen.set(source.file.sha256, source.file.name);
    sources.push({ ...source, progress: reading });
  }
  const found = await read(sources);
  progress(1);
  return found;
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
