import { energyReadout, formatNumber, formatPercent, readoutText, timeReadout } from './format.ts';
import { markup, type Markup } from './markup.ts';
import { saving, type Totals } from './policy.ts';
import { railNames } from './profile.ts';
import type { ReportCurves, ReportDocument } from './report.ts';
import { lineChartSvg } from './reportChart.ts';
import { linkText, type SourceId } from './reportLinks.ts';
import { originChip } from './reportTables.ts';

/** What a study minimises, as an axis: how many of the total's own units make one on the axis. */
interface Scale {
  readonly label: string;
  readonly unit: string;
  readonly of: (totals: Totals) => number;
  /** a total in words, with its unit */
  readonly say: (totals: Totals) => string;
}

/** The quantity that the study minimises: energy at λ = 1, runtime at λ = 0, else the cost. */
function scaleOf({ study: { settings }, sweep }: ReportDocument): Scale {
  const all = [...sweep.points, sweep.small, sweep.large];
  const largest = (of: (totals: Totals) => number): number =>
    all.reduce((most, totals) => Math.max(most, of(totals)), 0);
  if (settings.lambda === 1) {
    const { unit } = energyReadout(largest((totals) => totals.energyJ));
    const joulesPer = { J: 1, Wh: 3.6e3, kWh: 3.6e6 }[unit] ?? 1;
    return {
      label: 'energy of the workload',
      unit,
      of: (totals) => totals.energyJ / joulesPer,
      say: (totals) => readoutText(energyReadout(totals.energyJ)),
    };
  }
  if (settings.lambda === 0) {
    const { unit } = timeReadout(largest((totals) => totals.runtimeS));
    const secondsPer = { s: 1, min: 60, h: 3600, days: 86_400 }[unit] ?? 1;
    return {
      label: 'runtime of the workload',
      unit,
      of: (totals) => totals.runtimeS / secondsPer,
      say: (totals) => readoutText(timeReadout(totals.runtimeS, 4)),
    };
  }
  const power = Math.max(0, 3 * Math.floor(Math.log10(largest((totals) => totals.cost) || 1) / 3));
  const mixed = settings.cost === 'raw' ? 'J and s mixed' : 'no unit';
  const thousands = ['', 'thousands, ', 'millions, ', 'billions, '][power / 3] ?? `1e${power}, `;
  return {
    label: `cost U at λ = ${settings.lambda}`,
    unit: `${thousands}${mixed}`,
    of: (totals) => totals.cost / 10 ** power,
    say: (totals) => formatNumber(totals.cost, 4),
  };
}

/** The paper's figure: the whole workload for each threshold, beside both single systems. */
export function thresholdFigure(report: ReportDocument): Markup {
  const { sweep, systems, verdict } = report;
  const scale = scaleOf(report);
  const side = sweep.axis === 'input' ? 'input' : 'output';
  const useful =
    verdict.policy === (sweep.axis === 'input' ? 'threshold-in' : 'threshold-out') &&
    verdict.threshold === sweep.best.threshold;
  // A logarithmic axis has no 0: a threshold that sends nothing is the large system alone, whose level is drawn.
  const shown = sweep.points.filter(({ threshold }) => threshold >= 1);
  const saved = saving(sweep.best.cost, sweep[verdict.bestSingle].cost);
  const chart = lineChartSvg({
    id: 'threshold-curve',
    title: `${scale.label}, in ${scale.unit}, for each threshold on ${side} tokens`,
    description:
      `Thresholds from ${shown[0]?.threshold} to ${shown.at(-1)?.threshold} ${side} tokens. Least at ` +
      `${sweep.best.threshold}: ${scale.say(sweep.best)}. ${systems.small.label} alone: ${scale.say(sweep.small)}. ` +
      `${systems.large.label} alone: ${scale.say(sweep.large)}.`,
    xLabel: `threshold T, ${side} tokens`,
    yLabel: linkText(report)(`${scale.label}, ${scale.unit}`, 'settings'),
    series: [
      {
        label: '',
        tone: 'hybrid',
        points: shown.map((point) => ({ x: point.threshold, y: scale.of(point) })),
      },
    ],
    levels: [
      { label: `${systems.small.label} alone`, tone: 'small', y: scale.of(sweep.small) },
      { label: `${systems.large.label} alone`, tone: 'large', y: scale.of(sweep.large) },
    ],
    mark: {
      x: Math.max(1, sweep.best.threshold),
      y: scale.of(sweep.best),
      label: useful
        ? `use T = ${sweep.best.threshold}`
        : `least, T = ${sweep.best.threshold}: not ${whyNot(report)}`,
      tone: 'hybrid',
      hollow: !useful,
      source: 'from-thresholds',
    },
    fromZero: false,
  });
  const link = linkText(report);
  const against = ` against the ${systems[verdict.bestSingle].label} alone. The vertical axis does not begin at zero. `;
  const least: SourceId = 'from-thresholds';
  return markup`<figure class="panel"><h2>What each threshold costs</h2>${chart}<figcaption>Queries of at most T ${side} tokens go to the ${
    systems.small.label
  }, longer ones to the ${systems.large.label}. ${link(
    `The least lies at T = ${sweep.best.threshold}, ${scale.say(sweep.best)}: `,
    least,
  )}${saved >= 5e-5 ? link(`a saving of ${formatPercent(saved)}`, 'from-savings') : 'no saving'}${against}${originChip(
    'modelled',
  )}</figcaption></figure>`;
}

/** What the least threshold of the figure is not, where the verdict does not propose it. */
function whyNot({ verdict, study }: ReportDocument): string {
  if (study.settings.chosen !== undefined) return 'what was chosen';
  return verdict.threshold === null ? 'useful' : 'the best policy';
}

/** What a token costs on both systems along one axis. */
export function energyFigure(report: ReportDocument, curves: ReportCurves): Markup {
  const { small, large } = report.systems;
  const side = curves.axis === 'input' ? 'input' : 'output';
  const points = (of: 'small' | 'large'): { x: number; y: number }[] =>
    curves[of].map((point) => ({ x: point.length, y: point.jPerToken }));
  const range = (of: 'small' | 'large'): string => {
    const values = curves[of].map((point): number => point.jPerToken);
    const ends = [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
    return `${ends.map((value) => formatNumber(value)).join(' to ')} J per token`;
  };
  const chart = lineChartSvg({
    id: `energy-per-token-${curves.axis}`,
    title: `Energy per token of both systems, by ${side} tokens`,
    description: `${small.label}: ${range('small')}. ${large.label}: ${range('large')}.`,
    xLabel: `${side} tokens of the query`,
    yLabel: 'energy per token, J',
    series: [
      { label: small.label, tone: 'small', points: points('small') },
      { label: large.label, tone: 'large', points: points('large') },
    ],
    fromZero: true,
  });
  const origins = [...new Set([small.origin, large.origin])];
  return markup`<figure class="panel"><h2>What a token costs, by ${side} tokens</h2>${chart}<figcaption>Energy of a query (${railNames(
    report.study.boundary.rails,
  )}) divided by all its tokens, mean over the trials of each measured length. Circles: ${
    small.label
  }; squares: ${large.label}. ${origins.map(originChip)}</figcaption></figure>`;
}
