/** The made-up models that lie in the data folder: what is there, whole or half-made, and its removal. */
import { readdirSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { parseSynthetic, syntheticName, type SyntheticModel } from '#core/modelShapes';
import type { CachedModel } from '#core/modelCache';
import { fileFailure } from './fileFailure.ts';
import { estimateSynthetic, EXTENSION, FORMAT_VERSION, PARTIAL } from './syntheticModel.ts';

/** synthetic-SHAPE-QUANTISATION-vFORM[-seedN].gguf, and of a half-made one its process and `.partial` behind that */
const NAME = /^synthetic-(.+)-([A-Z0-9_]+)-v(\d+)(-seed\d+)?$/;

/** The files that were made or begun, by name; none where the folder is not there. */
export function listCachedModels(folder: string): Omit<CachedModel, 'inUse'>[] {
  return namesIn(folder)
    .filter((name) => name.startsWith('synthetic-') && (name.endsWith(EXTENSION) || name.endsWith(PARTIAL)))
    .sort()
    .flatMap((name) => {
      const file = path.join(folder, name);
      const found = statSync(file, { throwIfNoEntry: false });
      if (found?.isFile() !== true) return [];
      const half = name.endsWith(PARTIAL);
      const made = madeFrom(wholeName(name));
      return [
        {
          name: half ? name : wholeName(name),
          model: made === undefined ? null : syntheticName(made.model),
          file,
          bytes: found.size,
          madeAt: found.mtime.toISOString(),
          complete: !half && (made === undefined || found.size === made.bytes),
        },
      ];
    });
}

/** A file's name without its ending, which a half-made file shares with the one that it would have become. */
export function wholeName(file: string): string {
  return path.basename(file).split(EXTENSION)[0]!;
}

/**
 * Removes a file of `listCachedModels`; one that is gone already is no failure.
 * @param kept a sentence on what became of the others
 * @throws LabError "file-not-writable"
 */
export async function removeCachedModel(file: string, kept: string): Promise<void> {
  try {
    await rm(file, { force: true });
  } catch (thrown) {
    throw fileFailure(thrown, path.dirname(file), kept);
  }
}

/** What a file's name says that it is, and how large it has to be; undefined where the name does not tell. */
function madeFrom(name: string): { model: SyntheticModel; bytes: number } | undefined {
  const [, shape, quantisation, version] = NAME.exec(name) ?? [];
  try {
    const model = parseSynthetic(`synthetic:${shape}:${quantisation}`);
    // Of an older form the size is not known: such a file is not used, and whole for all that is known.
    return Number(version) === FORMAT_VERSION ? { model, bytes: estimateSynthetic(model).bytes } : undefined;
  } catch {
    return undefined;
  }
}

function namesIn(folder: string): string[] {
  return statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true ? readdirSync(folder) : [];
}
