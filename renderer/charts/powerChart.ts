import type { Chart, ChartConfiguration, Plugin } from 'chart.js';
import type {} from 'chartjs-plugin-zoom';
import type { ActiveRun } from '#core/activeRun';
import { formatNumber } from '#core/format';
import type { Span } from '#core/meter';
import { railNames, type Rail } from '#core/profile';
import type { Trial } from '#core/trial';
import type { Palette } from '../composables/usePalette.ts';
import { quantityAxis, sharedOptions } from './axes.ts';
import type { RailLine } from './powerTrace.ts';

/** A stretch of time behind the lines: a phase of a query, a window of several queries, the query under way. */
export interface Band extends Span {
  readonly kind: 'prefill' | 'decode' | 'several' | 'now';
  /** where a trial begins: "64→32" */
  readonly label?: string;
  /** drawn stronger: the trial that is looked at */
  readonly chosen?: boolean;
}

/**
 * The bands of trials, in the order of time. Phases are told apart where it is known when each began, and where the
 * queries are long enough to be seen.
 * @param seenS shorter queries than this are drawn as one band, s
 */
export function trialBands(
  trials: readonly Trial[],
  query?: ActiveRun['query'],
  nowS = 0,
  { chosen, seenS = 0 }: { readonly chosen?: number | undefined; readonly seenS?: number } = {},
): Band[] {
  const bands = trials.flatMap((trial): Band[] => {
    const { startS, endS, repeats, firstTokenS, m, n, queries } = trial;
    const mark = trial.index === chosen ? { chosen: true } : {};
    if (queries !== undefined && (endS - startS) / repeats >= seenS) {
      return queries.flatMap(([fromS, tokenS, toS], i): Band[] => [
        {
          kind: 'prefill',
          startS: startS + fromS,
          endS: startS + tokenS,
          ...(i === 0 ? { label: `${m}→${n} ×${repeats}` } : {}),
          ...mark,
        },
        { kind: 'decode', startS: startS + tokenS, endS: startS + toS, ...mark },
      ]);
    }
    if (repeats > 1) return [{ kind: 'several', startS, endS, label: `${m}→${n} ×${repeats}`, ...mark }];
    const betweenS = Math.min(startS + firstTokenS, endS);
    return [
      { kind: 'prefill', startS, endS: betweenS, label: `${m}→${n}`, ...mark },
      { kind: 'decode', startS: betweenS, endS, ...mark },
    ];
  });
  if (query !== undefined && nowS > query.startS) {
    bands.push({ kind: 'now', startS: query.startS, endS: nowS, label: `${query.m}→${query.n}` });
  }
  return bands;
}

/** How long a query must be in a span for its phases to be seen on a page, s. */
export const seenIn = ({ startS, endS }: Span): number => (endS - startS) / 150;

/** Seconds of a run's clock as m:ss, or h:mm:ss from an hour on; tenths where steps are shorter than a second. */
export function timeLabel(timeS: number, stepS = 1): string {
  const decimals = stepS >= 1 ? 0 : Math.min(3, Math.ceil(-Math.log10(stepS) - 1e-9));
  const whole = Number(Math.abs(timeS).toFixed(decimals));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  const seconds = (whole % 60).toFixed(decimals).padStart(decimals === 0 ? 2 : 3 + decimals, '0');
  const text =
    hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${seconds}` : `${minutes}:${seconds}`;
  return timeS < 0 ? `−${text}` : text;
}

const STEPS = [
  0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21600,
];

/** Round times in a span, at most so many. */
export function timeTicks({ startS, endS }: Span, most = 7): { values: number[]; stepS: number } {
  const stepS = STEPS.find((step) => (endS - startS) / step <= most) ?? 86_400;
  const values: number[] = [];
  for (let i = Math.ceil(startS / stepS - 1e-9); i * stepS <= endS + 1e-9; i++) {
    values.push(Number((i * stepS).toFixed(3)));
  }
  return { values, stepS };
}

/** How a rail is drawn: the Mac's colours for what makes most of the work, other dashes for the rest. */
export function railStyle(rail: Rail, palette: Palette): { colour: string; dash: readonly number[] } {
  if (rail === 'gpu') return { colour: palette.mac, dash: [] };
  if (rail === 'cpu') return { colour: palette.hybrid, dash: [4, 3] };
  const dashes = { ane: [1, 3], dram: [2, 2], package: [8, 3], machine: [], wall: [10, 3, 2, 3] };
  return { colour: palette.muted, dash: dashes[rail] };
}

export const railLabel = (rail: Rail): string => railNames([rail]);

const clear = (colour: string, alpha: string): string => `${colour}${alpha}`;

/** The fill of a band, light enough for the lines in front of it. */
export function bandColour(kind: Band['kind'], palette: Palette, chosen = false): string {
  const alpha = chosen ? '30' : palette.dark ? '20' : '17';
  if (kind === 'prefill') return clear(palette.gpu, alpha);
  if (kind === 'decode') return clear(palette.mac, alpha);
  return clear(palette.muted, chosen ? '38' : '1c');
}

/** What a chart's lines and fills are, for its legend: on the page and in a picture of it. */
export interface LegendItem {
  readonly label: string;
  readonly colour: string;
  /** the dash of a line, or a fill where there is none */
  readonly dash?: readonly number[];
}

const BAND_LABELS = [
  ['prefill', 'prefill'],
  ['decode', 'decode'],
  ['several', 'several queries'],
] as const;

/** The legend of a power chart. */
export function powerLegend(rails: readonly Rail[], bands: readonly Band[], palette: Palette): LegendItem[] {
  return [
    ...rails.map((rail) => ({ label: railLabel(rail), ...railStyle(rail, palette) })),
    ...BAND_LABELS.filter(([kind]) => bands.some((band) => band.kind === kind)).map(([kind, label]) => ({
      label,
      colour: bandColour(kind, palette, true),
    })),
  ];
}

/** What a power chart shows. */
export interface PowerView {
  readonly lines: readonly RailLine[];
  readonly span: Span;
  readonly bands: readonly Band[];
  /** how far it can be zoomed and panned; without it, it cannot */
  readonly limits?: Span;
  /** told the new span when the user zoomed or panned */
  readonly onSpan?: (span: Span) => void;
}

/** Power by rail over time, with trials and phases as bands behind the lines. */
export function powerChart(view: PowerView, palette: Palette): ChartConfiguration {
  const { lines, span, bands, limits, onSpan } = view;
  const { values, stepS } = timeTicks(span);
  const tell = ({ chart }: { chart: Chart }): void => {
    const { min, max } = chart.scales['x']!;
    onSpan?.({ startS: min, endS: max });
  };
  const shared = sharedOptions(palette);
  return {
    type: 'line',
    plugins: [bandPlugin],
    data: {
      datasets: lines.flatMap(({ rail, points, low, high }) => {
        const { colour, dash } = railStyle(rail, palette);
        const line = (label: string, data: RailLine['points']) => ({
          label,
          data: data as { x: number; y: number }[],
          parsing: false as const,
          normalized: true,
          borderColor: colour,
          pointRadius: 0,
          pointHitRadius: 6,
          pointHoverRadius: 3,
          pointHoverBackgroundColor: colour,
          spanGaps: false,
          tension: 0,
        });
        const own = { ...line(railLabel(rail), points), borderWidth: 1.5, borderDash: [...dash] };
        if (low === undefined || high === undefined) return [own];
        const edge = { borderWidth: 0, pointHitRadius: 0, pointHoverRadius: 0 };
        return [
          own,
          { ...line(`${rail} low`, low), ...edge },
          { ...line(`${rail} high`, high), ...edge, fill: '-1', backgroundColor: clear(colour, '30') },
        ];
      }),
    },
    options: {
      ...shared,
      interaction: { mode: 'nearest', axis: 'x', intersect: false },
      scales: {
        x: {
          type: 'linear',
          min: span.startS,
          max: span.endS,
          grid: { display: false },
          border: { color: palette.hairline },
          ticks: {
            color: palette.muted,
            font: { size: 11, family: palette.font },
            padding: 6,
            maxRotation: 0,
            autoSkip: false,
            callback: (value) => timeLabel(Number(value), stepS),
          },
          afterBuildTicks: (axis) => {
            axis.ticks = values.map((value) => ({ value }));
          },
        },
        y: quantityAxis('power, W', palette, { min: 0 }),
      },
      plugins: {
        ...shared.plugins,
        bands: { all: bands, palette },
        tooltip: {
          ...shared.plugins?.tooltip,
          filter: (item) => !/ (low|high)$/.test(item.dataset.label ?? ''),
          callbacks: {
            title: (items) => (items[0] ? tooltipTitle(items[0].parsed.x ?? 0, bands) : ''),
            label: (item) => `${item.dataset.label ?? ''} ${formatNumber(item.parsed.y ?? 0, 3)} W`,
          },
        },
        ...(limits === undefined
          ? {}
          : {
              zoom: {
                zoom: {
                  wheel: { enabled: true, modifierKey: 'ctrl' },
                  pinch: { enabled: true },
                  mode: 'x',
                  onZoomComplete: tell,
                },
                pan: { enabled: true, mode: 'x', onPanComplete: tell },
                limits: { x: { min: limits.startS, max: limits.endS, minRange: 0.5 } },
              },
            }),
      } as NonNullable<NonNullable<ChartConfiguration['options']>['plugins']>,
    },
  };
}

/** "1:23.4 · 64→32" */
export function tooltipTitle(timeS: number, bands: readonly Band[]): string {
  const at = bands.findLastIndex((band) => timeS >= band.startS && timeS <= band.endS);
  if (at < 0) return timeLabel(timeS, 0.1);
  const { kind, label } = bands[at]!;
  const trial = label ?? bands.slice(0, at).findLast((band) => band.label !== undefined)?.label ?? '';
  const phase = kind === 'prefill' || kind === 'decode' ? `, ${kind}` : '';
  return `${timeLabel(timeS, 0.1)} · ${trial}${phase}`;
}

/** Labels stand this far apart at least, and bands narrower than a pixel are not drawn. */
const LABEL_GAP_PX = 10;

const bandPlugin: Plugin = {
  id: 'bands',
  beforeDatasetsDraw(chart) {
    // The options as they were given: Chart.js would wrap each band otherwise.
    const given = chart.config.options?.plugins as
      { bands?: { all: readonly Band[]; palette: Palette } } | undefined;
    const x = chart.scales['x'];
    if (given?.bands === undefined || x === undefined) return;
    const { all, palette } = given.bands;
    const { left, right, top, bottom } = chart.chartArea;
    const { ctx } = chart;
    ctx.save();
    ctx.beginPath();
    ctx.rect(left, top, right - left, bottom - top);
    ctx.clip();
    ctx.font = `600 11px ${palette.font}`;
    ctx.textBaseline = 'top';
    let free = left;
    for (const band of all) {
      if (band.endS < x.min || band.startS > x.max) continue;
      const from = x.getPixelForValue(band.startS);
      const to = x.getPixelForValue(band.endS);
      ctx.fillStyle = bandColour(band.kind, palette, band.chosen);
      if (to - from >= 0.75) ctx.fillRect(from, top, to - from, bottom - top);
      if (band.label === undefined) continue;
      const start = Math.max(from, left) + 4;
      const width = ctx.measureText(band.label).width;
      if (!band.chosen && (start < free || start + width > right)) continue;
      if (!band.chosen && to - from < 4) continue;
      ctx.fillStyle = palette.text;
      ctx.fillText(band.label, start, top + 4);
      free = start + width + LABEL_GAP_PX;
    }
    ctx.restore();
  },
};
