import { dialog, type BrowserWindow } from 'electron';
import type { Handlers } from '#ipc/contract';
import type { Lab } from '../lab.ts';
import type { ImportWatch } from '../lab/labImports.ts';
import { recogniseFiles } from '../lab/recogniseFiles.ts';
import { tell } from './ipc.ts';

type ImportRequest =
  | 'recogniseFiles'
  | 'chooseImportFiles'
  | 'listImportFormats'
  | 'importRuns'
  | 'checkImport'
  | 'acceptImport'
  | 'cancelImport'
  | 'closeImport'
  | 'importOf'
  | 'removeProfile';

/** The answers to the requests about imports. One check or import runs at a time: a new one stops the one before. */
export function importHandlers(window: () => BrowserWindow, lab: () => Lab): Pick<Handlers, ImportRequest> {
  let underWay: AbortController | undefined;

  const watched = async <T>(work: (watch: Required<ImportWatch>) => Promise<T>): Promise<T> => {
    underWay?.abort();
    const own = new AbortController();
    underWay = own;
    let told = -1;
    try {
      return await work({
        signal: own.signal,
        progress: (fraction) => {
          const percent = Math.floor(Math.min(1, Math.max(0, fraction)) * 100);
          if (percent === told || own.signal.aborted || window().isDestroyed()) return;
          told = percent;
          tell(window(), 'importProgress', { fraction: percent / 100 });
        },
      });
    } finally {
      if (underWay === own) underWay = undefined;
    }
  };

  return {
    recogniseFiles: (files) => recogniseFiles(files),
    chooseImportFiles: async () => {
      const { canceled, filePaths } = await dialog.showOpenDialog(window(), {
        properties: ['openFile', 'multiSelections'],
      });
      return canceled ? [] : filePaths;
    },
    listImportFormats: () => lab().imports.formats(),
    importRuns: ({ files, check }) => {
      const { runs } = lab();
      return runs.areBundles(files) ? runs.importBundles(files, { check }) : null;
    },
    checkImport: ({ files, options }) => watched((watch) => lab().imports.check(files, options, watch)),
    acceptImport: ({ files, options, replace = false }) =>
      watched((watch) => lab().imports.accept(files, options, { ...watch, replace })),
    cancelImport: () => underWay?.abort(),
    closeImport: () => {
      underWay?.abort();
      lab().imports.forget();
    },
    importOf: (profile) => lab().imports.of(profile) ?? null,
    removeProfile: (profile) => lab().imports.remove(profile),
  };
}
