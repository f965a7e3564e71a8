/** Reports of bundled profiles and workloads, with everything that a study may hold, for tests. */
import { withCapacity } from '#core/analysis/capacityStudy';
import { buildReport, type ReportDocument } from '#core/report';
import { parseSettings, studyTitle, type StudyInputs } from '#core/study';
import { analyseWithUncertainty } from '#core/studyUncertainty';
import { loadSolver } from '../workers/highs.ts';
import { bundledProfile, bundledWorkload } from './bundled.ts';

/** Where every study of these tests starts: the paper's pair on Alpaca. */
const PAPER = {
  small: 'm1-pro.llama-2-7b.sweeps',
  large: 'swing-a100.llama-2-7b.sweeps',
  workload: 'alpaca-davinci',
};

/** Settings that bring every part of a report with them. */
export const FULL_SETTINGS = {
  energyModel: 'grid',
  policy: 'all',
  thresholds: 'every-integer',
  bootstrap: 40,
  lambda: 0.5,
  capacity: { devices: { small: 40, large: 20 }, arrivalRate: 1.5 },
};

/** @param change of what the study is computed from */
export async function madeReport(
  settings: object = {},
  change: (inputs: StudyInputs) => StudyInputs = (inputs) => inputs,
): Promise<ReportDocument> {
  const parsed = parseSettings({ ...PAPER, ...settings });
  const inputs = change({
    small: bundledProfile(parsed.small),
    large: bundledProfile(parsed.large),
    workload: bundledWorkload(parsed.workload),
  });
  const solve = parsed.capacity === undefined ? undefined : await loadSolver();
  const found = analyseWithUncertainty(parsed, inputs, { solve });
  const result = solve === undefined ? found : withCapacity(found, parsed, inputs, solve);
  return buildReport({
    study: {
      id: 'study-0123456789ab',
      settings: parsed,
      hashes: { small: '1'.repeat(64), large: '2'.repeat(64), workload: '3'.repeat(64) },
      result,
    },
    inputs,
    title: studyTitle(inputs),
    versions: { crossover: '0.1.0' },
    command: 'crossover analyze',
  });
}
