import { randomUUID } from 'node:crypto';
import { lstatSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { nameTaken, writeError, writeWhole } from './writeWhole.ts';

/**
 * Writes a new folder of files that appears whole or not at all. Where it is there already, its files are replaced one
 * by one, each whole, and others in it are left alone.
 * @param files content by name; no name has a folder in it
 * @param overwrite whether a folder that is there already is written into
 * @throws LabError "file-exists", "file-not-writable" or "disk-full"; what was there before is kept
 */
export function writeFolder(
  folder: string,
  files: ReadonlyMap<string, string | Uint8Array>,
  { overwrite = false }: { overwrite?: boolean } = {},
): void {
  if (isThere(folder)) {
    if (!overwrite) throw nameTaken(folder);
    for (const [name, content] of files) writeWhole(path.join(folder, name), content, { overwrite });
    return;
  }
  const temporary = path.join(path.dirname(folder), `.${randomUUID()}.partial`);
  try {
    mkdirSync(temporary);
    for (const [name, content] of files) writeWhole(path.join(temporary, name), content);
    renameSync(temporary, folder);
  } catch (thrown) {
    throw writeError(thrown, folder);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

function isThere(folder: string): boolean {
  try {
    return lstatSync(folder, { throwIfNoEntry: false }) !== undefined;
  } catch (thrown) {
    throw writeError(thrown, folder);
  }
}
