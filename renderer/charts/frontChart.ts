import type { ActiveElement, Chart, ChartConfiguration, ChartEvent, TooltipItem } from 'chart.js';
import type { AnnotationOptions } from 'chartjs-plugin-annotation';
import { samePolicy, toChosen, type Chosen } from '#core/analysis/chosenPolicy';
import type { PolicyChoice } from '#core/analysis/policyChoice';
import type { Uncertainty } from '#core/analysis/uncertainty';
import { WHOLE_WORKLOAD, type StudyUnits } from '#core/displayUnits';
import { readoutText } from '#core/format';
import type { ParetoChoice, PolicyOutcome, StudyInputs } from '#core/study';
import { intervalLines } from '../components/threshold/intervals.ts';
import { policyName } from '../components/threshold/words.ts';
import type { Palette } from '../composables/usePalette.ts';
import { lineLabel, quantityAxis, sharedOptions } from './axes.ts';
import { systemColour } from './colours.ts';

/**
 * The energy–runtime front: what no other policy undercuts in both. The line joins those that are best for some λ; the
 * policy that is followed and the single systems that are near stand beside it.
 * @param pick a policy of the front was clicked
 */
export function frontChart(
  inputs: StudyInputs,
  front: readonly ParetoChoice[],
  followed: PolicyOutcome,
  singles: readonly PolicyOutcome[],
  palette: Palette,
  pick: (chosen: Chosen) => void,
  units: StudyUnits = WHOLE_WORKLOAD,
  uncertainty?: Uncertainty,
): ChartConfiguration {
  const [runtime, energy] = [
    units.column('runtime', Math.max(...front.map(({ runtimeS }) => runtimeS))),
    units.column('energy', Math.max(...front.map(({ energyJ }) => energyJ))),
  ];
  const point = (choice: PolicyChoice & { energyJ: number; runtimeS: number }) => ({
    x: choice.runtimeS * runtime.scale,
    y: choice.energyJ * energy.scale,
    choice,
  });
  const others = front.filter((each) => !each.convex).map(point);
  const convex = front.filter((each) => each.convex).map(point);
  const near = [...front, followed].map(point);
  const within = (of: 'x' | 'y'): { suggestedMin: number; suggestedMax: number } => {
    const values = near.map((each) => each[of]);
    const [min, max] = [Math.min(...values), Math.max(...values)];
    const edge = (max - min || max || 1) * 0.12;
    return { suggestedMin: Math.max(0, min - edge), suggestedMax: max + edge };
  };
  const [xs, ys] = [within('x'), within('y')];
  const annotations: Record<string, AnnotationOptions> = {};
  // A single system far from the front would press the front into a corner; the text tells where it lies.
  const inSight = singles.filter((single) => {
    const { x, y } = point(single);
    return x >= xs.suggestedMin && x <= xs.suggestedMax && y >= ys.suggestedMin && y <= ys.suggestedMax;
  });
  for (const single of inSight) {
    const { x, y } = point(single);
    const system = inputs[single.policy === 'small' ? 'small' : 'large'].system;
    annotations[single.policy] = {
      type: 'label',
      xValue: x,
      yValue: y,
      ...lineLabel(`${system.label} only`, systemColour(system, palette), palette),
      backgroundColor: 'transparent',
      position: single.policy === 'small' ? { x: 'end', y: 'center' } : { x: 'start', y: 'center' },
      xAdjust: single.policy === 'small' ? -9 : 9,
    };
  }
  if (!singles.some((single) => samePolicy(single, followed))) {
    const { x, y } = point(followed);
    const right = x > (xs.suggestedMin + xs.suggestedMax) / 2;
    annotations['followed'] = {
      type: 'label',
      xValue: x,
      yValue: y,
      ...lineLabel(policyName(followed, inputs), palette.hybrid, palette),
      backgroundColor: 'transparent',
      position: { x: right ? 'end' : 'start', y: 'end' },
      xAdjust: right ? 4 : 7,
      yAdjust: -8,
    };
  }
  return {
    type: 'scatter' as 'line',
    data: {
      datasets: [
        {
          label: 'followed',
          data: [point(followed)],
          pointRadius: 7,
          pointHoverRadius: 8,
          pointStyle: 'circle',
          borderColor: palette.text,
          borderWidth: 2,
          backgroundColor: 'transparent',
        },
        ...inSight.map((single) => ({
          label: single.policy,
          data: [point(single)],
          pointRadius: 6,
          pointHoverRadius: 8,
          pointStyle: single.policy === 'small' ? ('circle' as const) : ('rectRot' as const),
          borderColor: palette.panel,
          borderWidth: 1,
          backgroundColor: systemColour(
            inputs[single.policy === 'small' ? 'small' : 'large'].system,
            palette,
          ),
        })),
        {
          type: 'line' as const,
          label: 'best for some λ',
          data: convex,
          borderColor: palette.hybrid,
          backgroundColor: palette.hybrid,
          borderWidth: 2,
          pointRadius: 3,
          pointHoverRadius: 6,
        },
        {
          label: 'never best',
          data: others,
          borderColor: palette.hybrid,
          borderWidth: 1,
          backgroundColor: palette.panel,
          pointRadius: 2.5,
          pointHoverRadius: 6,
          showLine: false,
        },
      ] as never,
    },
    options: {
      ...sharedOptions(palette),
      interaction: { mode: 'nearest', intersect: false },
      onClick: (_event: ChartEvent, found: ActiveElement[], chart: Chart) => {
        const [hit] = found;
        if (hit === undefined) return;
        const raw = chart.data.datasets[hit.datasetIndex]!.data[hit.index] as unknown as {
          choice: PolicyChoice;
        };
        const chosen = toChosen(raw.choice);
        if (chosen !== undefined) pick(chosen);
      },
      scales: {
        x: {
          ...quantityAxis(runtime.title, palette),
          ...xs,
          grace: 0,
          grid: { display: false },
        },
        y: { ...quantityAxis(energy.title, palette), ...ys, grace: 0 },
      },
      plugins: {
        ...sharedOptions(palette).plugins,
        annotation: { annotations, clip: false },
        tooltip: {
          ...sharedOptions(palette).plugins?.tooltip,
          filter: (_item: TooltipItem<'line'>, index: number) => index === 0,
          callbacks: {
            title: (items: TooltipItem<'line'>[]) =>
              policyName((items[0]!.raw as { choice: PolicyChoice }).choice, inputs),
            label: (item: TooltipItem<'line'>) => {
              const { choice } = item.raw as { choice: ParetoChoice };
              return [
                `energy ${readoutText(units.energy(choice.energyJ))}, runtime ${readoutText(units.time(choice.runtimeS))}`,
                ...intervalLines(uncertainty, choice, units),
                'click to settle on it',
              ];
            },
          },
        },
      },
    },
  } as unknown as ChartConfiguration;
}
