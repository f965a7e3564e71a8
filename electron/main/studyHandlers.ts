import type { BrowserWindow } from 'electron';
import type { Handlers } from '#ipc/contract';
import type { Lab } from '../lab.ts';
import type { StudyWatch } from '../workers/runStudy.ts';
import { tell } from './ipc.ts';

type StudyRequests =
  | 'saveStudy'
  | 'previewStudy'
  | 'compareSystems'
  | 'cancelStudy'
  | 'listStudies'
  | 'changeStudy'
  | 'removeStudy'
  | 'restoreStudy'
  | 'compareStudies';

/**
 * The answers to the requests about studies. A new preview stops the one before; a study that is to be stored is
 * stopped by the user alone.
 */
export function studyHandlers(window: () => BrowserWindow, lab: () => Lab): Pick<Handlers, StudyRequests> {
  const underWay = new Set<AbortController>();
  let preview: AbortController | undefined;
  let comparison: AbortController | undefined;

  const watched = async <T>(own: AbortController, work: (watch: StudyWatch) => Promise<T>): Promise<T> => {
    underWay.add(own);
    try {
      return await work({
        signal: own.signal,
        onProgress: ({ what, fraction }) => {
          if (own.signal.aborted || window().isDestroyed()) return;
          tell(window(), 'studyProgress', { what, fraction: Math.min(1, Math.max(0, fraction)) });
        },
      });
    } finally {
      underWay.delete(own);
    }
  };

  return {
    saveStudy: (settings) => watched(new AbortController(), (watch) => lab().saveStudy(settings, watch)),
    previewStudy: (settings) => {
      preview?.abort();
      preview = new AbortController();
      return watched(preview, (watch) => lab().previewStudy(settings, watch));
    },
    compareSystems: async (settings) => {
      comparison?.abort();
      comparison = new AbortController();
      return (await watched(comparison, ({ signal }) => lab().compareSystems(settings, { signal }))).result;
    },
    cancelStudy: () => {
      for (const each of underWay) each.abort();
    },
    listStudies: () => lab().projects.studies(),
    changeStudy: ({ study, name, note }) =>
      lab().changeStudy(study, {
        ...(name === undefined ? {} : { name }),
        ...(note === undefined ? {} : { note }),
      }),
    removeStudy: (id) => lab().projects.removeStudy(id),
    restoreStudy: (id) => lab().projects.restoreStudy(id),
    compareStudies: ({ a, b }) => lab().compareStudies(a, b),
  };
}
