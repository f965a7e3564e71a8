import type { ChartConfiguration, TooltipItem } from 'chart.js';
import type { AnnotationOptions } from 'chartjs-plugin-annotation';
import type { EnergyUnit } from '#core/displayUnits';
import { fromUnit, toUnit } from '#core/displayUnits';
import { formatFixed, formatNumber, formatPercent } from '#core/format';
import type { Axis } from '#core/profile';
import type { WaterfallBar } from '#core/waterfall';
import type { Palette } from '../composables/usePalette.ts';
import { lineLabel, quantityAxis, sharedOptions } from './axes.ts';
import type { ChartTable } from './chartData.ts';

/** Effects below this, in points, are drawn as a line without a number: the step concerns the other figure. */
const NOTHING = 0.005;

/** With its sign, as many decimals as fit a bar. */
export function pointsText(points: number): string {
  return `${points > 0 ? '+' : points < 0 ? '−' : ''}${formatFixed(Math.abs(points), 2)}`;
}

/** A change of kWh in a unit, with its sign. */
export function effectText(effectKwh: number, unit: EnergyUnit): string {
  return `${effectNumber(effectKwh, unit, 3)} ${unit}`;
}

function effectNumber(effectKwh: number, unit: EnergyUnit, digits: number): string {
  const value = toUnit(fromUnit(effectKwh, 'kWh'), unit);
  return `${value > 0 ? '+' : value < 0 ? '−' : ''}${formatNumber(Math.abs(value), digits)}`;
}

/** Words over as many lines as it takes, none longer than so many letters where a word is not. */
function wrapped(text: string, letters: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= letters) lines[lines.length - 1] += ` ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** The bars whose figures are known; the last of them is where the way ends. */
const knownBars = (bars: readonly WaterfallBar[]): (WaterfallBar & { readonly saving: number })[] =>
  bars.flatMap((bar) => (bar.saving === null ? [] : [{ ...bar, saving: bar.saving }]));

/**
 * A published saving and what each finding takes from it or adds to it, down to the like-for-like joint one. Whole bars
 * are savings, floating ones the effects, each labelled in points, and below in energy.
 */
export function waterfallChart(
  axis: Axis,
  bars: readonly WaterfallBar[],
  palette: Palette,
  unit: EnergyUnit,
): ChartConfiguration {
  const known = knownBars(bars);
  const final = known.at(-1)!;
  const spans = known.map(({ saving }, i): [number, number] =>
    i === 0 ? [0, 100 * saving] : [100 * known[i - 1]!.saving, 100 * saving],
  );
  const labels = [
    ...known.map(({ step, title }) => wrapped(step === 0 ? title : `${step} ${title}`, 9)),
    ['like', 'for like,', 'joint'],
  ];
  spans.push([0, 100 * final.saving]);
  const isWhole = (i: number): boolean => i === 0 || i === spans.length - 1;
  const colours = spans.map(([from, to], i) =>
    isWhole(i) ? palette.muted : to >= from ? palette.hybrid : palette.warning,
  );
  const annotations: Record<string, AnnotationOptions> = {};
  spans.forEach((span, i) => {
    const { effectPoints, effectKwh } = known[i] ?? final;
    const content = isWhole(i)
      ? [formatPercent((known[i] ?? final).saving, 2)]
      : effectPoints === null || effectKwh === null
        ? ['n/a']
        : Math.abs(effectPoints) < NOTHING
          ? ['0']
          : [pointsText(effectPoints), effectNumber(effectKwh, unit, 2)];
    annotations[`label-${i}`] = {
      type: 'label',
      xValue: i,
      yValue: Math.max(...span),
      ...lineLabel(content, isWhole(i) ? palette.text : palette.muted, palette),
      padding: { x: 1, y: 1 },
      position: { x: 'center', y: 'end' },
      yAdjust: -3,
    };
    // From where one bar ends to where the next begins.
    if (i + 1 < spans.length) {
      annotations[`join-${i}`] = {
        type: 'line',
        xMin: i,
        xMax: i + 1,
        yMin: span[1],
        yMax: span[1],
        borderColor: palette.muted,
        borderWidth: 1,
        borderDash: [2, 3],
        drawTime: 'beforeDatasetsDraw',
      };
    }
  });
  return {
    type: 'bar',
    data: {
      labels,
      datasets: [
        {
          label: `saved, ${axis} figure`,
          data: spans,
          backgroundColor: colours,
          borderSkipped: false,
          borderRadius: 2,
          minBarLength: 2,
          categoryPercentage: 0.9,
          barPercentage: 0.8,
        },
      ],
    },
    options: {
      ...sharedOptions(palette),
      layout: { padding: { top: 30, right: 12, bottom: 0, left: 0 } },
      interaction: { mode: 'index', intersect: false },
      scales: {
        x: {
          type: 'category',
          grid: { display: false },
          border: { color: palette.hairline },
          ticks: {
            color: palette.muted,
            font: { size: 10, family: palette.font },
            autoSkip: false,
            maxRotation: 0,
          },
        },
        y: { ...quantityAxis('saved against the A100 alone, %', palette, { min: 0 }), grace: '2%' },
      },
      plugins: {
        ...sharedOptions(palette).plugins,
        annotation: { annotations, clip: false },
        tooltip: {
          ...sharedOptions(palette).plugins?.tooltip,
          callbacks: {
            title: (items: TooltipItem<'bar'>[]) => {
              const bar = known[items[0]!.dataIndex];
              if (bar === undefined) return 'like for like, on the joint distribution';
              return bar.step === 0 ? bar.title : `finding ${bar.step}: ${bar.title}`;
            },
            label: (item: TooltipItem<'bar'>) => {
              const { saving, hybridKwh, effectPoints, effectKwh } = known[item.dataIndex] ?? final;
              const whole =
                hybridKwh === null
                  ? 'n/a'
                  : `${formatNumber(toUnit(fromUnit(hybridKwh, 'kWh'), unit), 4)} ${unit}`;
              return [
                `saves ${formatPercent(saving, 2)}; the hybrid takes ${whole}`,
                ...(isWhole(item.dataIndex) || effectPoints === null || effectKwh === null
                  ? []
                  : [`changes it by ${pointsText(effectPoints)} points and ${effectText(effectKwh, unit)}`]),
              ];
            },
          },
        },
      },
    },
  } as unknown as ChartConfiguration;
}

/** The same as a table, one step a row; what cannot be computed is empty. */
export function waterfallTable(axis: Axis, bars: readonly WaterfallBar[]): ChartTable {
  return {
    header: ['figure', 'step', 'finding', 'saved fraction', 'effect, points', 'hybrid, kWh', 'effect, kWh'],
    rows: bars.map(({ step, title, saving, effectPoints, hybridKwh, effectKwh }) => [
      axis,
      step,
      title,
      saving,
      effectPoints,
      hybridKwh,
      effectKwh,
    ]),
  };
}
