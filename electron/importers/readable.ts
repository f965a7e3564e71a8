import { open, stat } from 'node:fs/promises';
import { LabError } from '#core/errors';

/**
 * Opens a file and closes it again. What is no file, such as a pipe that nobody writes to, is not opened at all.
 * @throws LabError "file-not-readable"
 */
export async function checkReadable(file: string): Promise<void> {
  try {
    const found = await stat(file);
    if (found.isDirectory()) throw Object.assign(new Error('a folder'), { code: 'EISDIR' });
    if (!found.isFile()) throw Object.assign(new Error('no file'), { code: 'ENXIO' });
    await (await open(file, 'r')).close();
  } catch (cause) {
    throw notReadable(file, cause);
  }
}

/** The error for a file that cannot be opened or read. */
export function notReadable(file: string, cause: unknown): LabError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  const why =
    code === 'ENOENT' || code === 'ENOTDIR'
      ? 'is not there'
      : code === 'EISDIR'
        ? 'is a folder'
        : code === 'ENXIO'
          ? 'is no file'
          : code === 'EACCES' || code === 'EPERM'
            ? 'may not be read'
            : 'cannot be read';
  return new LabError(
    'file-not-readable',
    `${file} ${why}. Nothing was changed.`,
    'Check that the file is there and that you may read it.',
    { cause },
  );
}
