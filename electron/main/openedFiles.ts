import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

/** Files that the system brings to the window, from the time before there is one. */
export interface OpenedFiles {
  readonly add: (files: readonly string[]) => void;
  /** what came so far; whatever comes later is told at once */
  readonly take: () => string[];
}

/** @param tell hands files to the window, once it has asked for what came before */
export function createOpenedFiles(tell: (files: string[]) => void): OpenedFiles {
  let waiting: string[] | undefined = [];
  return {
    add: (files) => {
      if (files.length === 0) return;
      if (waiting === undefined) tell([...files]);
      else waiting.push(...files);
    },
    take: () => {
      const files = waiting ?? [];
      waiting = undefined;
      return files;
    },
  };
}

/**
 * The files among a program's arguments, as full paths: what is no switch, and not the app's own folder. Some file
 * managers give addresses of files instead.
 * @param folder against which relative paths are meant
 * @param byElectron whether Electron was started with the app's folder, as in development
 */
export function filesAmong(argv: readonly string[], folder: string, byElectron = false): string[] {
  const { positionals } = parseArgs({
    args: argv.slice(1),
    options: { data: { type: 'string' } },
    strict: false,
    allowPositionals: true,
  });
  return positionals.slice(byElectron ? 1 : 0).flatMap((file) => {
    if (!file.startsWith('file:')) return path.resolve(folder, file);
    try {
      return fileURLToPath(file);
    } catch {
      // The address of a file on another computer, or none.
      return [];
    }
  });
}
