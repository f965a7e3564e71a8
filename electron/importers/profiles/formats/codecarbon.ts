import type { Observation } from '#core/import/observation';
import type { ColumnChoice, ImportOptions } from '#core/import/options';
import { readTableText } from '../text/tableText.ts';
import { finiteOnly, looksLike, note, textFormat, warning, type Parsed } from './parsed.ts';

const KNOWN: Readonly<Record<string, ColumnChoice>> = {
  timestamp: { role: 'end-time', unit: 'time' },
  project_name: { role: 'phase' },
  duration: { role: 'runtime', unit: 's' },
  cpu_energy: { role: 'energy', unit: 'kWh', rail: 'cpu' },
  gpu_energy: { role: 'energy', unit: 'kWh', rail: 'gpu' },
  ram_energy: { role: 'energy', unit: 'kWh', rail: 'dram' },
  // The sum of the three; with it they would count twice.
  energy_consumed: { role: 'ignore' },
  gpu_count: { role: 'gpus', unit: 'count' },
  ...Object.fromEntries(
    (
      'run_id experiment_id emissions emissions_rate cpu_power gpu_power ram_power country_name country_iso_code ' +
      'region cloud_provider cloud_region os python_version codecarbon_version cpu_count cpu_model gpu_model longitude ' +
      'latitude ram_total_size tracking_mode on_cloud pue water_consumed wue cpu_utilization_percent ' +
      'gpu_utilization_percent ram_utilization_percent ram_used_gb'
    )
      .split(' ')
      .map((name) => [name, { role: 'ignore' } as const]),
  ),
};

/**
 * CodeCarbon's `emissions.csv`: a row a tracked run, energies in kWh, `duration` in s, `timestamp` when it ended
 * (mlco2/codecarbon, codecarbon/output_methods/emissions_data.py). What was not measured is 0 there, or empty.
 */
export const codecarbon = textFormat({
  id: 'codecarbon',
  name: 'CodeCarbon, emissions.csv',
  looks: looksLike(/^\s*timestamp[,;]project_name[,;]/, /\bcpu_energy\b/, /\benergy_consumed\b/),
  parse: parseCodecarbon,
});

function parseCodecarbon(text: string, name: string, options: ImportOptions): Parsed {
  const table = readTableText(name, text, options, { known: KNOWN, mend });
  const example = (column: string): string | undefined =>
    table.columns.find((each) => each.name === column)?.examples[0];
  const [cpu, gpu] = [example('cpu_model'), example('gpu_model')];
  const hardware = [...new Set([gpu, cpu].filter((each) => each !== undefined))].join(', ');
  const machine =
    table.columns.find((each) => each.name === 'tracking_mode')?.examples.includes('machine') === true;
  return {
    ...table,
    findings: [
      ...table.findings,
      warning(
        'codecarbon-estimates',
        "CodeCarbon computes the memory's energy from its size, and the CPU's from a rated power where it cannot read a counter.",
        'Leave the memory out (--boundary gpu+cpu), and check how the CPU was tracked.',
      ),
      ...(machine
        ? [note('whole-machine', 'The energies are of the whole machine, with whatever else ran on it.')]
        : []),
    ],
    facts: {
      energyIs: 'estimated',
      ...(hardware === '' ? {} : { hardware: hardware.slice(0, 200) }),
      ...(gpu === undefined ? {} : { device: gpu.replace(/^\d+ x /, '').slice(0, 100) }),
    },
    // Written when the run ends, in whole seconds, without a zone.
    clock: { kind: 'local', slackS: 10 },
  };
}

function mend(observation: Observation): Observation {
  const { energyJ, gpus, ...rest } = finiteOnly(observation);
  return {
    ...rest,
    ...(gpus === undefined || gpus === 0 ? {} : { gpus }),
    energyJ: Object.fromEntries(Object.entries(energyJ).filter(([, energy]) => energy !== 0)),
  };
}
