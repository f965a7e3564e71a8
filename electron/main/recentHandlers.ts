import { app, shell } from 'electron';
import { LabError } from '#core/errors';
import type { RecentFiles } from '#core/recentFile';
import type { Handlers } from '#ipc/contract';
import type { Lab } from '../lab.ts';
import { logError } from './log.ts';

export type RecentRequest = 'listRecent' | 'openRecent' | 'clearRecent';

/** Adding to the list of the system itself, which Linux has not. */
const SYSTEM_HAS_LIST = process.platform === 'darwin' || process.platform === 'win32';

/**
 * The handlers, which now remember the files that are brought in or saved, and the answers to the requests about
 * those.
 * @param changed told the list whenever it has become another
 */
export function remembering(
  handlers: Omit<Handlers, RecentRequest>,
  lab: () => Lab,
  changed: (files: RecentFiles[]) => void,
): Handlers {
  const add = (paths: readonly string[], kind: RecentFiles['kind']): void => {
    try {
      lab().recent.add(paths, kind);
      if (SYSTEM_HAS_LIST) for (const file of paths) app.addRecentDocument(file);
      changed(lab().recent.list());
    } catch (thrown) {
      // What was brought in is stored: that a list does not know of it is no failure of it.
      logError('a recent file could not be remembered', thrown);
    }
  };
  return {
    ...handlers,
    acceptImport: async (input) => {
      const done = await handlers.acceptImport(input);
      add(input.files, 'profile');
      return done;
    },
    importRuns: async (input) => {
      const done = await handlers.importRuns(input);
      if (done !== null && !input.check) add(input.files, 'runs');
      return done;
    },
    importWorkload: async (input) => {
      const done = await handlers.importWorkload(input);
      add(input.files, 'workload');
      return done;
    },
    openBundle: async (file) => {
      const done = await handlers.openBundle(file);
      add([file], 'study');
      return done;
    },
    exportReport: async (input) => {
      const file = await handlers.exportReport(input);
      if (file !== null) add([file], input.format === 'bundle' ? 'study' : 'report');
      return file;
    },
    listRecent: () => lab().recent.list(),
    openRecent: async (id) => {
      try {
        const found = lab().recent.take(id);
        if (found.kind !== 'report') return found.paths;
        const refused = await shell.openPath(found.paths[0]!);
        if (refused === '') return [];
        throw new LabError(
          'file-not-readable',
          `The system could not open ${found.paths[0]!}: ${refused}.`,
          'Open it from the file manager.',
        );
      } finally {
        changed(lab().recent.list());
      }
    },
    clearRecent: () => {
      lab().recent.clear();
      if (SYSTEM_HAS_LIST) app.clearRecentDocuments();
      changed([]);
    },
  };
}
