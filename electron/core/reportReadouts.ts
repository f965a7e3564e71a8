import { samePolicy } from './analysis/chosenPolicy.ts';
import { energyReadout, formatPercent, readoutText, timeReadout } from './format.ts';
import type { Totals } from './policy.ts';
import type { ReportDocument } from './report.ts';
import type { SourceId } from './reportLinks.ts';

/** A big number of the report with its unit and what it is. */
export interface ReportReadout {
  readonly number: string;
  readonly unit: string;
  readonly what: string;
  /** where it comes from, in the appendix */
  readonly source: SourceId;
}

/** What the verdict proposes, over the whole workload: a threshold, or a single system. */
export function proposed({ verdict, sweep, policies }: ReportDocument): Totals {
  if (verdict.threshold === null) return sweep[singleOf(verdict)];
  return policies.find((policy) => samePolicy(policy, verdict)) ?? sweep.best;
}

/** The single system that a verdict without a threshold proposes: the better one, or the one that the user settled on. */
function singleOf({ policy, bestSingle }: ReportDocument['verdict']): 'small' | 'large' {
  return policy === 'small' || policy === 'large' ? policy : bestSingle;
}

/** A percentage with its sign kept apart. */
function percentReadout(fraction: number): { number: string; unit: string } {
  return { number: formatPercent(fraction).slice(0, -1), unit: '%' };
}

/** The big numbers beside the verdict. */
export function reportReadouts(report: ReportDocument): ReportReadout[] {
  // Of the saving, the energy, the runtime, and the share or the least saving, in this order.
  const last: SourceId = report.verdict.threshold === null ? 'setting-min-saving' : 'from-thresholds';
  const sources: readonly SourceId[] = ['from-savings', 'from-totals', 'from-totals', last];
  return readouts(report).map((readout, i) => ({ ...readout, source: sources[i]! }));
}

function readouts(report: ReportDocument): Omit<ReportReadout, 'source'>[] {
  const { verdict, sweep, workload, systems } = report;
  const useful = verdict.threshold !== null;
  /** what is proposed, or what a threshold is set against */
  const own = useful ? verdict.bestSingle : singleOf(verdict);
  const other = own === 'small' ? 'large' : 'small';
  const alone = `${systems[own].label} alone`;
  const interval =
    verdict.interval95 === undefined
      ? ''
      : ` (95% interval ${formatPercent(verdict.interval95[0])} to ${formatPercent(verdict.interval95[1])})`;
  const found: Omit<ReportReadout, 'source'>[] = [
    { ...percentReadout(verdict.saving), what: savedWords(report, interval) },
    {
      ...energyReadout(proposed(report).energyJ),
      what: useful
        ? `with the threshold; ${readoutText(energyReadout(sweep[own].energyJ))} on the ${alone}`
        : `on the ${alone}; ${readoutText(energyReadout(sweep[other].energyJ))} on the ${systems[other].label}`,
    },
  ];
  const slower = (than: 'small' | 'large'): { number: string; unit: string } => {
    const change = (proposed(report).runtimeS - sweep[than].runtimeS) / workload.queries;
    const time = timeReadout(change);
    return { ...time, number: change > 0 ? `+${time.number}` : time.number };
  };
  found.push(
    useful
      ? {
          ...slower(own),
          what: `mean runtime of a query against the ${alone}; ${readoutText(slower(other))} against the ${systems[other].label}`,
        }
      : {
          ...slower(other),
          what: `mean runtime of a query on the ${alone}, against the ${systems[other].label}`,
        },
  );
  if (useful) {
    found.push({
      ...percentReadout(sweep.shareToSmall),
      what: `of the queries go to the ${systems.small.label}`,
    });
  } else {
    found.push({
      ...percentReadout(report.study.settings.minSaving),
      what: 'is the least saving that this study calls useful',
    });
  }
  return found;
}

/** What the verdict's saving is of. */
function savedWords({ verdict, sweep, systems, objective, study }: ReportDocument, interval: string): string {
  const against = `saved against the ${systems[verdict.bestSingle].label} alone${interval}`;
  if (verdict.threshold !== null) return `of the ${objective} ${against}`;
  if (study.settings.chosen !== undefined) {
    return verdict.policy === verdict.bestSingle
      ? `of the ${objective} saved: it is the better single system itself`
      : `of the ${objective} ${against}`;
  }
  const which = study.settings.energyModel === 'paper' ? `, T = ${sweep.best.threshold},` : '';
  return `of the ${objective} that the best threshold${which} would save${interval}`;
}
