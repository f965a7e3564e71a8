import type { ActiveElement, ChartConfiguration, ChartEvent, TooltipItem } from 'chart.js';
import type { AnnotationOptions } from 'chartjs-plugin-annotation';
import { chosenRule, type Chosen } from '#core/analysis/chosenPolicy';
import { policyChoice } from '#core/analysis/policyChoice';
import type { PolicyProblem } from '#core/analysis/problem';
import type { Uncertainty } from '#core/analysis/uncertainty';
import { logPicks } from '#core/analysis/surfaceView';
import { thresholdAt, type ThresholdCurve } from '#core/analysis/thresholds';
import { WHOLE_WORKLOAD, type ShownQuantity, type StudyUnits } from '#core/displayUnits';
import { formatNumber, formatPercent, readoutText } from '#core/format';
import { costOf, type CostForm } from '#core/policy';
import type { PolicyOutcome, StudyInputs } from '#core/study';
import { joules, seconds } from '#core/units';
import { intervalLines } from '../components/threshold/intervals.ts';
import type { Palette } from '../composables/usePalette.ts';
import { lineLabel, quantityAxis, sharedOptions, tokenAxis } from './axes.ts';
import { systemColour } from './colours.ts';

/** How the three kinds of one threshold are told apart: dash first, the colour is the hybrid's. */
export const CURVE_SIGNS = [
  { policy: 'threshold-in', name: 'on input tokens', dash: [2, 3] },
  { policy: 'threshold-out', name: 'on output tokens', dash: [7, 4] },
  { policy: 'threshold-product', name: 'on √(input × output)', dash: [] },
] as const;

/** Points of a curve that are drawn. */
const MOST_POINTS = 220;

interface Point {
  readonly x: number;
  readonly y: number;
  readonly chosen: Chosen;
  readonly energyJ: number;
  readonly runtimeS: number;
}

/** What each threshold of a curve costs, thinned evenly on a log axis, the best one among them. */
export function curvePoints(
  { axes, curves }: PolicyProblem,
  policy: ThresholdCurve['policy'],
  form: CostForm,
  scale: number,
  best: PolicyOutcome | undefined,
): Point[] {
  const curve = curves![policy];
  const { index } = axes[policy];
  const picks = new Set(logPicks(curve.thresholds, MOST_POINTS));
  const isBest = (t: number): boolean =>
    policy === 'threshold-product'
      ? thresholdAt(index, t) === best?.product
      : curve.thresholds[t] === best?.threshold;
  if (best !== undefined) for (let t = 0; t < curve.thresholds.length; t++) if (isBest(t)) picks.add(t);
  return [...picks]
    .sort((a, b) => a - b)
    .map((t) => ({
      x: Math.max(1, curve.thresholds[t]!),
      y: costOf(form, joules(curve.energyJ[t]!), seconds(curve.runtimeS[t]!)) * scale,
      energyJ: curve.energyJ[t]!,
      runtimeS: curve.runtimeS[t]!,
      chosen:
        policy === 'threshold-product'
          ? { policy, product: thresholdAt(index, t) }
          : { policy, threshold: curve.thresholds[t]! },
    }));
}

/** Everything that the curves are drawn from. */
export interface CurvesScene {
  readonly problem: PolicyProblem;
  readonly inputs: StudyInputs;
  readonly form: CostForm;
  /** outcomes of the single systems and the thresholds */
  readonly policies: readonly PolicyOutcome[];
  readonly followed: PolicyOutcome;
  /** what the height means */
  readonly meaning: ShownQuantity;
  readonly units?: StudyUnits;
  /** intervals of the policies, where they were computed */
  readonly uncertainty?: Uncertainty | undefined;
}

/**
 * The cost of the workload against one threshold, set on input tokens, on output tokens, or on √(m·n); every one from
 * the large system alone at the left to the small one alone at the right.
 * @param pick a threshold was clicked
 */
export function curvesChart(
  { problem, inputs, form, policies, followed, meaning, units = WHOLE_WORKLOAD, uncertainty }: CurvesScene,
  palette: Palette,
  pick: (chosen: Chosen) => void,
): ChartConfiguration {
  const { title, unit, scale } = meaning;
  const curves = CURVE_SIGNS.map(({ policy, name, dash }) => {
    const best =
      policies.find((outcome) => outcome.policy === policy && outcome.chosen !== true) ??
      policies.find((outcome) => outcome.policy === policy);
    return { policy, name, dash, best, points: curvePoints(problem, policy, form, scale, best) };
  });
  const lengths = curves.flatMap(({ points }) => points.map(({ x }) => x));
  const single = (policy: 'small' | 'large'): PolicyOutcome =>
    policies.find((outcome) => outcome.policy === policy)!;
  const large = single('large').cost;
  const annotations: Record<string, AnnotationOptions> = {};
  for (const policy of ['small', 'large'] as const) {
    const colour = systemColour(inputs[policy].system, palette);
    annotations[policy] = {
      type: 'line',
      scaleID: 'y',
      value: single(policy).cost * scale,
      borderColor: colour,
      borderWidth: 1.5,
      borderDash: policy === 'small' ? [6, 4] : [2, 3],
      label: {
        ...lineLabel(`${inputs[policy].system.label} alone`, colour, palette),
        position: policy === 'small' ? '10%' : '97%',
        yAdjust: -10,
        backgroundColor: 'transparent',
      },
    };
  }
  for (const { policy, best } of curves) {
    if (best?.threshold === null || best?.threshold === undefined) continue;
    annotations[`best ${policy}`] = {
      type: 'point',
      xValue: Math.max(1, best.threshold),
      yValue: best.cost * scale,
      radius: 4,
      borderColor: palette.hybrid,
      borderWidth: 1,
      backgroundColor: palette.panel,
    };
  }
  if (followed.threshold !== null && followed.policy !== 'threshold-both') {
    annotations['followed'] = {
      type: 'point',
      xValue: Math.max(1, followed.threshold),
      yValue: followed.cost * scale,
      radius: 7,
      borderColor: palette.text,
      borderWidth: 2,
      backgroundColor: 'transparent',
    };
  }
  return {
    type: 'line',
    data: {
      datasets: curves.map(({ name, dash, points }) => ({
        label: name,
        data: points,
        borderColor: palette.hybrid,
        backgroundColor: palette.panel,
        borderWidth: 2,
        borderDash: [...dash],
        pointRadius: 0,
        pointHoverRadius: 6,
        pointBorderColor: palette.hybrid,
      })) as never,
    },
    options: {
      ...sharedOptions(palette),
      onClick: (_event: ChartEvent, found: ActiveElement[]) => {
        const [hit] = found;
        if (hit !== undefined) pick(curves[hit.datasetIndex]!.points[hit.index]!.chosen);
      },
      scales: {
        x: tokenAxis(
          `threshold T: up to T on the ${inputs.small.system.label}, the others on the ${inputs.large.system.label}`,
          palette,
          Math.min(...lengths) / 1.1,
          Math.max(...lengths) * 1.1,
        ),
        y: { ...quantityAxis(title, palette), grace: '6%' },
      },
      plugins: {
        ...sharedOptions(palette).plugins,
        annotation: { annotations, clip: false },
        tooltip: {
          ...sharedOptions(palette).plugins?.tooltip,
          callbacks: {
            title: (items: TooltipItem<'line'>[]) => `threshold ${items[0]?.dataset.label ?? ''}`,
            label: (item: TooltipItem<'line'>) => {
              const { x, y, energyJ, runtimeS, chosen } = item.raw as Point;
              return [
                `T = ${formatNumber(x, 4)}: ${formatNumber(y, 4)} ${unit}, ${formatPercent(1 - y / scale / large, 2)} saved against the ${inputs.large.system.label}`,
                `energy ${readoutText(units.energy(energyJ))}, runtime ${readoutText(units.time(runtimeS))}`,
                ...intervalLines(uncertainty, policyChoice(chosenRule(chosen)), units),
                'click to settle on it',
              ];
            },
          },
        },
      },
    },
  } as unknown as ChartConfiguration;
}
