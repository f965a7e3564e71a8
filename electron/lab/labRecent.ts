import { existsSync } from 'node:fs';
import path from 'node:path';
import { LabError } from '#core/errors';
import type { RecentFiles } from '#core/recentFile';
import { dropRecentFiles, listRecentFiles, putRecentFiles } from '../store/recentFiles.ts';
import type { Store } from './openStore.ts';

/** The files that were brought in or saved last. */
export interface LabRecent {
  /** the latest first */
  list(): RecentFiles[];
  add(paths: readonly string[], kind: RecentFiles['kind']): void;
  /**
   * files of the list that are to be opened once more
   * @throws LabError "file-not-readable" when one is no longer there; they are then taken off the list
   */
  take(id: string): RecentFiles;
  clear(): void;
}

export function createLabRecent({
  store,
  guard,
}: {
  readonly store: Store;
  readonly guard: <T>(work: () => T) => T;
}): LabRecent {
  const list = (): RecentFiles[] => guard(() => listRecentFiles(store.db));
  return {
    list,
    add: (paths, kind) => {
      if (paths.length === 0) return;
      guard(() =>
        putRecentFiles(
          store.writable(),
          paths.map((file) => path.resolve(file)),
          kind,
        ),
      );
    },
    take: (id) => {
      const found = list().find((each) => each.id === id);
      const gone = found?.paths.find((file) => !existsSync(file));
      if (found !== undefined && gone === undefined) return found;
      guard(() => dropRecentFiles(store.writable(), id));
      throw new LabError(
        'file-not-readable',
        gone === undefined
          ? 'These files are not in the list of recent files any more.'
          : `${path.basename(gone)} is no longer in ${path.dirname(gone)}, so it was taken off the list of recent files.`,
        'Open it from where it is now.',
      );
    },
    clear: () => guard(() => dropRecentFiles(store.writable())),
  };
}
