import type { ComparisonSummary } from '#core/storedComparison';
import { without } from './useDraft.ts';
import type { LabState } from './useLab.ts';

/** Opens a stored comparison on the Check page, where comparisons are made: its ends become the pair of the draft. */
export function openComparison(lab: LabState, { settings, energyModel }: ComparisonSummary): void {
  const { profiles, workload, lambda, cost, boundary, idle, minSaving, bootstrap, seed, capacity } = settings;
  lab.openedSystems.value = profiles;
  lab.draft.replace({
    ...without(lab.draft.settings.value, 'chosen', 'stated', 'capacity'),
    small: profiles[0]!,
    large: profiles.at(-1)!,
    workload,
    energyModel,
    thresholds: 'every-integer',
    lambda,
    cost,
    boundary,
    idle,
    minSaving,
    ...(bootstrap === undefined ? {} : { bootstrap }),
    ...(seed === undefined ? {} : { seed }),
  });
  lab.go('check');
  if (capacity !== undefined) {
    lab.projects.notice.value = {
      text: 'Opened without its devices and arrivals, which are not asked for several systems here; its report has them.',
    };
  }
}
