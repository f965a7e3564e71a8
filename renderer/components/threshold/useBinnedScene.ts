import { computed, shallowRef, watch, type ComputedRef } from 'vue';
import { pairsOfBins, type BinnedPairs } from '#core/analysis/binnedPairs';
import { fits, isJoint, prepareJoint, type PreparedJoint } from '#core/analysis/jointSetUp';
import { ruleTotals, tableCostForm } from '#core/analysis/rules';
import { errorData, type ErrorData } from '#core/errors';
import type { StudyInputs } from '#core/study';
import type { LabState } from '../../composables/useLab.ts';
import { studyScene, type StudyScene } from './scene.ts';

/** What a large study's views are drawn from: its workload in bins. */
export interface BinnedScene {
  readonly scene: StudyScene;
  readonly bins: number;
  readonly pairs: number;
  /** of a bin, a fraction of its length */
  readonly width: number;
  /** how far the bins move the energy or the runtime of a single system, a fraction */
  readonly off: number;
}

/**
 * The views of a study whose workload is too large for the window: its pairs come in bins from the main process, and map
 * and surface are drawn from these. Everything that is stated of the study stays exact, and so is what a click settles on.
 */
export function useBinnedScene(lab: LabState): {
  readonly binned: ComputedRef<BinnedScene | undefined>;
  readonly error: ComputedRef<ErrorData | undefined>;
} {
  const { draft, client, catalogue } = lab;
  const failed = shallowRef<ErrorData>();
  const known = shallowRef<{ readonly workload: StudyInputs['workload']; readonly found: BinnedPairs }>();
  /** the outline of a large workload; undefined of any other */
  const outline = computed(() => {
    const { value } = draft.outcome;
    return 'inputs' in value && value.inputs.workload.pairs.length === 0 ? value.inputs.workload : undefined;
  });
  watch(
    [outline, catalogue.revision],
    async ([asked]) => {
      failed.value = undefined;
      known.value = undefined;
      if (asked === undefined) return;
      try {
        const found = await client.binWorkload(asked.id);
        if (outline.value === asked) {
          known.value = { workload: { ...asked, pairs: pairsOfBins(found) }, found };
        }
      } catch (thrown) {
        if (outline.value === asked) failed.value = errorData(thrown);
      }
    },
    { immediate: true },
  );

  let prepared: PreparedJoint | undefined;
  let own: StudyInputs | undefined;
  const binned = computed((): BinnedScene | undefined => {
    const current = draft.outcome.value;
    const bins = known.value;
    const settings = draft.settings.value;
    if (bins === undefined || current.state !== 'done' || !isJoint(settings)) return undefined;
    const { small, large } = current.inputs;
    if (current.inputs.workload !== outline.value) return undefined;
    if (own?.small !== small || own.large !== large || own.workload !== bins.workload) {
      own = { small, large, workload: bins.workload };
    }
    if (prepared === undefined || !fits(prepared, settings, own)) prepared = prepareJoint(settings, own);
    const { table } = prepared.problem;
    const form = tableCostForm(table, settings.lambda, settings.cost);
    const scene = studyScene(settings, own, current.result, prepared, lab.studyUnits.value);
    // What the surface is set against is of the same bins, or the difference would be theirs.
    const [one, other] = scene.singles.map((single, system) => ({
      ...single,
      ...ruleTotals(table, { policy: 'single', system }, form),
    })) as [StudyScene['singles'][0], StudyScene['singles'][1]];
    return {
      scene: {
        ...scene,
        singles: [one, other],
        bestPair: current.result.policies.find(
          ({ policy, chosen }) => policy === 'threshold-both' && chosen !== true,
        ),
      },
      bins: bins.workload.pairs.length,
      pairs: bins.found.pairs,
      width: bins.found.width,
      off: Math.max(
        ...[one, other].flatMap((single, i) => [
          Math.abs(single.energyJ / scene.singles[i]!.energyJ - 1),
          Math.abs(single.runtimeS / scene.singles[i]!.runtimeS - 1),
        ]),
      ),
    };
  });
  return { binned, error: computed(() => failed.value) };
}
