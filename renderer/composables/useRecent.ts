import { shallowReadonly, shallowRef, type ShallowRef } from 'vue';
import type { RecentFiles } from '#core/recentFile';
import type { LabClient } from '../lab.ts';

/** The files that were brought in or saved last. */
export interface Recent {
  /** the latest first */
  readonly files: Readonly<ShallowRef<readonly RecentFiles[]>>;
  readonly begin: () => Promise<void>;
  readonly clear: () => Promise<void>;
}

/** What each kind is, in a word. */
export const RECENT_WORDS: Readonly<Record<RecentFiles['kind'], string>> = {
  profile: 'profile',
  workload: 'workload',
  runs: 'run',
  study: 'study',
  model: 'model',
  report: 'report',
};

/** Main tells of every change, for the menu has the same list. */
export function createRecent(client: LabClient): Recent {
  const files = shallowRef<readonly RecentFiles[]>([]);
  return {
    files: shallowReadonly(files),
    begin: async () => {
      client.on('recentFiles', (told) => (files.value = told.files));
      files.value = await client.listRecent();
    },
    clear: () => client.clearRecent(),
  };
}
