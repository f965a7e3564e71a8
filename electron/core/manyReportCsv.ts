import type { ManyChoice } from './analysis/manyBootstrap.ts';
import type { ManyPolicy } from './analysis/manySystems.ts';
import type { Rule } from './analysis/rules.ts';
import type { Interval95 } from './analysis/uncertainty.ts';
import { csvText, type CsvField } from './csv.ts';
import type { ManyReport } from './manyReport.ts';

/** The columns of a comparison's CSV, with their units in the names; where one does not apply it is empty. */
const COLUMNS = [
  'comparison',
  'observation',
  'system',
  'policy',
  'lambda',
  'input_tokens',
  'output_tokens',
  'threshold_tokens',
  'output_threshold_tokens',
  'product_tokens_squared',
  'threshold_low95_tokens',
  'threshold_high95_tokens',
  'output_threshold_low95_tokens',
  'output_threshold_high95_tokens',
  'product_low95_tokens_squared',
  'product_high95_tokens_squared',
  'energy_j',
  'energy_low95_j',
  'energy_high95_j',
  'sd_energy_j',
  'runtime_s',
  'runtime_low95_s',
  'runtime_high95_s',
  'sd_runtime_s',
  'cost_u',
  'saving_of_cost_vs_best_single_fraction',
  'saving_low95_fraction',
  'saving_high95_fraction',
  'regret_fraction',
  'regret_low95_fraction',
  'regret_high95_fraction',
  'share_of_queries_fraction',
  'share_of_queries_low95_fraction',
  'share_of_queries_high95_fraction',
  'share_of_energy_fraction',
  'share_of_variance_fraction',
  'standard_error_fraction',
  'trials',
  'arrival_rate_per_s',
  'devices',
  'utilisation_fraction',
  'devices_busy_alone',
  'one_more_device_saves_u',
  'replicates',
] as const;
type Row = Partial<Record<(typeof COLUMNS)[number], CsvField>>;

/**
 * The report of a comparison as CSV, one observation a row: the verdict, each policy with its intervals, where each system's
 * share of the queries ends under it and what that share is, each λ at which the best policy changes, what each system does
 * under capacity, what is to be measured next, and each measured cell.
 */
export function manyReportCsv(report: ManyReport): string {
  const { comparison, policies, uncertainty, extrapolated, flips, systems } = report;
  const { lambda } = comparison.settings;
  const labels = systems.map(({ label }) => label);
  const rows: Row[] = [
    {
      observation: 'verdict',
      policy: report.verdict.kind,
      lambda,
      ...ends('saving', 'fraction', uncertainty?.saving95),
      replicates: uncertainty?.replicates,
    },
    ...policies.flatMap((policy) => [
      policyRow(policy, lambda, report),
      ...shareRows(policy, labels, lambda),
    ]),
    ...flips.map(({ lambda: at, to }): Row => ({
      observation: 'best policy from this lambda on',
      policy: to.policy,
      system: to.policy === 'single' ? labels[to.system] : undefined,
      lambda: at,
      ...firstLimit(to),
    })),
    {
      observation: 'beyond the measurements',
      share_of_queries_fraction: extrapolated.queries,
      share_of_energy_fraction: extrapolated.energy,
    },
    ...capacityRows(report),
    ...(uncertainty?.measureNext ?? []).map(({ system, m, n, trials, share, relativeError }): Row => ({
      observation: 'measure next',
      system: labels[system],
      input_tokens: m,
      output_tokens: n,
      trials,
      share_of_variance_fraction: share,
      standard_error_fraction: relativeError,
    })),
    ...report.cells.flatMap((cells, s) =>
      cells.map((cell): Row => ({
        observation: 'measured cell',
        system: labels[s],
        input_tokens: cell.m,
        output_tokens: cell.n,
        trials: cell.trials,
        energy_j: cell.energyJ.total,
        sd_energy_j: cell.sdEnergyJ,
        runtime_s: cell.runtimeS,
        sd_runtime_s: cell.sdRuntimeS,
      })),
    ),
  ];
  return csvText(
    COLUMNS,
    rows.map((row) => ({ comparison: comparison.id, ...row })),
  );
}

/** Both ends of an interval as columns. */
function ends(quantity: string, unit: string, interval: Interval95 | undefined): Row {
  return { [`${quantity}_low95_${unit}`]: interval?.[0], [`${quantity}_high95_${unit}`]: interval?.[1] };
}

function policyRow(policy: ManyPolicy, lambda: number, { systems }: ManyReport): Row {
  const { intervals } = policy;
  return {
    observation: 'policy',
    policy: policy.policy,
    system: systems.find(({ profile }) => profile.id === policy.system)?.label,
    lambda,
    energy_j: policy.energyJ,
    runtime_s: policy.runtimeS,
    cost_u: policy.cost,
    saving_of_cost_vs_best_single_fraction: policy.saving,
    regret_fraction: policy.regret,
    ...ends('energy', 'j', intervals?.energyJ),
    ...ends('runtime', 's', intervals?.runtimeS),
    ...ends('saving', 'fraction', intervals?.saving),
    ...ends('regret', 'fraction', intervals?.regret),
  };
}

/** Where the share of each system ends under a policy, and what it is; the last has the rest. */
function shareRows(
  { policy, queries, thresholds, outputThresholds, products, intervals, system }: ManyPolicy,
  labels: readonly string[],
  lambda: number,
): Row[] {
  if (queries === undefined || system !== undefined) return [];
  return queries.map((share, s) => ({
    observation: 'system under a policy',
    policy,
    system: labels[s],
    lambda,
    share_of_queries_fraction: share,
    threshold_tokens: thresholds?.[s],
    output_threshold_tokens: outputThresholds?.[s],
    product_tokens_squared: products?.[s],
    ...ends('threshold', 'tokens', intervals?.best?.thresholds[s]),
    ...ends('output_threshold', 'tokens', intervals?.best?.outputThresholds?.[s]),
    ...ends('product', 'tokens_squared', intervals?.best?.products?.[s]),
  }));
}

function firstLimit(to: Rule): Row {
  const { thresholds, outputThresholds, products } = to as Partial<ManyChoice>;
  return {
    threshold_tokens: thresholds?.[0],
    output_threshold_tokens: outputThresholds?.[0],
    product_tokens_squared: products?.[0],
  };
}

function capacityRows({ capacity, systems, uncertainty }: ManyReport): Row[] {
  return (capacity?.systems ?? []).map((load, s) => ({
    observation: 'capacity',
    system: systems[s]!.label,
    arrival_rate_per_s: capacity!.arrivalRate,
    devices: load.devices,
    share_of_queries_fraction: load.queries,
    ...ends('share_of_queries', 'fraction', uncertainty?.capacity?.queries?.[s]),
    utilisation_fraction: load.utilisation,
    devices_busy_alone: load.alone,
    one_more_device_saves_u: load.oneMoreSaves,
    replicates: uncertainty?.capacity?.replicates,
  }));
}
