import { readdirSync } from 'node:fs';
import path from 'node:path';
import { LabError } from '#core/errors';
import { sqliteCode } from './sqlite.ts';

/**
 * What SQLite or the file system threw, as an error that says what happened to the lab's data and what to do.
 * @param file the database or lock file that was being used
 * @returns a LabError, or what was thrown where it is not one of the failures that can be expected
 */
export function storeError(thrown: unknown, file: string): unknown {
  if (thrown instanceof LabError) return thrown;
  const code = sqliteCode(thrown) ?? fileCode(thrown);
  if (code === undefined) return thrown;
  const options = { cause: thrown };
  const is = (...names: string[]): boolean =>
    names.some((name) => code === name || code.startsWith(`${name}_`));

  // Without room for the file that write-ahead mode needs beside the database, not even reading works.
  if (is('SQLITE_FULL', 'SQLITE_IOERR_SHMSIZE', 'ENOSPC', 'EDQUOT')) {
    return new LabError(
      'disk-full',
      `The disk with ${path.dirname(file)} is full. What was being stored was not; everything before it is kept.`,
      'Free some space and try again.',
      options,
    );
  }
  if (is('SQLITE_NOTADB', 'SQLITE_CORRUPT')) return damaged(file, thrown);
  if (is('SQLITE_BUSY', 'SQLITE_LOCKED', 'SQLITE_PROTOCOL')) {
    return new LabError(
      'database-in-use',
      `${file} is in use by another program. Nothing was changed.`,
      'Close the other program, or choose another folder with --data.',
      options,
    );
  }
  if (is('SQLITE_READONLY', 'SQLITE_CANTOPEN', 'SQLITE_PERM', 'EACCES', 'EPERM', 'EROFS', 'EISDIR')) {
    return new LabError(
      'database-read-only',
      `${file} cannot be written, or not even opened. Nothing was changed.`,
      'Give yourself write access to it and its folder, or choose another folder with --data.',
      options,
    );
  }
  if (is('ENOTDIR', 'EEXIST')) {
    return new LabError(
      'bad-setting',
      `The data folder ${path.dirname(file)} cannot be made, because a file is in its place. Nothing was changed.`,
      'Choose a folder with --data.',
      options,
    );
  }
  // SQLite names a full disk alone; a quota and a limit on the size of files end as failed writes.
  if (is('SQLITE_IOERR_WRITE', 'SQLITE_IOERR_FSYNC', 'SQLITE_IOERR_TRUNCATE', 'EFBIG')) {
    return new LabError(
      'file-not-writable',
      `${file} could not be written any further: a quota or a limit on the size of files is reached, or the disk fails. ` +
        'What was being stored was not; everything before it is kept.',
      'Raise the limit or free some of your quota, or check the disk, then try again.',
      options,
    );
  }
  if (is('SQLITE_IOERR', 'EIO')) {
    return new LabError(
      'file-not-readable',
      `The system reported an error while reading or writing ${file}. Everything stored before is kept.`,
      'Check the disk and its connection, then try again.',
      options,
    );
  }
  return thrown;
}

/**
 * The error for a database whose content cannot be what Crossover wrote.
 * @param reason what was found, a phrase or the thrown value
 */
export function damaged(file: string, reason: unknown): LabError {
  const found = reason instanceof Error ? reason.message : String(reason);
  const backups = backupsBeside(file);
  return new LabError(
    'database-damaged',
    `The database ${file} is damaged (${found.replace(/\.$/, '')}). It was left as it is.`,
    'Move it aside and start again: the bundled profiles and workloads come back by themselves.' +
      (backups.length > 0 ? ` An earlier copy with your studies is kept as ${backups.join(', ')}.` : ''),
    reason instanceof Error ? { cause: reason } : undefined,
  );
}

/**
 * Runs work on a file of the store and gives its failures a name.
 * @throws LabError for what can be expected, see `storeError`
 */
export function guarded<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    throw storeError(thrown, file);
  }
}

function fileCode(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error) || !('code' in thrown)) return undefined;
  return typeof thrown.code === 'string' ? thrown.code : undefined;
}

function backupsBeside(file: string): string[] {
  try {
    const start = `${path.basename(file)}.before-`;
    return readdirSync(path.dirname(file)).filter((name) => name.startsWith(start));
  } catch {
    return [];
  }
}
