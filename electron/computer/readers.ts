import { accessSync, constants, readFileSync, statfsSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** How a probe looks at the computer; tests pass their own. None of them throws. */
export interface Readers {
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  readonly chip: string;
  readonly cores: number;
  readonly memoryBytes: number;
  /** the kernel's release */
  readonly release: string;
  /** undefined when there is no such file, or it may not be read */
  readFile(file: string): string | undefined;
  fileExists(file: string): boolean;
  /** where a program is, undefined when it is not on the path */
  findProgram(name: string): string | undefined;
  /** free space of a folder's disk, in bytes */
  freeBytes(folder: string): number | undefined;
}

/** Looks at the computer this runs on. */
export function hereReaders(): Readers {
  const cpus = os.cpus();
  return {
    platform: process.platform,
    arch: process.arch,
    chip: cpus[0]?.model.trim() ?? '',
    cores: cpus.length,
    memoryBytes: os.totalmem(),
    release: os.release(),
    readFile: (file) => attempt(() => readFileSync(file, 'utf8')),
    fileExists: (file) => statSync(file, { throwIfNoEntry: false }) !== undefined,
    findProgram: (name) => findOnPath(name, process.env.PATH ?? '', process.platform),
    freeBytes: (folder) =>
      attempt(() => {
        const { bavail, bsize } = statfsSync(folder);
        return bavail * bsize;
      }),
  };
}

/**
 * Looks for a program in the folders of a search path.
 * @returns its path, undefined when none of them has it
 */
export function findOnPath(name: string, searchPath: string, platform: NodeJS.Platform): string | undefined {
  const endings = platform === 'win32' ? ['.exe', '.cmd', ''] : [''];
  const folders = searchPath.split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  return folders
    .flatMap((folder) => endings.map((ending) => path.join(folder, name + ending)))
    .find((file) =>
      attempt(() => {
        accessSync(file, constants.X_OK);
        return statSync(file).isFile();
      }),
    );
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
