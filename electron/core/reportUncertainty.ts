import { planTextOf } from './analysis/measureNext.ts';
import { intervalsOf, type Interval95, type PolicyIntervals } from './analysis/uncertainty.ts';
import { decimalsFor, formatCount, formatFixed, formatPercent } from './format.ts';
import { markup, type Markup } from './markup.ts';
import type { ReportDocument } from './report.ts';
import { policyName } from './reportTables.ts';

/** How sure the report is: intervals of every policy, and the cells whose uncertainty decides. */
export function uncertaintyTables(report: ReportDocument): Markup[] {
  const { uncertainty, policies, systems, objective } = report;
  if (uncertainty === undefined) return [];
  const { replicates, seed, probabilityHybridWins, workloadShare, measureNext } = uncertainty;
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
  return [
    markup`<p>${judged} beats the better single system in ${formatPercent(
      probabilityHybridWins,
    )} of ${formatCount(replicates)} replicates of the trials and the queries (seed ${seed}).</p>`,
    markup`<div class="wide keep"><table><caption>95% intervals. A policy is followed as it stands; where the best threshold of its kind may lie is a question of its own.</caption><thead><tr><th scope="col">Policy</th><th scope="col">Energy, kWh</th><th scope="col">Saved of the ${objective} vs the better single</th><th scope="col">Best threshold</th></tr></thead><tbody>${found.map(
      ({ policy, intervals }) =>
        markup`<tr><th scope="row">${policyName(policy, report)}</th><td>${kwh(intervals.energyJ)}</td><td>${percentInterval(
          intervals.saving.vsBestSingle,
        )}</td><td>${thresholdText(intervals)}</td></tr>`,
    )}</tbody></table></div>`,
    measureNext.length === 0
      ? markup`<p>No cell's uncertainty moves that saving; ${formatPercent(workloadShare)} of its variance comes from the queries.</p>`
      : markup`<div class="wide keep"><table><caption>What to measure next: the cells whose uncertainty moves that saving most. The queries bring ${formatPercent(
          workloadShare,
        )} of its variance.</caption><thead><tr><th scope="col">System</th><th scope="col">Input</th><th scope="col">Output</th><th scope="col">Trials</th><th scope="col">Standard error</th><th scope="col">Share of the variance</th></tr></thead><tbody>${measureNext.map(
          ({ system, m, n, trials, relativeError, basis, share }) =>
            markup`<tr><th scope="row">${labels[system] ?? ''}</th><td>${formatCount(m)}</td><td>${formatCount(
              n,
            )}</td><td>${formatCount(trials)}</td><td>${formatPercent(relativeError, 2)}${
              basis === 'own' ? '' : ', assumed'
            }</td><td>${formatPercent(share)}</td></tr>`,
        )}</tbody></table></div>`,
    ...labels.flatMap((label, system) => {
      const plan = planTextOf(measureNext, system);
      return plan === ''
        ? []
        : [
            markup`<p class="foot">As a plan for the ${label}: <code>crossover measure --sweep "${plan}"</code></p>`,
          ];
    }),
  ];
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
