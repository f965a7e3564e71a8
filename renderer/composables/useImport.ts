import {
  computed,
  onScopeDispose,
  shallowReadonly,
  shallowRef,
  type ComputedRef,
  type ShallowRef,
} from 'vue';
import type { Diagnosis } from '#core/import/diagnosis';
import type { UnderstoodColumn } from '#core/import/observation';
import type { ColumnChoice, ImportOptions } from '#core/import/options';
import type { AcceptedImport } from '#core/import/record';
import type { LabClient } from '../lab.ts';
import { useTold, type StageFound } from './useStage.ts';
import { useTask, type Task } from './useTask.ts';

/** Corrections come in bursts (typing a name): the files are looked at again once the burst is over, ms. */
const BURST_MS = 200;

/** An import that is being looked at: its files, what the user said, and what the doctor finds. */
export interface ImportInHand {
  /** names of the files, without their folders; empty when nothing is being imported */
  readonly names: ComputedRef<readonly string[]>;
  /** what the user said; everything else is found out */
  readonly options: Readonly<ShallowRef<ImportOptions>>;
  /** the last diagnosis; stays in sight while the next is on its way */
  readonly diagnosis: ComputedRef<Diagnosis | undefined>;
  readonly checking: Task<[], Diagnosis>;
  readonly accepting: Task<[boolean], AcceptedImport>;
  /** how far what is under way is; undefined when nothing was told of it */
  readonly stage: StageFound['stage'];
  readonly begin: (files: readonly string[]) => void;
  /** changes options; one that becomes undefined is found out again */
  readonly change: (changes: { readonly [K in keyof ImportOptions]?: ImportOptions[K] | undefined }) => void;
  /** says what a column is; of the others, those that the user has said before stay */
  readonly changeColumn: (column: UnderstoodColumn, choice: ColumnChoice) => void;
  /** @param replace an import that has the same id and is another is replaced */
  readonly accept: (replace: boolean) => Promise<AcceptedImport | undefined>;
  /** stops what is under way */
  readonly stop: () => void;
  /** looks once more, after it was stopped or failed */
  readonly again: () => void;
  readonly close: () => void;
}

/** Looks at files with the doctor, again with every correction. Ends with the component that uses it. */
export function useImport(client: LabClient): ImportInHand {
  const files = shallowRef<readonly string[]>([]);
  const options = shallowRef<ImportOptions>({});
  const question = (): { files: string[]; options: ImportOptions } => ({
    files: [...files.value],
    options: options.value,
  });
  const checking = useTask(() => client.checkImport(question()));
  const accepting = useTask((replace: boolean) => client.acceptImport({ ...question(), replace }));
  let waiting: ReturnType<typeof setTimeout> | undefined;

  const { stage, clear } = useTold(
    (hear) => client.on('importProgress', ({ fraction }) => hear({ what: 'Reading the files', fraction })),
    () => checking.busy.value || accepting.busy.value,
  );
  onScopeDispose(letGo);

  async function look(): Promise<void> {
    clearTimeout(waiting);
    waiting = undefined;
    clear();
    await checking.run();
    if (!checking.busy.value) clear();
  }

  function change(changes: Parameters<ImportInHand['change']>[0]): void {
    const next = Object.fromEntries(
      Object.entries({ ...options.value, ...changes }).filter(([, value]) => value !== undefined),
    );
    options.value = next as ImportOptions;
    accepting.clear();
    clearTimeout(waiting);
    waiting = setTimeout(() => void look(), BURST_MS);
  }

  function stop(): void {
    clearTimeout(waiting);
    if (checking.busy.value || accepting.busy.value) void client.cancelImport();
  }

  function letGo(): void {
    clearTimeout(waiting);
    if (files.value.length > 0) void client.closeImport();
  }

  return {
    names: computed(() => files.value.map((file) => file.split(/[\\/]/).at(-1) ?? file)),
    options: shallowReadonly(options),
    diagnosis: computed(() => checking.result.value),
    checking,
    accepting,
    stage,
    begin: (chosen) => {
      if (chosen.length === 0) return;
      checking.clear();
      accepting.clear();
      files.value = chosen;
      options.value = {};
      void look();
    },
    change,
    changeColumn: (column, choice) => {
      const told = (checking.result.value?.files ?? [])
        .flatMap(({ columns }) => columns)
        .filter(({ how }) => how === 'told')
        .map((each) => [each.name, choiceOf(each)] as const);
      change({ columns: { ...Object.fromEntries(told), ...options.value.columns, [column.name]: choice } });
    },
    accept: async (replace) => {
      // A look at the last correction would stop the import; it is made up for where nothing was imported.
      const due = waiting !== undefined;
      clearTimeout(waiting);
      waiting = undefined;
      clear();
      const accepted = await accepting.run(replace);
      if (due && accepting.error.value !== undefined) void look();
      return accepted;
    },
    stop,
    again: () => void look(),
    close: () => {
      letGo();
      checking.clear();
      accepting.clear();
      files.value = [];
      options.value = {};
    },
  };
}

/** A column as it is understood, as a choice of the user's. */
export function choiceOf({
  role,
  unit,
  rail,
}: Pick<UnderstoodColumn, 'role' | 'unit' | 'rail'>): ColumnChoice {
  return { role, ...(unit === null ? {} : { unit }), ...(rail === null ? {} : { rail }) };
}
