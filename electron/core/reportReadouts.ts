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

/** What the verdict proposes, over the whole workload: the best threshold, or the better single system. */
export function proposed({ verdict, sweep, policies }: ReportDocument): Totals {
  if (verdict.threshold === null) return sweep[verdict.bestSingle];
  const listed = policies.find(
    ({ policy, threshold }) => policy === verdict.policy && threshold === verdict.threshold,
  );
  return listed ?? sweep.best;
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
  const { verdict, sweep, workload, systems, objective } = report;
  const single = sweep[verdict.bestSingle];
  const other = verdict.bestSingle === 'small' ? 'large' : 'small';
  const alone = `${systems[verdict.bestSingle].label} alone`;
  const useful = verdict.threshold !== null;
  const interval =
    verdict.interval95 === undefined
      ? ''
      : ` (95% interval ${formatPercent(verdict.interval95[0])} to ${formatPercent(verdict.interval95[1])})`;
  const found: Omit<ReportReadout, 'source'>[] = [
    {
      ...percentReadout(verdict.saving),
      what: useful
        ? `of the ${objective} saved against the ${alone}${interval}`
        : `of the ${objective} that the best threshold${
            report.study.settings.energyModel === 'paper' ? `, T = ${sweep.best.threshold},` : ''
          } would save${interval}`,
    },
    {
      ...energyReadout(proposed(report).energyJ),
      what: useful
        ? `with the threshold; ${readoutText(energyReadout(single.energyJ))} on the ${alone}`
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
          ...slower(verdict.bestSingle),
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
