import {
  computed,
  onScopeDispose,
  shallowReadonly,
  shallowRef,
  type ComputedRef,
  type ShallowRef,
} from 'vue';
import type { CheckedWorkload, ImportedWorkload } from '#core/workloadImport/check';
import type { UnderstoodWorkloadColumn, WorkloadRole } from '#core/workloadImport/columns';
import type { WorkloadRequest } from '#core/workloadImport/request';
import type { LabClient } from '../lab.ts';
import { useTold, type StageFound } from './useStage.ts';
import { useTask, type Task } from './useTask.ts';
import { mappingWith, rolesNow } from './workloadRoles.ts';

/** Corrections come in bursts (typing a name): the files are looked at again once the burst is over, ms. */
const BURST_MS = 250;

/** What the user says of an import; everything else is found out. */
export type WorkloadWishes = Omit<WorkloadRequest, 'files'>;

/** A workload that is being looked at: its files, what the user said, and how it is understood. */
export interface WorkloadInHand {
  /** names of the files, without their folders; empty when nothing is being imported */
  readonly names: ComputedRef<readonly string[]>;
  readonly wishes: Readonly<ShallowRef<WorkloadWishes>>;
  /** the last check; stays in sight while the next is on its way */
  readonly checked: ComputedRef<CheckedWorkload | undefined>;
  /** the columns with their roles, as the user said them, before the next check has answered */
  readonly columns: ComputedRef<readonly UnderstoodWorkloadColumn[]>;
  readonly checking: Task<[], CheckedWorkload>;
  readonly accepting: Task<[], ImportedWorkload>;
  /** how far what is under way is; undefined when nothing was told of it */
  readonly stage: StageFound['stage'];
  readonly begin: (files: readonly string[]) => void;
  /** changes what is said; what becomes undefined is found out again */
  readonly change: (changes: {
    readonly [K in keyof WorkloadWishes]?: WorkloadWishes[K] | undefined;
  }) => void;
  readonly setRole: (column: string, role: WorkloadRole) => void;
  readonly accept: () => Promise<ImportedWorkload | undefined>;
  /** stops what is under way */
  readonly stop: () => void;
  /** looks once more, after it was stopped or failed */
  readonly again: () => void;
  readonly close: () => void;
}

/** Looks at files with prompts or traces, again with every correction. Ends with the component that uses it. */
export function useWorkloadImport(client: LabClient): WorkloadInHand {
  const files = shallowRef<readonly string[]>([]);
  const wishes = shallowRef<WorkloadWishes>({});
  const request = (): WorkloadRequest => ({ ...wishes.value, files: [...files.value] });
  const checking = useTask(() => client.checkWorkload(request()));
  const accepting = useTask(() => client.importWorkload(request()));
  let waiting: ReturnType<typeof setTimeout> | undefined;

  const { stage, clear } = useTold(
    (hear) =>
      client.on('workloadProgress', ({ what, fraction }) => hear({ what: sentenceCase(what), fraction })),
    () => checking.busy.value || accepting.busy.value,
  );
  onScopeDispose(stop);

  async function look(): Promise<void> {
    clearTimeout(waiting);
    waiting = undefined;
    clear();
    await checking.run();
    if (!checking.busy.value) clear();
  }

  function change(changes: Parameters<WorkloadInHand['change']>[0]): void {
    const next = Object.fromEntries(
      Object.entries({ ...wishes.value, ...changes }).filter(([, value]) => value !== undefined),
    );
    wishes.value = next as WorkloadWishes;
    accepting.clear();
    clearTimeout(waiting);
    waiting = setTimeout(() => void look(), BURST_MS);
  }

  function stop(): void {
    clearTimeout(waiting);
    if (checking.busy.value || accepting.busy.value) void client.cancelWorkload();
  }

  const columns = computed(() => rolesNow(checking.result.value?.check.columns ?? [], wishes.value));

  function reset(): void {
    checking.clear();
    accepting.clear();
    wishes.value = {};
  }

  return {
    names: computed(() => files.value.map((file) => file.split(/[\\/]/).at(-1) ?? file)),
    wishes: shallowReadonly(wishes),
    checked: computed(() => checking.result.value),
    columns,
    checking,
    accepting,
    stage,
    begin: (chosen) => {
      if (chosen.length === 0) return;
      stop();
      reset();
      files.value = chosen;
      void look();
    },
    change,
    setRole: (column, role) => {
      const none = { format: undefined, input: undefined, output: undefined, count: undefined };
      change({ ...none, ...mappingWith(columns.value, column, role) });
    },
    accept: async () => {
      // A look at the last correction would stop the import; it is made up for where nothing was imported.
      const due = waiting !== undefined;
      clearTimeout(waiting);
      waiting = undefined;
      clear();
      const accepted = await accepting.run();
      if (due && accepting.error.value !== undefined) void look();
      return accepted;
    },
    stop,
    again: () => void look(),
    close: () => {
      stop();
      reset();
      files.value = [];
    },
  };
}

const sentenceCase = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
