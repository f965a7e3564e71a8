import type { ActiveElement, Chart, ChartConfiguration, ChartEvent, TooltipItem } from 'chart.js';
import type { AnnotationOptions } from 'chartjs-plugin-annotation';
import type { VariationAnswer } from '#core/analysis/variations';
import type { FoundVariation, VariationSummary } from '#core/analysis/variationSummary';
import { formatPercent } from '#core/format';
import { SAME } from '#core/verdict';
import {
  explained,
  FACTOR_TITLES,
  rangeText,
  savedText,
  valueName,
  type VariationNames,
} from '../components/check/words.ts';
import { policyName } from '../components/threshold/words.ts';
import type { Palette } from '../composables/usePalette.ts';
import { lineLabel, quantityAxis, sharedOptions } from './axes.ts';
import type { ChartTable } from './chartData.ts';
import { withOpacity } from './mixColours.ts';

/** A mark: x is what a variation saves, y the row of what it changes, moved where marks would lie on one another. */
interface Mark {
  readonly x: number;
  readonly y: number;
  readonly answer: FoundVariation;
}

/** Marks nearer than this share of the axis lie below one another. */
const NEAR = 0.016;
/** How wide a letter of a label is in the mean, px: where two labels of a row do not fit, one is left out. */
const LETTER_PX = 6.3;

export interface VariationChartOptions {
  readonly summary: VariationSummary;
  readonly names: VariationNames;
  readonly minSaving: number;
  /** of the study's own saving, where it is known */
  readonly interval95?: readonly [low: number, high: number] | undefined;
  /** what is looked at: its mark is ringed */
  readonly active?: VariationAnswer | undefined;
  readonly palette: Palette;
  /** a mark is under the pointer, or was clicked */
  readonly hover: (answer: FoundVariation) => void;
  readonly pick: (answer: FoundVariation) => void;
}

/**
 * How far each thing moves the saving: a row for each, the widest first, a mark for each variation on one axis. Filled is
 * useful, hollow is not; the study itself is a diamond on a line through all rows.
 */
export function variationChart({
  summary,
  names,
  minSaving,
  interval95,
  active,
  palette,
  hover,
  pick,
}: VariationChartOptions): ChartConfiguration {
  const { factors, own } = summary;
  const all = factors.flatMap(({ found }) => found.map(({ saving }) => saving));
  const low = Math.min(0, ...all);
  const high = Math.max(minSaving, ...all, interval95?.[1] ?? 0);
  const range = high - low || 1;
  const axis = quantityAxis('saves against the better single system', palette, { percent: true });
  const rows = factors.map(({ found }, row) => spread(found, row, NEAR * range));
  const marks = rows.flat();
  const series = (label: string, of: (answer: FoundVariation) => boolean, style: object) => ({
    label,
    data: marks.filter(({ answer }) => of(answer)),
    pointHitRadius: 6,
    borderWidth: 1.75,
    ...style,
  });
  return {
    type: 'scatter' as 'line',
    data: {
      datasets: [
        series('the study', ({ now }) => now, {
          pointStyle: 'rectRot',
          pointRadius: 7,
          pointHoverRadius: 9,
          borderColor: palette.panel,
          backgroundColor: palette.text,
        }),
        series('a threshold is useful', ({ now, kind }) => !now && kind === 'threshold', {
          pointStyle: 'circle',
          pointRadius: 5.5,
          pointHoverRadius: 8,
          borderColor: palette.hybrid,
          backgroundColor: palette.hybrid,
        }),
        series('no useful threshold', ({ now, kind }) => !now && kind !== 'threshold', {
          pointStyle: 'circle',
          pointRadius: 5,
          pointHoverRadius: 8,
          borderColor: palette.muted,
          backgroundColor: palette.panel,
        }),
      ] as never,
    },
    options: {
      ...sharedOptions(palette),
      layout: { padding: { top: 34, right: 30, bottom: 0, left: 0 } },
      interaction: { mode: 'nearest', intersect: true },
      onHover: (_event: ChartEvent, found: ActiveElement[]) => {
        const answer = answerAt(found);
        if (answer !== undefined) hover(answer);
      },
      onClick: (_event: ChartEvent, found: ActiveElement[]) => {
        const answer = answerAt(found);
        if (answer !== undefined) pick(answer);
      },
      scales: {
        x: {
          ...axis,
          min: low - (low < 0 ? 0.04 : 0.02) * range,
          max: high + 0.04 * range,
          grace: 0,
          ticks: { ...axis.ticks, includeBounds: false },
        },
        y: {
          type: 'linear',
          reverse: true,
          min: -0.6,
          max: factors.length - 0.4,
          grid: { display: false },
          border: { display: false },
          ticks: {
            color: palette.text,
            font: { size: 11, family: palette.font },
            padding: 8,
            autoSkip: false,
            callback: (value: number | string) => {
              const factor = factors[Number(value)];
              if (factor === undefined) return '';
              return [
                FACTOR_TITLES[factor.factor],
                factor.range === undefined ? '' : rangeText(factor.range),
              ];
            },
          },
          afterBuildTicks: (axis: { ticks: { value: number }[] }) => {
            axis.ticks = factors.map((_, value) => ({ value }));
          },
        },
      },
      plugins: {
        ...sharedOptions(palette).plugins,
        annotation: {
          clip: false,
          annotations: {
            ...limits({ minSaving, own, interval95, range }, palette),
            ...strips(summary, palette),
            ...endLabels(rows, summary, names, range, palette),
            ...ring(marks, active, palette),
          },
        },
        tooltip: {
          ...sharedOptions(palette).plugins?.tooltip,
          filter: (_item: TooltipItem<'line'>, index: number) => index === 0,
          callbacks: {
            title: (items: TooltipItem<'line'>[]) => valueName((items[0]!.raw as Mark).answer, names),
            label: (item: TooltipItem<'line'>) =>
              explained((item.raw as Mark).answer, names)
                .replace(/^[^:]*: /, '')
                .split(/(?<=[.;]) /),
          },
        },
      },
    },
  } as unknown as ChartConfiguration;

  function answerAt([hit]: readonly ActiveElement[]): FoundVariation | undefined {
    if (hit === undefined) return undefined;
    const groups = [
      marks.filter(({ answer }) => answer.now),
      marks.filter(({ answer }) => !answer.now && answer.kind === 'threshold'),
      marks.filter(({ answer }) => !answer.now && answer.kind !== 'threshold'),
    ];
    return groups[hit.datasetIndex]?.[hit.index]?.answer;
  }
}

/** The marks of a row: those that would lie on one another lie below one another, the study's on the row itself. */
function spread(found: readonly FoundVariation[], row: number, near: number): Mark[] {
  const levels: number[] = [];
  const placed = found.toSorted((a, b) => Number(b.now) - Number(a.now) || a.saving - b.saving);
  const taken: { x: number; level: number }[] = [];
  for (const { saving } of placed) {
    const close = taken.filter(({ x }) => Math.abs(x - saving) < near).map(({ level }) => level);
    let level = 0;
    while (close.includes(level)) level += 1;
    taken.push({ x: saving, level });
    levels.push(level);
  }
  const step = Math.min(0.2, 0.42 / Math.max(1, ...levels));
  return placed.map((answer, i) => ({ x: answer.saving, y: row + levels[i]! * step, answer }));
}

/** Zero, the least that counts as useful, and the study itself with its interval. */
function limits(
  {
    minSaving,
    own,
    interval95,
    range,
  }: Pick<VariationChartOptions, 'minSaving' | 'interval95'> & {
    readonly own: FoundVariation | undefined;
    readonly range: number;
  },
  palette: Palette,
): Record<string, AnnotationOptions> {
  const line = (value: number, colour: string, dash: number[], width = 1): AnnotationOptions => ({
    type: 'line',
    scaleID: 'x',
    value,
    borderColor: colour,
    borderWidth: width,
    borderDash: dash,
    drawTime: 'beforeDatasetsDraw',
  });
  const head = (value: number, text: string, colour: string, level: number): AnnotationOptions => ({
    type: 'label',
    xValue: value,
    yValue: -0.6,
    ...lineLabel(text, colour, palette),
    backgroundColor: 'transparent',
    position: { x: 'center', y: 'end' },
    yAdjust: 1 - 14 * level,
  });
  // Two heads that would lie on one another lie above one another.
  const near = own !== undefined && Math.abs(own.saving - minSaving) < 0.25 * range;
  return {
    ...(interval95 === undefined
      ? {}
      : {
          interval: {
            type: 'box',
            xMin: interval95[0],
            xMax: interval95[1],
            backgroundColor: withOpacity(palette.text, 0.07),
            borderWidth: 0,
            drawTime: 'beforeDatasetsDraw',
          },
        }),
    zero: line(0, palette.muted, [], 1.25),
    useful: line(minSaving, palette.hybrid, [5, 4], 1.5),
    'useful text': head(minSaving, `useful from ${formatPercent(minSaving)}`, palette.hybrid, near ? 1 : 0),
    ...(own === undefined
      ? {}
      : {
          own: line(own.saving, palette.text, [2, 3], 1),
          'own text': head(own.saving, `the study ${savedText(own.saving)}`, palette.text, 0),
        }),
  };
}

/** From the least to the most that a thing makes of the saving. */
function strips({ factors }: VariationSummary, palette: Palette): Record<string, AnnotationOptions> {
  return Object.fromEntries(
    factors.flatMap(({ factor, range }, row): [string, AnnotationOptions][] =>
      range === undefined
        ? []
        : [
            [
              `strip ${factor}`,
              {
                type: 'line',
                xMin: range[0],
                xMax: range[1],
                yMin: row,
                yMax: row,
                borderColor: palette.hairline,
                borderWidth: 10,
                drawTime: 'beforeDatasetsDraw',
              },
            ],
          ],
    ),
  );
}

/** What stands at the ends of each row, above its marks. */
function endLabels(
  rows: readonly (readonly Mark[])[],
  { factors, own }: VariationSummary,
  names: VariationNames,
  range: number,
  palette: Palette,
): Record<string, AnnotationOptions> {
  const labels: Record<string, AnnotationOptions> = {};
  const label = (
    row: number,
    x: number,
    text: string,
    position: 'start' | 'end',
    needs?: { readonly letters: number; readonly span: number },
  ): void => {
    labels[`end ${row} ${position}`] = {
      type: 'label',
      xValue: x,
      yValue: row,
      ...lineLabel(text, palette.muted, palette),
      font: { size: 11, family: palette.font, weight: 400 },
      backgroundColor: 'transparent',
      position: { x: position, y: 'end' },
      yAdjust: -7,
      ...(needs === undefined
        ? {}
        : {
            display: ({ chart }: { chart: Chart }) => {
              const { min, max, width } = chart.scales['x']!;
              return needs.letters * LETTER_PX + 16 < (needs.span / (max - min)) * width;
            },
          }),
    };
  };
  rows.forEach((marks, row) => {
    const span = factors[row]!.range;
    if (span === undefined) return;
    const [least, most] = span;
    const textAt = (x: number): string => {
      const here = marks.filter((mark) => Math.abs(mark.x - x) < NEAR * range).map(({ answer }) => answer);
      const [first, ...more] = here.toSorted((a, b) => Number(b.now) - Number(a.now));
      const text = valueName(first!, names);
      return more.length === 0 ? text : `${text} and ${more.length} more`;
    };
    if (most - least < SAME) {
      label(
        row,
        most,
        marks.length > 1 ? 'none moves it' : 'only as it is',
        most > range / 2 ? 'end' : 'start',
      );
      return;
    }
    const [left, right] = [textAt(least), textAt(most)];
    const both = { letters: left.length + right.length, span: most - least };
    const isLeft = (least + most) / 2 < range / 2;
    // The farther from the study says more: it stands in any case.
    if (own !== undefined && Math.abs(own.saving - least) < Math.abs(own.saving - most)) {
      label(row, least, left, 'start', both);
      label(row, most, right, 'end');
    } else if (both.span > 0.3 * range || isLeft) {
      label(row, least, left, 'start');
      label(row, most, right, 'end', both);
    } else label(row, least, left, 'end');
  });
  return labels;
}

function ring(
  marks: readonly Mark[],
  active: VariationAnswer | undefined,
  palette: Palette,
): Record<string, AnnotationOptions> {
  const mark = marks.find(({ answer }) => answer.factor === active?.factor && answer.value === active.value);
  if (mark === undefined) return {};
  return {
    ring: {
      type: 'point',
      xValue: mark.x,
      yValue: mark.y,
      radius: 10,
      borderColor: palette.text,
      borderWidth: 2,
      backgroundColor: 'transparent',
    },
  };
}

/** The same as a table, a row for each variation, those that cannot be with their reason. */
export function variationTable(answers: readonly VariationAnswer[], names: VariationNames): ChartTable {
  return {
    header: [
      'changed',
      'to',
      'the study',
      'saved fraction',
      'answer',
      'best threshold',
      'better single system',
      'queries beyond, fraction',
      'energy beyond, fraction',
    ],
    rows: answers.map((answer) => {
      const what = [FACTOR_TITLES[answer.factor], valueName(answer, names), answer.now ? 'yes' : 'no'];
      if (answer.kind === 'impossible')
        return [...what, null, `cannot be: ${answer.why}`, null, null, null, null];
      const { saving, kind, best, bestSingle, extrapolated } = answer;
      return [
        ...what,
        saving,
        kind === 'threshold' ? 'useful' : 'not useful',
        policyName(best, names.systems),
        names.systems[bestSingle].system.label,
        extrapolated.queries,
        extrapolated.energy,
      ];
    }),
  };
}
