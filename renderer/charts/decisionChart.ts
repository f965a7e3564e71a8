import type { ActiveElement, Chart, ChartConfiguration, ChartEvent, TooltipItem } from 'chart.js';
import type { AnnotationOptions } from 'chartjs-plugin-annotation';
import type { Chosen } from '#core/analysis/chosenPolicy';
import type { BreakEven, DecisionMap } from '#core/analysis/decisionMap';
import type { PolicyChoice } from '#core/analysis/policyChoice';
import { formatPercent } from '#core/format';
import type { StudyInputs } from '#core/study';
import type { Palette } from '../composables/usePalette.ts';
import { lineLabel, sharedOptions, tokenAxis } from './axes.ts';
import { systemColour } from './colours.ts';
import { decisionPaint } from './decisionPaint.ts';
import type { DensityField } from './densityFields.ts';
import { withOpacity } from './mixColours.ts';

/** Everything that the map is drawn from. */
export interface DecisionScene {
  readonly inputs: StudyInputs;
  readonly map: DecisionMap;
  readonly breakEven: readonly BreakEven[];
  readonly density: readonly DensityField[];
  readonly followed: PolicyChoice;
}

/** The policy of the same kind as the one followed whose threshold goes through a point of the map. */
export function chosenThrough(followed: PolicyChoice, m: number, n: number): Chosen {
  const [input, output] = [Math.max(0, Math.round(m)), Math.max(0, Math.round(n))];
  switch (followed.policy) {
    case 'threshold-in':
      return { policy: 'threshold-in', threshold: input };
    case 'threshold-out':
      return { policy: 'threshold-out', threshold: output };
    case 'threshold-product':
      return { policy: 'threshold-product', product: Math.round(m * n) };
    default:
      return { policy: 'threshold-both', threshold: input, outputThreshold: output };
  }
}

/**
 * Which (m, n) belongs where: the cheaper system in its wash, beyond what was measured hatched, the break-even curve, the
 * workload's density, and the threshold that is followed.
 * @param pick a point was clicked, through which the threshold shall go
 */
export function decisionChart(
  scene: DecisionScene,
  palette: Palette,
  pick: (chosen: Chosen) => void,
): ChartConfiguration {
  const { inputs, map, breakEven, density, followed } = scene;
  const ends = (values: Float64Array): [number, number] => [values[0]! / 1.06, values.at(-1)! * 1.06];
  const [left, right] = ends(map.ms);
  const [bottom, top] = ends(map.ns);
  const dots = withOpacity(palette.text, palette.dark ? 0.3 : 0.22);
  const colours = [systemColour(inputs.small.system, palette), systemColour(inputs.large.system, palette)];
  const annotations: Record<string, AnnotationOptions> = {};
  ([0, 1] as const).forEach((system) => {
    const at = labelPlace(map, system);
    if (at === undefined) return;
    annotations[`system-${system}`] = {
      type: 'label',
      xValue: at.m,
      yValue: at.n,
      ...lineLabel((system === 0 ? inputs.small : inputs.large).system.label, colours[system]!, palette),
      backgroundColor: 'transparent',
      font: { size: 13, family: palette.font, weight: 650 },
    };
  });
  const lines = breakEvenLines(breakEven);
  return {
    type: 'scatter' as 'line',
    data: {
      datasets: [
        ...lines.map((points, i) => ({
          type: 'line' as const,
          label: i === 0 ? 'break-even' : `break-even ${i + 1}`,
          data: points,
          borderColor: palette.text,
          borderWidth: 2,
          pointRadius: 0,
          pointHitRadius: 0,
          spanGaps: false,
        })),
        {
          type: 'line' as const,
          label: 'threshold',
          data: followedLine(followed, { left, right, bottom, top }),
          borderColor: palette.hybrid,
          borderWidth: 2,
          borderDash: [6, 4],
          pointRadius: 0,
          pointHitRadius: 0,
        },
        {
          // A line without width: of the points of none other is every one asked how far it reaches beyond the chart.
          type: 'line' as const,
          label: 'queries',
          data: density.map(({ m, n, share }) => ({ x: m, y: n, share })),
          // The map paints them: options for each of hundreds of points would take longer than all else.
          pointRadius: 0,
          pointHitRadius: 6,
          pointHoverRadius: 9,
          backgroundColor: dots,
          borderWidth: 0,
        },
      ] as never,
    },
    plugins: [decisionPaint(scene, colours, dots, palette)],
    options: {
      ...sharedOptions(palette),
      interaction: { mode: 'nearest', intersect: true },
      onClick: (event: ChartEvent, _found: ActiveElement[], chart: Chart) => {
        const m = chart.scales['x']?.getValueForPixel(event.x ?? 0);
        const n = chart.scales['y']?.getValueForPixel(event.y ?? 0);
        if (m !== undefined && n !== undefined && m >= left && m <= right && n >= bottom && n <= top) {
          pick(chosenThrough(followed, m, n));
        }
      },
      scales: {
        x: tokenAxis('input tokens m', palette, left, right),
        y: tokenAxis('output tokens n', palette, bottom, top),
      },
      plugins: {
        ...sharedOptions(palette).plugins,
        annotation: { annotations, clip: true },
        tooltip: {
          ...sharedOptions(palette).plugins?.tooltip,
          filter: (item: TooltipItem<'line'>) => item.dataset.label === 'queries',
          callbacks: {
            title: () => '',
            label: (item: TooltipItem<'line'>) => {
              const { x, y, share } = item.raw as { x: number; y: number; share: number };
              return describeField(scene, x, y, share);
            },
          },
        },
      },
    },
  } as unknown as ChartConfiguration;
}

function describeField({ map, inputs }: DecisionScene, m: number, n: number, share: number): string[] {
  const nearest = (values: Float64Array, wanted: number): number => {
    let best = 0;
    values.forEach((value, i) => {
      if (Math.abs(Math.log(value / wanted)) < Math.abs(Math.log(values[best]! / wanted))) best = i;
    });
    return best;
  };
  const at = nearest(map.ms, m) * map.ns.length + nearest(map.ns, n);
  const system = (map.system[at] === 0 ? inputs.small : inputs.large).system.label;
  const saved = map.saving[at]!;
  return [
    `${formatPercent(share)} of the queries, near m = ${Math.round(m)}, n = ${Math.round(n)}`,
    `cheaper on the ${system}${Number.isFinite(saved) ? `, by ${formatPercent(saved)}` : ''}`,
    ...(map.extrapolated[at] === 1 ? ['beyond what was measured'] : []),
    'point estimate, without an interval',
  ];
}

/** The n-th crossing of each m as a line; m without one leaves a gap. */
function breakEvenLines(points: readonly BreakEven[]): { x: number; y: number }[][] {
  const lines: { x: number; y: number }[][] = [];
  let before: BreakEven | undefined;
  let order = 0;
  for (const point of points) {
    order = before?.m === point.m ? order + 1 : 0;
    (lines[order] ??= []).push({ x: point.m, y: point.n });
    before = point;
  }
  return lines;
}

function followedLine(
  { policy, threshold, outputThreshold, product }: PolicyChoice,
  { left, right, bottom, top }: { left: number; right: number; bottom: number; top: number },
): { x: number; y: number }[] {
  if (threshold === null) return [];
  const within = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));
  switch (policy) {
    case 'threshold-in':
      return [
        { x: within(threshold, left, right), y: bottom },
        { x: within(threshold, left, right), y: top },
      ];
    case 'threshold-out':
      return [
        { x: left, y: within(threshold, bottom, top) },
        { x: right, y: within(threshold, bottom, top) },
      ];
    case 'threshold-both':
      return [
        { x: left, y: within(outputThreshold!, bottom, top) },
        { x: within(threshold, left, right), y: within(outputThreshold!, bottom, top) },
        { x: within(threshold, left, right), y: bottom },
      ];
    case 'threshold-product': {
      const from = within(product! / top, left, right);
      const to = within(product! / bottom, left, right);
      return [
        { x: from, y: within(product! / from, bottom, top) },
        { x: to, y: within(product! / to, bottom, top) },
      ];
    }
    default:
      return [];
  }
}

/** In the middle of where a system is cheaper, on log axes, if that is anywhere. */
function labelPlace(map: DecisionMap, system: number): { m: number; n: number } | undefined {
  let count = 0;
  const centre = { row: 0, column: 0 };
  const { length } = map.ns;
  for (let at = 0; at < map.system.length; at++) {
    if (map.system[at] !== system) continue;
    count += 1;
    centre.row += Math.floor(at / length);
    centre.column += at % length;
  }
  if (count < 12) return undefined;
  let nearest = { row: 0, column: 0, away: Infinity };
  for (let at = 0; at < map.system.length; at++) {
    if (map.system[at] !== system) continue;
    const [row, column] = [Math.floor(at / length), at % length];
    const away = (row - centre.row / count) ** 2 + (column - centre.column / count) ** 2;
    if (away < nearest.away) nearest = { row, column, away };
  }
  return { m: map.ms[nearest.row]!, n: map.ns[nearest.column]! };
}
