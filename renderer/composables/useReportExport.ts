import { computed, shallowRef, type ComputedRef, type Ref } from 'vue';
import { EXPORTS, type Export } from '#core/reportFormat';
import type { Stage } from './pace.ts';
import type { LabState } from './useLab.ts';
import { useSlow } from './useSlow.ts';
import { useStage } from './useStage.ts';
import { useTask, type Task } from './useTask.ts';

/** Writing the report that is shown where the user says: that of what is stored, or else of the draft, which is then stored. */
export interface ReportExport extends Task<[Export], string | null> {
  /** it takes longer than one waits without being told */
  readonly slow: Readonly<Ref<boolean>>;
  readonly stage: ComputedRef<Stage | undefined>;
  /** whether what is being done now can be stopped */
  readonly stoppable: ComputedRef<boolean>;
  readonly stop: () => void;
}

/** The task gives the path, or null when the user cancelled. */
export function useReportExport(lab: LabState): ReportExport {
  /** the form that is being made, once the study is stored */
  const making = shallowRef<Export>();
  const task = useTask(async (format: Export) => {
    making.value = undefined;
    clear();
    const { value: stored } = lab.reported;
    const study = stored ?? (await lab.client.saveStudy(lab.draft.settings.value));
    making.value = format;
    const path =
      format === 'policy'
        ? await lab.client.exportPolicy(study.id)
        : await lab.client.exportReport({ study: study.id, format, paper: lab.paper.value });
    if (path !== null) lab.savedReport.value = path;
    if (stored === undefined) void lab.catalogue.refreshStudies();
    return path;
  });
  const { stage: storing, clear } = useStage(lab.client, 'save', () => task.busy.value);
  return {
    ...task,
    // Keys are quicker than a dialog: two in a row would ask for the place of the same file twice.
    run: (format) => (task.busy.value ? Promise.resolve(undefined) : task.run(format)),
    slow: useSlow(() => task.busy.value),
    stage: computed(() => {
      const form = EXPORTS.find(({ id }) => id === making.value);
      return form === undefined
        ? storing.value
        : {
            what: `Making the ${form.name}; where it goes is asked next`,
            fraction: undefined,
            remainingS: undefined,
          };
    }),
    // What is written at once is over before it could be stopped.
    stoppable: computed(() => making.value === undefined || making.value === 'pdf'),
    stop: () => void (making.value === 'pdf' ? lab.client.cancelExport() : lab.client.cancelStudy('save')),
  };
}
