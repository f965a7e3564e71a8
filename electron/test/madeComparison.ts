/** The report of a comparison of three bundled profiles on GSM8K, for tests. */
import { manyBootstrapSetUp, summariseMany } from '#core/analysis/manyBootstrap';
import { bootstrapReplicates } from '#core/analysis/bootstrap';
import type { Solve } from '#core/analysis/linearProgram';
import { compareSystems } from '#core/analysis/manySystems';
import { parseManySettings } from '#core/analysis/manySettings';
import { buildManyReport, type ManyReport } from '#core/manyReport';
import { comparisonTitle } from '#core/storedComparison';
import { bundledProfile, bundledWorkload } from './bundled.ts';

export const THREE = [
  'm1-pro.llama-2-7b.sweeps',
  'palmetto-v100.llama-2-7b.sweeps',
  'swing-a100.llama-2-7b.sweeps',
];

/** @param solve with a capacity among the changes */
export function madeComparison(changes: object = {}, solve?: Solve): ManyReport {
  const settings = parseManySettings({ profiles: THREE, workload: 'gsm8k', energyModel: 'grid', ...changes });
  const profiles = settings.profiles.map(bundledProfile);
  const workload = bundledWorkload('gsm8k');
  const { bootstrap = 0 } = settings;
  const setUp = manyBootstrapSetUp(settings, profiles, workload, solve);
  const sure =
    bootstrap === 0 ? undefined : summariseMany(setUp, 1, bootstrapReplicates(setUp, 1, 0, bootstrap));
  return buildManyReport(
    {
      id: 'comparison-0123456789ab',
      storedAt: '2024-05-06T00:00:00.000Z',
      title: comparisonTitle(profiles, workload),
      name: '',
      note: '',
      settings,
      hashes: { profiles: THREE.map((_, i) => String(i).repeat(64)), workload: '9'.repeat(64) },
      profiles,
      workload,
      result: compareSystems(settings, profiles, workload, solve, sure),
      versions: { crossover: '0.1.0', analysis: 1 },
    },
    { crossover: '0.1.0', command: 'crossover analyze' },
  );
}
