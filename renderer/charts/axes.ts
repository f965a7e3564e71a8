import type { ChartOptions, LinearScaleOptions, LogarithmicScaleOptions, TooltipOptions } from 'chart.js';
import { formatNumber } from '#core/format';
import type { Palette } from '../composables/usePalette.ts';

/** The type size of charts, px. */
const SIZE = 11;

const title = (text: string, palette: Palette) => ({
  display: true,
  text,
  color: palette.muted,
  font: { size: SIZE, family: palette.font },
  padding: { top: 4, bottom: 2 },
});

const ticks = (palette: Palette) => ({
  color: palette.muted,
  font: { size: SIZE, family: palette.font },
  padding: 6,
});

const grid = (palette: Palette) => ({ color: palette.hairline, drawTicks: false, tickLength: 0 });

/** Powers of two from `low` to `high`, thinned to at most `most`; always on the same lattice 8, 32, 128, … */
export function powersOfTwo(low: number, high: number, most = 8): number[] {
  const first = Math.ceil(Math.log2(low) - 1e-9);
  const last = Math.floor(Math.log2(high) + 1e-9);
  const step = Math.max(1, Math.ceil((last - first + 1) / most));
  const powers: number[] = [];
  for (let power = first; power <= last; power++) {
    if ((((power - 3) % step) + step) % step === 0) powers.push(2 ** power);
  }
  return powers;
}

/** A logarithmic axis of tokens, labelled at powers of two. */
export function tokenAxis(
  text: string,
  palette: Palette,
  low: number,
  high: number,
): LogarithmicScaleOptions {
  return {
    type: 'logarithmic',
    min: low,
    max: high,
    title: title(text, palette),
    ticks: {
      ...ticks(palette),
      callback: (value: number | string) => String(value),
      autoSkip: false,
      maxRotation: 0,
    },
    grid: { ...grid(palette), display: false },
    border: { color: palette.hairline },
    afterBuildTicks: (axis: { ticks: { value: number }[] }) => {
      axis.ticks = powersOfTwo(low, high).map((value) => ({ value }));
    },
  } as unknown as LogarithmicScaleOptions;
}

/** A linear axis whose values are log2 of tokens, labelled in tokens at powers of two: for bars and fields. */
export function octaveAxis(
  text: string,
  palette: Palette,
  low: number,
  high: number,
  extra: Partial<LinearScaleOptions> = {},
): LinearScaleOptions {
  return {
    type: 'linear',
    min: low,
    max: high,
    title: title(text, palette),
    ticks: {
      ...ticks(palette),
      callback: (value: number | string) => String(2 ** Number(value)),
      autoSkip: false,
      maxRotation: 0,
    },
    grid: { ...grid(palette), display: false },
    border: { color: palette.hairline },
    reverse: false,
    offset: false,
    afterBuildTicks: (axis: { ticks: { value: number }[] }) => {
      axis.ticks = powersOfTwo(2 ** low, 2 ** high).map((value) => ({ value: Math.log2(value) }));
    },
    ...extra,
  } as unknown as LinearScaleOptions;
}

/** An axis of a quantity, linear or logarithmic. */
export function quantityAxis(
  text: string,
  palette: Palette,
  { log = false, percent = false, min }: { log?: boolean; percent?: boolean; min?: number } = {},
): LinearScaleOptions | LogarithmicScaleOptions {
  const label = (value: number | string): string =>
    percent ? `${formatNumber(Number(value) * 100, 3)}%` : formatNumber(Number(value), 4);
  return {
    type: log ? 'logarithmic' : 'linear',
    ...(min === undefined ? {} : { min }),
    grace: '4%',
    title: title(text, palette),
    ticks: {
      ...ticks(palette),
      maxTicksLimit: 7,
      callback: label,
    },
    grid: grid(palette),
    border: { display: false },
    ...(log
      ? {
          afterBuildTicks: (axis: { min: number; max: number; ticks: { value: number }[] }) => {
            axis.ticks = logTicks(axis.min, axis.max).map((value) => ({ value }));
          },
        }
      : {}),
  } as unknown as LinearScaleOptions;
}

/**
 * Round values in a range, for a logarithmic axis: as few steps of a decade as give at least three; in a range
 * too narrow for that, even steps.
 */
export function logTicks(low: number, high: number): number[] {
  for (const decade of [[1], [1, 3], [1, 2, 5], [1, 1.5, 2, 3, 5, 7]]) {
    const ticks: number[] = [];
    for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++) {
      for (const step of decade) {
        const value = Number((step * 10 ** power).toPrecision(6));
        if (value >= low && value <= high) ticks.push(value);
      }
    }
    if (ticks.length >= 3) return ticks;
  }
  return evenTicks(low, high);
}

function evenTicks(low: number, high: number): number[] {
  const rough = 10 ** Math.floor(Math.log10(high - low));
  const step =
    [1, 0.5, 0.2, 0.1].map((part) => part * rough).find((size) => high - low >= 3 * size) ?? rough / 10;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(6)));
}

/** What all charts share: no animation (they answer at once), no legend (labels stand at the lines). */
export function sharedOptions(palette: Palette): ChartOptions {
  return {
    animation: false,
    responsive: true,
    maintainAspectRatio: false,
    interaction: { mode: 'nearest', intersect: false },
    layout: { padding: { top: 8, right: 12, bottom: 0, left: 0 } },
    plugins: {
      legend: { display: false },
      tooltip: tooltip(palette),
    },
  };
}

function tooltip(palette: Palette): Partial<TooltipOptions> {
  return {
    backgroundColor: palette.panel,
    titleColor: palette.text,
    bodyColor: palette.text,
    borderColor: palette.hairline,
    borderWidth: 1,
    padding: 8,
    cornerRadius: 6,
    displayColors: false,
    titleFont: { size: 12, weight: 600, family: palette.font },
    bodyFont: { size: 12, family: palette.font },
  };
}

/** A label at a line or a point, on the panel's colour so that it stays readable over a grid. */
export function lineLabel(content: string | string[], color: string, palette: Palette) {
  return {
    display: true,
    content,
    color,
    backgroundColor: palette.panel,
    font: { size: SIZE, family: palette.font, weight: 600 as const },
    padding: { x: 4, y: 2 },
  };
}
