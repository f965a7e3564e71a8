import {
  distinctVariations,
  variationsOf,
  type Variation,
  type VariationAnswer,
} from '#core/analysis/variations';
import type { StudyInputs, StudySettings } from '#core/study';
import type { Workload } from '#core/workload';
import type { StudyWatch } from './runStudy.ts';
import type { WorkerPool } from './workerPool.ts';

/**
 * Runs a study with one thing changed at a time, on threads of their own. Other workloads go to a thread one by one, the
 * rest in as many parts as there are threads.
 * @param workloads all that there are, by id
 * @returns the answers, in the order of `variationsOf`
 * @throws LabError "interrupted" when the signal aborts
 */
export async function runVariations(
  pool: WorkerPool,
  {
    settings,
    inputs,
    workloads,
  }: {
    readonly settings: StudySettings;
    readonly inputs: StudyInputs;
    readonly workloads: ReadonlyMap<string, Workload>;
  },
  { signal, onProgress }: StudyWatch = {},
): Promise<VariationAnswer[]> {
  const variations = distinctVariations(variationsOf(settings, [...workloads.keys()]), inputs);
  const isOther = ({ factor, now }: Variation): boolean => factor === 'workload' && !now;
  const parts: { readonly variations: readonly Variation[]; readonly inputs: StudyInputs }[] = [
    ...split(
      variations.filter((variation) => !isOther(variation)),
      pool.workers,
    ).map((part) => ({ variations: part, inputs })),
    ...variations.filter(isOther).map((variation) => ({
      variations: [variation],
      inputs: { ...inputs, workload: workloads.get(variation.settings.workload)! },
    })),
  ];
  const answers = await pool.runAll('vary', parts, {
    signal,
    weights: parts.map((part) => part.variations.length * part.inputs.workload.pairs.length),
    onProgress: (fraction) => onProgress?.({ what: 'Changing one thing at a time', fraction }),
  });
  const found = new Map(answers.flat().map((answer) => [`${answer.factor} ${answer.value}`, answer]));
  return variations.map(({ factor, value }) => found.get(`${factor} ${value}`)!);
}

/** Parts of about the same size, each a stretch of the whole. */
function split<T>(items: readonly T[], parts: number): T[][] {
  const size = Math.ceil(items.length / parts);
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
    items.slice(i * size, (i + 1) * size),
  );
}
