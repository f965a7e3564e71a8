import type { Export } from '#core/reportFormat';
import { useTask, type Task } from './useTask.ts';
import type { LabState } from './useLab.ts';

/**
 * Stores the draft as a study and writes its report where the user says.
 * The task gives the path, or null when the user cancelled.
 */
export function useReportExport(lab: LabState): Task<[Export], string | null> {
  return useTask(async (format) => {
    const study = await lab.client.saveStudy(lab.draft.settings.value);
    const path =
      format === 'policy'
        ? await lab.client.exportPolicy(study.id)
        : await lab.client.exportReport({ study: study.id, format, paper: lab.paper.value });
    if (path !== null) lab.savedReport.value = path;
    void lab.catalogue.refreshStudies();
    return path;
  });
}
