import { planTextOf, type MeasureNext } from './analysis/measureNext.ts';
import { carriedText } from './analysis/capacityIntervals.ts';
import { intervalsOf, type Interval95, type PolicyIntervals } from './analysis/uncertainty.ts';
import { decimalsFor, formatCount, formatFixed, formatPercent } from './format.ts';
import { markup, type Markup } from './markup.ts';
import type { ReportDocument } from './report.ts';
import { cellId, linkText, sourced, type SourceId } from './reportLinks.ts';
import { kept, policyName } from './reportTables.ts';

/** How sure the report is, as text for every form of it. */
export interface UncertaintyText {
  readonly wins: string;
  readonly intervals: {
    readonly caption: string;
    readonly heads: readonly string[];
    readonly rows: readonly (readonly [policy: string, energy: string, saving: string, threshold: string])[];
  };
  readonly next: {
    readonly caption: string;
    readonly heads: readonly string[];
    readonly rows: readonly (readonly [
      system: string,
      m: string,
      n: string,
      trials: string,
      error: string,
      share: string,
    ])[];
  };
  /** command lines that measure those cells again, by system */
  readonly plans: readonly { readonly label: string; readonly command: string }[];
}

/** Intervals of every policy, and the cells whose uncertainty decides; undefined where none were computed. */
export function uncertaintyText(report: ReportDocument): UncertaintyText | undefined {
  const { uncertainty, policies, systems, objective } = report;
  if (uncertainty === undefined) return undefined;
  const { replicates, seed, probabilityHybridWins, workloadShare, measureNext, capacity } = uncertainty;
  const found = policies.flatMap((policy) => {
    const intervals = intervalsOf(uncertainty, policy);
    return intervals === undefined ? [] : [{ policy, intervals }];
  });
  const decimals = decimalsFor(
    found.flatMap(({ intervals }) => intervals.energyJ.map((energyJ) => energyJ / 3.6e6)),
    4,
  );
  const kwh = ([low, high]: Interval95): string =>
    `${formatFixed(low / 3.6e6, decimals)} to ${formatFixed(high / 3.6e6, decimals)}`;
  const judged = policies.some(({ chosen }) => chosen) ? 'The chosen policy' : 'The best threshold';
  const labels = [systems.small.label, systems.large.label];
  return {
    wins:
      `${judged} beats the better single system in ${formatPercent(probabilityHybridWins)} of ` +
      `${formatCount(replicates)} replicates of the trials and the queries (seed ${seed}).` +
      (capacity === undefined ? '' : ` ${carriedText(capacity)}`),
    intervals: {
      caption: `95% intervals. A policy is followed as it stands${
        capacity === undefined ? '' : ', the optimum under capacity alone is found anew'
      }; where the best threshold of its kind may lie is a question of its own.`,
      heads: ['Policy', 'Energy, kWh', `Saved of the ${objective} vs the better single`, 'Best threshold'],
      rows: found.map(({ policy, intervals }) => [
        policyName(policy, report),
        kwh(intervals.energyJ),
        percentInterval(intervals.saving.vsBestSingle),
        thresholdText(intervals),
      ]),
    },
    next: {
      caption:
        measureNext.length === 0
          ? `No cell's uncertainty moves that saving; ${formatPercent(workloadShare)} of its variance comes from the queries.`
          : 'What to measure next: the cells whose uncertainty moves that saving most. The queries bring ' +
            `${formatPercent(workloadShare)} of its variance.`,
      heads: ['System', 'Input', 'Output', 'Trials', 'Standard error', 'Share of the variance'],
      rows: measureNext.map(({ system, m, n, trials, relativeError, basis, share }) => [
        labels[system] ?? '',
        formatCount(m),
        formatCount(n),
        formatCount(trials),
        `${formatPercent(relativeError, 2)}${basis === 'own' ? '' : ', assumed'}`,
        formatPercent(share),
      ]),
    },
    plans: labels.flatMap((label, system) => {
      const plan = planTextOf(measureNext, system);
      return plan === '' ? [] : [{ label, command: `crossover measure --sweep "${plan}"` }];
    }),
  };
}

/** The same as HTML, each number with its source: the intervals the replicates, a cell its row. */
export function uncertaintyTables(report: ReportDocument): Markup[] {
  const found = uncertaintyText(report);
  if (found === undefined) return [];
  const { wins, intervals, next, plans } = found;
  const link = linkText(report);
  const head = (title: string): Markup => markup`<th scope="col">${link(title, 'from-intervals')}</th>`;
  const table = (of: { caption: string; heads: readonly string[] }, rows: readonly Markup[]): Markup =>
    markup`<div class="${kept(rows.length)}"><table class="intervals"><caption>${link(of.caption, 'from-intervals')}</caption><thead><tr>${of.heads.map(
      head,
    )}</tr></thead><tbody>${rows}</tbody></table></div>`;
  const cells = report.uncertainty!.measureNext.map((cell) => measuredCell(report, cell));
  return [
    markup`<p>${link(wins, 'from-intervals')}</p>`,
    table(
      intervals,
      intervals.rows.map(
        ([policy, ...rest]) =>
          markup`<tr><th scope="row">${link(policy, 'from-thresholds')}</th>${rest.map(
            (text) => markup`<td>${link(text, 'from-intervals')}</td>`,
          )}</tr>`,
      ),
    ),
    next.rows.length === 0
      ? markup`<p>${link(next.caption, 'from-intervals')}</p>`
      : table(
          next,
          next.rows.map(
            ([system, m, n, trials, error, share], i) =>
              markup`<tr><th scope="row">${system}</th>${[m, n, trials, error].map(
                (text) => markup`<td>${link(text, cells[i]!)}</td>`,
              )}<td>${sourced('from-intervals', share)}</td></tr>`,
          ),
        ),
    ...plans.map(
      ({ label, command }) => markup`<p class="foot">As a plan for the ${label}: <code>${command}</code></p>`,
    ),
  ];
}

/** The row of a cell that should be measured again; of all cells where it is not among them. */
function measuredCell({ cells }: ReportDocument, { system, m, n }: MeasureNext): SourceId {
  const side = system === 0 ? 'small' : 'large';
  const found = cells[side].find((cell) => cell.m === m && cell.n === n);
  return found === undefined ? `cells-${side}` : cellId(side, found);
}

/** An interval of a fraction, in percent. */
export function percentInterval([low, high]: Interval95): string {
  return `${formatPercent(low, 2)} to ${formatPercent(high, 2)}`;
}

function thresholdText({ best }: PolicyIntervals): string {
  if (best === undefined) return '–';
  const { threshold, outputThreshold, product } = best;
  const whole = ([low, high]: Interval95): string =>
    low === high ? formatCount(low) : `${formatCount(low)} to ${formatCount(high)}`;
  if (product !== undefined) return `input × output ${whole(product)}`;
  return outputThreshold === undefined
    ? whole(threshold)
    : `${whole(threshold)} input, ${whole(outputThreshold)} output`;
}
