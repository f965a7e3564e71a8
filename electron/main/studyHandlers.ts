import type { BrowserWindow } from 'electron';
import type { Handlers } from '#ipc/contract';
import type { StudyWork } from '#ipc/studyWork';
import type { Lab } from '../lab.ts';
import type { StudyWatch } from '../workers/runStudy.ts';
import { tell } from './ipc.ts';

type StudyRequests =
  | 'saveStudy'
  | 'previewStudy'
  | 'compareSystems'
  | 'varyStudy'
  | 'simulateStudy'
  | 'reproducePaper'
  | 'saveComparison'
  | 'listComparisons'
  | 'changeComparison'
  | 'removeComparison'
  | 'restoreComparison'
  | 'cancelStudy'
  | 'listStudies'
  | 'changeStudy'
  | 'removeStudy'
  | 'restoreStudy'
  | 'compareStudies';

/**
 * The answers to the requests about studies. New work of a kind stops the last of that kind; a study that is to be stored
 * is stopped by the user alone.
 */
export function studyHandlers(window: () => BrowserWindow, lab: () => Lab): Pick<Handlers, StudyRequests> {
  const underWay = new Map<AbortController, StudyWork>();
  const stop = (kind: StudyWork): void => {
    for (const [own, each] of underWay) if (each === kind) own.abort();
  };

  const watched = async <T>(kind: StudyWork, work: (watch: StudyWatch) => Promise<T>): Promise<T> => {
    if (kind !== 'save') stop(kind);
    const own = new AbortController();
    underWay.set(own, kind);
    try {
      return await work({
        signal: own.signal,
        onProgress: ({ what, fraction }) => {
          if (own.signal.aborted || window().isDestroyed()) return;
          tell(window(), 'studyProgress', { kind, what, fraction: Math.min(1, Math.max(0, fraction)) });
        },
      });
    } finally {
      underWay.delete(own);
    }
  };

  return {
    saveStudy: (settings) => watched('save', (watch) => lab().saveStudy(settings, watch)),
    previewStudy: (settings) => watched('preview', (watch) => lab().previewStudy(settings, watch)),
    compareSystems: async (settings) =>
      (await watched('compare', (watch) => lab().compareSystems(settings, watch))).result,
    varyStudy: (settings) => watched('vary', (watch) => lab().varyStudy(settings, watch)),
    simulateStudy: ({ settings, operation }) =>
      watched('simulate', (watch) => lab().simulateStudy(settings, operation, watch)),
    reproducePaper: () => lab().reproduceApart(),
    saveComparison: (settings) => watched('save', (watch) => lab().comparisons.save(settings, watch)),
    listComparisons: () => lab().comparisons.list(),
    changeComparison: ({ comparison, ...changes }) => lab().comparisons.change(comparison, given(changes)),
    removeComparison: (id) => lab().comparisons.remove(id),
    restoreComparison: (id) => lab().comparisons.restore(id),
    cancelStudy: stop,
    listStudies: () => lab().projects.studies(),
    changeStudy: ({ study, ...changes }) => lab().changeStudy(study, given(changes)),
    removeStudy: (id) => lab().projects.removeStudy(id),
    restoreStudy: (id) => lab().projects.restoreStudy(id),
    compareStudies: ({ a, b }) => lab().compareStudies(a, b),
  };
}

/** What of a name and a note was given. */
function given({ name, note }: { readonly name?: string | undefined; readonly note?: string | undefined }): {
  name?: string;
  note?: string;
} {
  return { ...(name === undefined ? {} : { name }), ...(note === undefined ? {} : { note }) };
}
