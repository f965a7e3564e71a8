import type { PolicyChoice } from './analysis/policyChoice.ts';
import type { ReportDocument } from './report.ts';

/** The columns of a report's CSV, with their units in the names; where one does not apply it is empty. */
const COLUMNS = [
  'study',
  'observation',
  'system',
  'policy',
  'axis',
  'lambda',
  'input_tokens',
  'output_tokens',
  'threshold_tokens',
  'output_threshold_tokens',
  'product_tokens_squared',
  'trials',
  'energy_j',
  'sd_energy_j',
  'runtime_s',
  'sd_runtime_s',
  'cost_u',
  'energy_per_token_j',
  'saving_of_cost_vs_small_fraction',
  'saving_of_cost_vs_large_fraction',
  'saving_of_cost_vs_best_single_fraction',
  'saving_of_energy_vs_small_fraction',
  'saving_of_energy_vs_large_fraction',
  'saving_of_runtime_vs_small_fraction',
  'saving_of_runtime_vs_large_fraction',
  'regret_fraction',
  'saving_low95_fraction',
  'saving_high95_fraction',
] as const;
type Row = Partial<Record<(typeof COLUMNS)[number], string | number | null | undefined>>;

/**
 * A report as CSV, one observation a row: the verdict, each policy, each threshold, each λ at which the best policy
 * changes, each point of the front and of the curves, and each measured cell.
 */
export function reportCsv(report: ReportDocument): string {
  const rows = rowsOf(report).map((row) => COLUMNS.map((name) => field(row[name])).join(','));
  return `${[COLUMNS.join(','), ...rows].join('\r\n')}\r\n`;
}

function rowsOf(report: ReportDocument): Row[] {
  const { study, verdict, policies, sweep, curves, cells, sensitivity } = report;
  const lambda = study.settings.lambda;
  const rows: Row[] = [
    {
      observation: 'verdict',
      ...choice(verdict),
      lambda,
      saving_of_cost_vs_best_single_fraction: verdict.saving,
      saving_low95_fraction: verdict.interval95?.[0],
      saving_high95_fraction: verdict.interval95?.[1],
    },
    ...policies.map((policy): Row => ({
      observation: 'policy',
      ...choice(policy),
      axis: policy.axis,
      lambda,
      energy_j: policy.energyJ,
      runtime_s: policy.runtimeS,
      cost_u: policy.cost,
      saving_of_cost_vs_small_fraction: policy.saving.vsSmall,
      saving_of_cost_vs_large_fraction: policy.saving.vsLarge,
      saving_of_cost_vs_best_single_fraction: policy.saving.vsBestSingle,
      saving_of_energy_vs_small_fraction: policy.savingEnergy.vsSmall,
      saving_of_energy_vs_large_fraction: policy.savingEnergy.vsLarge,
      saving_of_runtime_vs_small_fraction: policy.savingRuntime.vsSmall,
      saving_of_runtime_vs_large_fraction: policy.savingRuntime.vsLarge,
      regret_fraction: policy.regret,
    })),
    ...sweep.points.map(({ threshold, energyJ, runtimeS, cost }): Row => ({
      observation: 'threshold',
      policy: sweep.axis === 'input' ? 'threshold-in' : 'threshold-out',
      axis: sweep.axis,
      lambda,
      threshold_tokens: threshold,
      energy_j: energyJ,
      runtime_s: runtimeS,
      cost_u: cost,
    })),
    ...(sensitivity.flips ?? []).map(({ lambda, to }): Row => ({
      observation: 'best policy from this lambda on',
      ...choice(to),
      lambda,
    })),
    ...(sensitivity.pareto ?? []).map((point): Row => ({
      observation: 'energy-runtime front',
      ...choice(point),
      energy_j: point.energyJ,
      runtime_s: point.runtimeS,
    })),
  ];
  for (const side of ['small', 'large'] as const) {
    const system = report.systems[side].label;
    for (const { axis, ...points } of curves) {
      rows.push(
        ...points[side].map(({ length, jPerToken }): Row => ({
          observation: 'energy per token',
          system,
          axis,
          [axis === 'input' ? 'input_tokens' : 'output_tokens']: length,
          energy_per_token_j: jPerToken,
        })),
      );
    }
    rows.push(
      ...cells[side].map((cell): Row => ({
        observation: 'measured cell',
        system,
        axis: cell.sweep,
        input_tokens: cell.m,
        output_tokens: cell.n,
        trials: cell.trials,
        energy_j: cell.energyJ.total,
        sd_energy_j: cell.sdEnergyJ,
        runtime_s: cell.runtimeS,
        sd_runtime_s: cell.sdRuntimeS,
      })),
    );
  }
  return rows.map((row) => ({ study: study.id, ...row }));
}

function choice({ policy, threshold, outputThreshold, product }: PolicyChoice): Row {
  return {
    policy,
    threshold_tokens: threshold,
    output_threshold_tokens: outputThreshold,
    product_tokens_squared: product,
  };
}

/** A field; a text that a spreadsheet would take for a formula gets an apostrophe before it. */
function field(value: string | number | null | undefined): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
