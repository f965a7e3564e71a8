import { dialog, type BrowserWindow } from 'electron';
import type { Handlers } from '#ipc/contract';
import type { Lab } from '../lab.ts';
import type { WorkloadWatch } from '../lab/labWorkloads.ts';
import { tell } from './ipc.ts';

type WorkloadRequests =
  'chooseWorkloadFiles' | 'checkWorkload' | 'importWorkload' | 'cancelWorkload' | 'removeWorkload';

/**
 * The answers to the requests about workloads from files. One check or import runs at a time: a new one stops the
 * one before.
 */
export function workloadHandlers(
  window: () => BrowserWindow,
  lab: () => Lab,
): Pick<Handlers, WorkloadRequests> {
  let underWay: AbortController | undefined;

  const watched = async <T>(work: (watch: WorkloadWatch) => Promise<T>): Promise<T> => {
    underWay?.abort();
    const own = new AbortController();
    underWay = own;
    try {
      return await work({
        signal: own.signal,
        onProgress: ({ what, fraction }) => {
          if (own.signal.aborted || window().isDestroyed()) return;
          tell(window(), 'workloadProgress', { what, fraction: Math.min(1, Math.max(0, fraction)) });
        },
      });
    } finally {
      if (underWay === own) underWay = undefined;
    }
  };

  return {
    chooseWorkloadFiles: async () => {
      const { canceled, filePaths } = await dialog.showOpenDialog(window(), {
        title: 'Choose prompts, chats or a trace',
        filters: [
          {
            name: 'Prompts, chats and traces',
            extensions: ['json', 'jsonl', 'ndjson', 'csv', 'tsv', 'txt', 'parquet', 'gz'],
          },
          { name: 'All files', extensions: ['*'] },
        ],
        properties: ['openFile', 'multiSelections'],
      });
      return canceled ? [] : filePaths;
    },
    checkWorkload: (request) => watched((watch) => lab().workloads.checkWorkload(request, watch)),
    importWorkload: (request) => watched((watch) => lab().workloads.importWorkload(request, watch)),
    cancelWorkload: () => underWay?.abort(),
    removeWorkload: (id) => lab().workloads.removeWorkload(id),
  };
}
