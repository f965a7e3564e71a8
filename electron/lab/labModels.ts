import path from 'node:path';
import { LabError } from '#core/errors';
import type { CachedModel, ModelCache, RemovedModels } from '#core/modelCache';
import { isSynthetic, parseSynthetic } from '#core/modelShapes';
import type { RunRequest } from '#core/runRequest';
import { listCachedModels, removeCachedModel, wholeName } from '../engines/modelCache.ts';
import { syntheticFile } from '../engines/syntheticModel.ts';
import { nearestIds } from './nearest.ts';

/** The made-up weights in the data folder. Other files there are never shown and never removed. */
export interface LabModels {
  list(): ModelCache;
  /**
   * Removes some of them: all where none is named. Of all, those that the run under way works with are kept.
   * @param names of the list, or as `measure --model` takes them
   * @throws LabError "bad-model" for a name that is not there, "bad-setting" for one that is in use; nothing is then
   * removed. "file-not-writable", "database-read-only"
   */
  remove(names?: readonly string[]): Promise<RemovedModels>;
}

/** Where made-up weights are kept in a data folder. */
export const modelFolderOf = (dataFolder: string): string => path.join(dataFolder, 'models');

/**
 * @param underWay what the run under way was asked for; undefined when there is none
 * @param mayWrite throws where the lab was opened for reading alone
 */
export function createLabModels(options: {
  dataFolder: string;
  underWay: () => RunRequest | undefined;
  mayWrite: () => void;
}): LabModels {
  const folder = modelFolderOf(options.dataFolder);
  const list = (): CachedModel[] => {
    const used = usedBy(options.underWay(), folder);
    return listCachedModels(folder).map((model) => ({
      ...model,
      inUse: used !== undefined && wholeName(model.file) === wholeName(used),
    }));
  };
  return {
    list: () => {
      const models = list();
      return { models, bytes: models.reduce((total, { bytes }) => total + bytes, 0) };
    },
    async remove(names) {
      options.mayWrite();
      const models = list();
      const asked = names === undefined ? models : names.flatMap((name) => named(models, name));
      const used = asked.find(({ inUse }) => inUse);
      if (names !== undefined && used !== undefined) {
        throw new LabError(
          'bad-setting',
          `The run under way works with ${used.name}, so it was not removed, nor was any other.`,
          'Wait for the run, or cancel it.',
        );
      }
      const removed: string[] = [];
      let freedBytes = 0;
      for (const { name, file, bytes, inUse } of asked) {
        if (inUse || removed.includes(name)) continue;
        await removeCachedModel(file, `${removed.length} of ${asked.length} files were removed.`);
        removed.push(name);
        freedBytes += bytes;
      }
      return { removed, kept: asked.filter(({ inUse }) => inUse).map(({ name }) => name), freedBytes };
    },
  };
}

/** The file that a run works with, or is making; undefined without a run, and for a server. */
function usedBy(request: RunRequest | undefined, folder: string): string | undefined {
  if (request?.engine !== 'embedded') return undefined;
  if (!isSynthetic(request.model)) return path.resolve(request.model);
  try {
    return syntheticFile(parseSynthetic(request.model), folder);
  } catch {
    return undefined;
  }
}

/** What a name means: one file, or for a model all files of it, half-made ones included. */
function named(models: readonly CachedModel[], name: string): CachedModel[] {
  const wanted = name.trim();
  const found = models.filter(
    (model) =>
      model.name === wanted ||
      path.basename(model.file) === wanted ||
      (isSynthetic(wanted) && model.model?.toLowerCase() === whole(wanted).toLowerCase()),
  );
  if (found.length > 0) return found;
  const nearest = nearestIds(
    wanted,
    models.map((model) => model.name),
  );
  throw new LabError(
    'bad-model',
    `There are no made-up weights with the name "${wanted}". Nothing was removed.`,
    `${nearest.length > 0 ? `Did you mean ${nearest.join(' or ')}? ` : ''}crossover models list shows them all.`,
  );
}

/** A name with its quantisation, where it leaves that out. */
function whole(name: string): string {
  try {
    const { shape, quantisation } = parseSynthetic(name);
    return `synthetic:${shape.id}:${quantisation}`;
  } catch {
    return name;
  }
}
