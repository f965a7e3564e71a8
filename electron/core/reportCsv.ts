import type { PolicyChoice } from './analysis/policyChoice.ts';
import { intervalsOf, type Interval95, type PolicyIntervals } from './analysis/uncertainty.ts';
import { csvText, type CsvField } from './csv.ts';
import type { ReportDocument, ReportSensitivity } from './report.ts';

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
  'energy_low95_j',
  'energy_high95_j',
  'runtime_low95_s',
  'runtime_high95_s',
  'threshold_low95_tokens',
  'threshold_high95_tokens',
  'output_threshold_low95_tokens',
  'output_threshold_high95_tokens',
  'product_low95_tokens_squared',
  'product_high95_tokens_squared',
  'sigma_of_ln_output',
  'loss_fraction',
  'loss_adapted_fraction',
  'mean_error_energy_fraction',
  'mean_error_runtime_fraction',
  'share_of_queries_fraction',
  'share_of_energy_fraction',
  'share_of_variance_fraction',
  'standard_error_fraction',
  'arrival_rate_per_s',
  'devices',
  'utilisation_fraction',
  'devices_busy_alone',
  'one_more_device_saves_u',
  'shadow_price_of_device_u',
  'share_of_queries_low95_fraction',
  'share_of_queries_high95_fraction',
  'replicates',
  'replicates_not_carried',
] as const;
type Row = Partial<Record<(typeof COLUMNS)[number], CsvField>>;

/**
 * A report as CSV, one observation a row: the verdict, each policy with its intervals, each threshold, each λ at which
 * the best policy changes, each point of the front and of the curves, what each system does under capacity, how well
 * its model fits, what is to be measured next, and each measured cell.
 */
export function reportCsv(report: ReportDocument): string {
  return csvText(COLUMNS, rowsOf(report));
}

function rowsOf(report: ReportDocument): Row[] {
  const { study, verdict, policies, sweep, curves, cells, sensitivity, extrapolated, uncertainty } = report;
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
      ...(uncertainty === undefined ? {} : intervals(intervalsOf(uncertainty, policy))),
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
    {
      observation: 'beyond the measurements',
      share_of_queries_fraction: extrapolated.queries,
      share_of_energy_fraction: extrapolated.energy,
    },
    ...unknownOutput(sensitivity.unknownOutput),
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
      ...systemRows(report, side),
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

/** What is said of one system: under capacity, of its model, and of what to measure next. */
function systemRows(
  { systems, capacity, sensitivity, uncertainty }: ReportDocument,
  side: 'small' | 'large',
): Row[] {
  const system = systems[side].label;
  const rows: Row[] = [];
  if (capacity !== undefined) {
    const load = capacity[side];
    const sure = uncertainty?.capacity;
    rows.push({
      observation: 'capacity',
      system,
      arrival_rate_per_s: capacity.arrivalRate,
      devices: load.devices,
      share_of_queries_fraction: load.queries,
      utilisation_fraction: load.utilisation,
      devices_busy_alone: load.alone,
      one_more_device_saves_u: load.oneMoreSaves,
      shadow_price_of_device_u: load.shadowPrice,
      share_of_queries_low95_fraction: sure?.queries?.[side === 'small' ? 0 : 1]?.[0],
      share_of_queries_high95_fraction: sure?.queries?.[side === 'small' ? 0 : 1]?.[1],
      replicates: sure?.replicates,
      replicates_not_carried: sure?.infeasible,
    });
  }
  const model = sensitivity.models?.[side];
  if (model !== undefined) {
    rows.push({
      observation: 'energy model',
      system,
      mean_error_energy_fraction: model.energy.heldOut?.mean,
      mean_error_runtime_fraction: model.runtime.heldOut?.mean,
    });
  }
  const own = (uncertainty?.measureNext ?? []).filter((cell) => (cell.system === 0) === (side === 'small'));
  return [
    ...rows,
    ...own.map(({ m, n, trials, share, relativeError }): Row => ({
      observation: 'measure next',
      system,
      input_tokens: m,
      output_tokens: n,
      trials,
      share_of_variance_fraction: share,
      standard_error_fraction: relativeError,
    })),
  ];
}

function unknownOutput(found: ReportSensitivity['unknownOutput']): Row[] {
  if (found === undefined) return [];
  return [
    ...found.prediction.map(({ sigma, loss, adapted }): Row => ({
      observation: 'output foretold with an error',
      sigma_of_ln_output: sigma,
      loss_fraction: loss,
      loss_adapted_fraction: adapted,
    })),
    { observation: 'output foretold as the mean of its input', loss_fraction: found.expectedOutput },
    { observation: 'output not foretold', loss_fraction: found.bestByInput },
  ];
}

/** The 95% intervals of a policy, followed as it stands, and of where the best threshold of its kind may lie. */
function intervals(found: PolicyIntervals | undefined): Row {
  if (found === undefined) return {};
  const none: Partial<Interval95> = [];
  const { threshold = none, outputThreshold = none, product = none } = found.best ?? {};
  return {
    saving_low95_fraction: found.saving.vsBestSingle[0],
    saving_high95_fraction: found.saving.vsBestSingle[1],
    energy_low95_j: found.energyJ[0],
    energy_high95_j: found.energyJ[1],
    runtime_low95_s: found.runtimeS[0],
    runtime_high95_s: found.runtimeS[1],
    threshold_low95_tokens: threshold[0],
    threshold_high95_tokens: threshold[1],
    output_threshold_low95_tokens: outputThreshold[0],
    output_threshold_high95_tokens: outputThreshold[1],
    product_low95_tokens_squared: product[0],
    product_high95_tokens_squared: product[1],
  };
}

function choice({ policy, threshold, outputThreshold, product }: PolicyChoice): Row {
  return {
    policy,
    threshold_tokens: threshold,
    output_threshold_tokens: outputThreshold,
    product_tokens_squared: product,
  };
}
