import { shallowReadonly, shallowRef, type ShallowRef } from 'vue';
import type { RunImport } from '#core/runImport';
import type { LabClient } from '../lab.ts';
import { useTask, type Task } from './useTask.ts';

/** Run bundles that are being looked at. */
export interface RunImportInHand {
  /** empty when none are */
  readonly files: Readonly<ShallowRef<readonly string[]>>;
  /** what would be imported; null when the files are no run bundles */
  readonly checking: Task<[readonly string[]], RunImport | null>;
  readonly accepting: Task<[], RunImport | null>;
  /** @returns false when the files are no run bundles, which the doctor is to look at then */
  readonly begin: (files: readonly string[]) => Promise<boolean>;
  readonly close: () => void;
}

/** Looks at run bundles, and imports them when they are accepted. */
export function useRunImport(client: LabClient): RunImportInHand {
  const files = shallowRef<readonly string[]>([]);
  const checking = useTask((chosen: readonly string[]) =>
    client.importRuns({ files: [...chosen], check: true }),
  );
  const accepting = useTask(() => client.importRuns({ files: [...files.value], check: false }));
  let latest = 0;
  const close = (): void => {
    latest += 1;
    checking.clear();
    accepting.clear();
    files.value = [];
  };
  return {
    files: shallowReadonly(files),
    checking,
    accepting,
    begin: async (chosen) => {
      close();
      const own = ++latest;
      const found = await checking.run(chosen);
      // Others came meanwhile: it is theirs to say what they are.
      if (own !== latest) return true;
      if (found === null) return false;
      files.value = chosen;
      return true;
    },
    close,
  };
}
