import type { ManySettings } from '#core/analysis/manySettings';
import { DEFAULT_REPLICATES, DEFAULT_SEED } from '#core/study';

/** The command line that repeats a comparison; what is at the command line's default is left out. */
export function manyCommand(settings: ManySettings): string {
  const { profiles, workload, energyModel, lambda, cost, boundary, idle, minSaving, capacity } = settings;
  const { bootstrap = 0, seed = DEFAULT_SEED } = settings;
  const flag = (name: string, value: string | number, usual: string | number): string =>
    value === usual ? '' : ` --${name} ${value}`;
  return [
    `crossover analyze --profiles ${profiles.join(',')} --workload ${workload}`,
    energyModel === undefined ? '' : ` --model ${energyModel}`,
    flag('lambda', lambda, 1),
    flag('cost', cost, 'raw'),
    flag('boundary', boundary, 'like-for-like'),
    flag('idle', idle, 'gross'),
    flag('min-saving', minSaving, 0.01),
    flag('bootstrap', bootstrap, DEFAULT_REPLICATES),
    bootstrap === 0 ? '' : flag('seed', seed, DEFAULT_SEED),
    capacity === undefined
      ? ''
      : ` --devices ${profiles.map((id, i) => `${id}=${capacity.devices[i]}`).join(',')}` +
        ` --arrival-rate ${capacity.arrivalRate}`,
  ].join('');
}
