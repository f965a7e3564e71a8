import { formatCount, formatFixed, formatPercent, timeReadout } from './format.ts';
import { markup, type Markup, type MarkupValue } from './markup.ts';
import { saving, type Totals } from './policy.ts';
import type { Origin, ReportDocument, ReportPolicy } from './report.ts';
import { samePolicy } from './analysis/chosenPolicy.ts';
import { intervalsOf, type Interval95, type SavingIntervals } from './analysis/uncertainty.ts';
import { modelName } from './reportJoint.ts';
import { linkText, sourced, type SourceId } from './reportLinks.ts';
import type { Savings } from './study.ts';
import { kilowattHours } from './units.ts';
import type { LengthSummary } from './workload.ts';

/** The sweep's table shows at most so many rows; all are in the report's data. */
const MOST_ROWS = 48;

/** Where a figure comes from, as a small label beside it. */
export function originChip(origin: Origin): Markup {
  return markup`<span class="origin">${origin === 'published' ? 'published figures' : origin}</span>`;
}

/** A table of so many lines is kept on one page; a longer one breaks between its rows, under its head again. */
export function kept(lines: number): string {
  return lines > 16 ? 'wide' : 'wide keep';
}

/** A policy in words. */
export function policyName(outcome: ReportPolicy, report: ReportDocument): string {
  const { policy, threshold, outputThreshold, product } = outcome;
  switch (policy) {
    case 'small':
    case 'large':
      return `${report.systems[policy].label} alone`;
    case 'threshold-in':
      return `input tokens ≤ ${threshold}`;
    case 'threshold-out':
      return `output tokens ≤ ${threshold}`;
    case 'threshold-both':
      return `input tokens ≤ ${threshold} and output tokens ≤ ${outputThreshold}`;
    case 'threshold-product':
      return `input × output tokens ≤ ${product}`;
    case 'oracle':
      return 'the cheaper system for each query';
    case 'capacity':
      return 'the least that the devices can carry';
    case 'round-robin':
      return 'each system in turn';
    case 'random':
      return 'either system at random';
  }
}

/** How the numbers of a column are written: equal decimals, the largest with four digits. */
function column(values: readonly number[]): (value: number) => string {
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const decimals = largest > 0 ? Math.min(9, Math.max(0, 3 - Math.floor(Math.log10(largest)))) : 0;
  return (value) => formatFixed(value, decimals);
}

/** Energy, runtime and cost as columns of a table. */
interface TotalColumns {
  readonly heads: Markup;
  readonly cells: (totals: Totals) => Markup;
}

function totalColumns(report: ReportDocument, all: readonly Totals[], source: SourceId): TotalColumns {
  const { unit } = timeReadout(all.reduce((most, { runtimeS }) => Math.max(most, runtimeS), 0));
  const secondsPer = { s: 1, min: 60, h: 3600, days: 86_400 }[unit] ?? 1;
  const kwh = column(all.map(({ energyJ }) => kilowattHours(energyJ)));
  const joule = column(all.map(({ energyJ }) => energyJ));
  const runtime = column(all.map(({ runtimeS }) => runtimeS / secondsPer));
  const cost = column(all.map((totals) => totals.cost));
  const head = (title: string): Markup => markup`<th scope="col">${title}</th>`;
  return {
    heads: markup`${head('Energy, kWh')}${head('Energy, J')}${head(`Runtime, ${unit}`)}${
      costIsEnergy(report) ? undefined : head(`Cost U, ${costUnit(report)}`)
    }`,
    cells: (totals) =>
      markup`<td>${sourced(source, kwh(kilowattHours(totals.energyJ)))}</td><td>${sourced(
        source,
        joule(totals.energyJ),
      )}</td><td>${sourced(source, runtime(totals.runtimeS / secondsPer))}</td>${
        costIsEnergy(report) ? undefined : markup`<td>${sourced(source, cost(totals.cost))}</td>`
      }`,
  };
}

/** With λ = 1 and the raw cost, the cost is the energy in joules and needs no column of its own. */
function costIsEnergy({ study: { settings } }: ReportDocument): boolean {
  return settings.lambda === 1 && settings.cost === 'raw';
}

/** Unit of the cost U in a study. */
function costUnit({ study: { settings } }: ReportDocument): string {
  if (settings.cost === 'normalised') return 'no unit';
  return settings.lambda === 0 ? 's' : 'J and s mixed';
}

/** A 95% interval below its number, the smaller end first. */
function intervalNote(interval: Interval95 | undefined, say: (saved: number) => string): Markup | undefined {
  if (interval === undefined) return undefined;
  const [low, high] = interval.map(say) as [string, string];
  const ends = say(0.5).endsWith('×') ? [high, low] : [low, high];
  return markup`<br><span class="interval">${sourced(
    'from-intervals',
    ends.map((end) => end.replace(' ×', '\u00a0×')).join(' to '),
  )}</span>`;
}

/** Every policy with its totals, and how it compares with either system alone. */
export function policyTables(report: ReportDocument): Markup[] {
  const { policies, verdict, sweep, systems } = report;
  const totals = totalColumns(report, policies, 'from-totals');
  const link = linkText(report);
  const twoAxes =
    report.study.settings.energyModel === 'paper' && new Set(policies.map(({ axis }) => axis)).size > 1;
  const row = (policy: ReportPolicy, cells: Markup): Markup => {
    const chosen = samePolicy(policy, verdict) && (verdict.threshold !== null || policy.axis === sweep.axis);
    const axis =
      twoAxes && policy.threshold === null ? markup` <span class="note">by ${policy.axis}</span>` : undefined;
    return markup`<tr${chosen ? markup` class="chosen"` : undefined}><th scope="row">${link(
      policyName(policy, report),
      'from-thresholds',
    )}${axis}</th>${cells}</tr>`;
  };
  const sides = [
    ['small', 'vsSmall'],
    ['large', 'vsLarge'],
  ] as const;
  const heads = sides.map(([side]) => markup`<th scope="col">vs ${systems[side].label}</th>`);
  const { uncertainty } = report;
  const compared = (
    policy: ReportPolicy,
    of: 'saving' | 'savingEnergy' | 'savingRuntime',
    say: (saved: number) => string,
  ): Markup[] => {
    const savings: Savings = policy[of];
    const intervals: SavingIntervals | undefined = uncertainty && intervalsOf(uncertainty, policy)?.[of];
    return sides.map(([side, key]) =>
      policy.policy === side
        ? markup`<td>–</td>`
        : markup`<td>${sourced('from-savings', say(savings[key]))}${intervalNote(intervals?.[key], say)}</td>`,
    );
  };
  const percent = (saved: number): string => formatPercent(saved, 2);
  const times = (saved: number): string => `${formatFixed(1 - saved, saved < -9 ? 1 : 2)} ×`;
  const showCost = report.study.settings.lambda !== 1;
  const group = (title: string): Markup => markup`<th scope="colgroup" colspan="2">${title}</th>`;
  return [
    markup`<div class="${kept(policies.length)}"><table><caption>Totals over the workload under ${modelName(
      report.study.settings.energyModel,
    )}; what the verdict proposes in bold. ${originChip(
      'modelled',
    )}</caption><thead><tr><th scope="col">Policy</th>${totals.heads}</tr></thead><tbody>${policies.map(
      (policy) => row(policy, totals.cells(policy)),
    )}</tbody></table></div>`,
    markup`<div class="${kept(policies.length * (uncertainty === undefined ? 1 : showCost ? 3 : 2))}"><table class="compared${showCost ? ' three' : ''}"><caption>Against either system alone; a minus sign means that a policy spends more${
      uncertainty === undefined ? '' : link('; below each number its 95% interval', 'from-intervals')
    }. ${originChip(
      'modelled',
    )}</caption><thead><tr><th scope="col" rowspan="2">Policy</th>${group('Energy saved')}${
      showCost ? group('Cost U saved') : undefined
    }${group('Runtime')}</tr><tr>${heads}${showCost ? heads : undefined}${heads}</tr></thead><tbody>${policies.map(
      (policy) =>
        row(
          policy,
          markup`${compared(policy, 'savingEnergy', percent)}${
            showCost ? compared(policy, 'saving', percent) : undefined
          }${compared(policy, 'savingRuntime', times)}`,
        ),
    )}</tbody></table></div>`,
  ];
}

/** The thresholds looked at; of very many, evenly chosen ones and the best. */
export function sweepTable(report: ReportDocument): Markup {
  const { points, best, axis, small, large } = report.sweep;
  const { systems, verdict } = report;
  const every = Math.ceil(points.length / MOST_ROWS);
  const shown = points.filter((point, i) => i % every === 0 || point.threshold === best.threshold);
  const columns = totalColumns(report, [...points, small, large], 'from-thresholds');
  const single = report.sweep[verdict.bestSingle];
  const some =
    shown.length < points.length
      ? linkText(report)(
          `${formatCount(shown.length)} of ${formatCount(points.length)} thresholds; all are in the data of this file. `,
          'setting-thresholds',
        )
      : undefined;
  const row = (name: MarkupValue, totals: Totals): Markup =>
    markup`<tr${totals === best ? markup` class="chosen"` : undefined}><th scope="row">${name}</th>${columns.cells(
      totals,
    )}<td>${totals === single ? '–' : sourced('from-savings', formatPercent(saving(totals.cost, single.cost), 2))}</td></tr>`;
  return markup`<div class="${kept(shown.length)}"><table><caption>${some}Queries of at most T ${axis} tokens go to the ${
    systems.small.label
  }, longer ones to the ${systems.large.label}. The least in bold. ${originChip(
    'modelled',
  )}</caption><thead><tr><th scope="col">T, ${axis} tokens</th>${columns.heads}<th scope="col">${
    costIsEnergy(report) ? 'Energy' : 'Cost'
  } saved vs ${systems[verdict.bestSingle].label}</th></tr></thead><tbody>${shown.map((point) =>
    row(sourced('from-thresholds', formatCount(point.threshold)), point),
  )}${row(`${systems.small.label} alone`, small)}${row(`${systems.large.label} alone`, large)}</tbody></table></div>`;
}

/** The workload's size, its lengths' distribution and its source. */
export function workloadTable(report: ReportDocument): Markup[] {
  const { workload } = report;
  const link = (text: string): Markup[] => linkText(report)(text, 'from-workload');
  const columns: [string, keyof LengthSummary][] = [
    ['mean', 'mean'],
    ['sd', 'sd'],
    ['min', 'min'],
    ['5%', 'p5'],
    ['25%', 'p25'],
    ['median', 'median'],
    ['75%', 'p75'],
    ['90%', 'p90'],
    ['95%', 'p95'],
    ['99%', 'p99'],
    ['max', 'max'],
  ];
  const row = (name: string, summary: LengthSummary): Markup =>
    markup`<tr><th scope="row">${name}</th>${columns.map(
      ([, key]) =>
        markup`<td>${sourced(
          'from-workload',
          key === 'mean' || key === 'sd' ? formatFixed(summary[key], 1) : formatCount(summary[key]),
        )}</td>`,
    )}</tr>`;
  const correlation =
    workload.correlation === null
      ? ''
      : ` Correlation (Pearson) of input and output: ${formatFixed(workload.correlation, 3)}.`;
  return [
    markup`<p><b><bdi>${workload.name}</bdi></b>${link(
      `: ${formatCount(workload.queries)} queries with ${formatCount(workload.pairs)} different pairs of input and ` +
        `output tokens.${correlation} `,
    )}${originChip(workload.origin)}</p>`,
    markup`<div class="wide keep"><table><caption>Tokens of a query: mean, standard deviation, percentiles.</caption><thead><tr><th scope="col">Tokens</th>${columns.map(
      ([title]) => markup`<th scope="col">${link(title)}</th>`,
    )}</tr></thead><tbody>${row('input', workload.input)}${row('output', workload.output)}</tbody></table></div>`,
    markup`<p class="foot">${link(
      `${[
        `Tokenizer: ${workload.tokenizer ?? 'none, counts as published'}`,
        `Licence: ${workload.licence}`,
        `Source: ${workload.source}`,
      ].join('. ')}. ${workload.note}`,
    )}</p>`,
  ];
}
