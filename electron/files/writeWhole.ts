import { randomUUID } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  linkSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { LabError } from '#core/errors';

/**
 * Writes a file that appears whole or not at all: a temporary file beside it takes its name at the end.
 * @param overwrite whether a file that is there already is replaced
 * @throws LabError "file-exists", "file-not-writable" or "disk-full"; what was there before is kept
 */
export function writeWhole(
  file: string,
  content: string | Uint8Array,
  { overwrite = false }: { overwrite?: boolean } = {},
): void {
  const present = attempt(file, () => statSync(file, { throwIfNoEntry: false }));
  if (present?.isDirectory() === true) {
    throw new LabError(
      'file-not-writable',
      `${file} is a folder. Nothing was written.`,
      'Name a file in it.',
    );
  }
  if (present !== undefined && !overwrite) throw nameTaken(file);
  const temporary = path.join(path.dirname(file), `.${randomUUID()}.partial`);
  attempt(file, () => {
    try {
      fill(temporary, content);
      if (overwrite) renameSync(temporary, file);
      else putNew(temporary, file);
    } finally {
      rmSync(temporary, { force: true });
    }
  });
}

function fill(file: string, content: string | Uint8Array): void {
  const handle = openSync(file, 'wx');
  try {
    writeFileSync(handle, content);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Gives a file its name without ever replacing another, even one that has appeared in the meantime. */
function putNew(temporary: string, file: string): void {
  try {
    linkSync(temporary, file);
  } catch (thrown) {
    const code = codeOf(thrown);
    // Some file systems know no links; there the earlier look at the name has to do.
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS' && code !== 'EOPNOTSUPP') throw thrown;
    renameSync(temporary, file);
  }
}

function attempt<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    throw writeError(thrown, file);
  }
}

/** A file or folder has the name already. */
export function nameTaken(file: string): LabError {
  return new LabError(
    'file-exists',
    `${file} exists already. It was left as it is.`,
    'Choose another name, or replace it with --force.',
  );
}

/** What went wrong while writing a file, as a LabError where it is known. */
export function writeError(thrown: unknown, file: string): unknown {
  const folder = path.dirname(file);
  const options = { cause: thrown };
  switch (codeOf(thrown)) {
    case 'EEXIST':
      return nameTaken(file);
    case 'ENOENT':
    case 'ENOTDIR':
      return new LabError(
        'file-not-writable',
        `There is no folder ${folder}. Nothing was written.`,
        'Make it first, or choose another.',
        options,
      );
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new LabError(
        'file-not-writable',
        `${folder} may not be written to. Nothing was written.`,
        'Choose another folder.',
        options,
      );
    case 'ENAMETOOLONG':
      return new LabError(
        'file-not-writable',
        `The name of ${file} is too long. Nothing was written.`,
        'Choose a shorter one.',
        options,
      );
    case 'ENOSPC':
    case 'EDQUOT':
      return new LabError(
        'disk-full',
        `The disk with ${folder} is full. Nothing was written.`,
        'Free some space and try again.',
        options,
      );
    default:
      return thrown;
  }
}

function codeOf(thrown: unknown): unknown {
  return thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
}
