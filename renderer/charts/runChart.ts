import type { ChartConfiguration } from 'chart.js';
import { DEFAULT_UNITS, shownQuantity, type DisplayUnits } from '#core/displayUnits';
import { formatWithin } from '#core/digits';
import { formatNumber } from '#core/format';
import { type Axis, type Profile, type QuantityName } from '#core/profile';
import type { CellComparison } from '#core/runComparison';
import type { Palette } from '../composables/usePalette.ts';
import { quantityAxis, sharedOptions, tokenAxis } from './axes.ts';
import { runStyle } from './colours.ts';
import { describePoint, profilePoints, type ProfilePoint } from './profileChart.ts';

/** Runs laid over one another: along an axis, or cell beside cell where the cells lie on no line. */
export type RunAxis = Axis | 'cells';

export interface RunOverlay {
  readonly names: readonly string[];
  readonly profiles: readonly Profile[];
  /** of the same profiles and quantity */
  readonly cells: readonly CellComparison[];
  readonly quantity: QuantityName;
  readonly axis: RunAxis;
}

/** Points of several runs at one cell stand this far apart, in cells. */
const APART = 0.14;

/** One quantity of several runs, with 95% intervals. */
export function runChart(
  overlay: RunOverlay,
  palette: Palette,
  units: DisplayUnits = DEFAULT_UNITS,
): ChartConfiguration {
  const { names, quantity, axis } = overlay;
  const { title, unit, scale } = shownQuantity(units, quantity);
  const series = names.map((_, i) =>
    axis === 'cells' ? cellPoints(overlay, i, scale) : axisPoints(overlay, i, scale),
  );
  const lengths = series.flatMap((points) => points.map((point) => point.x));
  const log = quantity !== 'power' && series.flat().every(isNarrow);
  const shared = sharedOptions(palette);
  return {
    type: 'lineWithErrorBars' as 'line',
    data: {
      datasets: series.map((points, i) => {
        const { colour, dash, point } = runStyle(i, palette);
        return {
          label: names[i]!,
          data: points as unknown as { x: number; y: number }[],
          showLine: axis !== 'cells',
          borderColor: colour,
          backgroundColor: colour,
          pointBorderColor: colour,
          pointBackgroundColor: colour,
          pointStyle: point,
          pointRadius: 4,
          pointHoverRadius: 6,
          borderWidth: 1.75,
          borderDash: [...dash],
          errorBarColor: colour,
          errorBarWhiskerColor: colour,
          errorBarLineWidth: 1.25,
          errorBarWhiskerLineWidth: 1.25,
          errorBarWhiskerSize: 8,
        };
      }),
    },
    options: {
      ...shared,
      scales: {
        x:
          axis === 'cells'
            ? cellAxis(overlay.cells, palette)
            : tokenAxis(
                `${axis} tokens ${axis === 'input' ? 'm' : 'n'}`,
                palette,
                Math.min(8, ...lengths) / 1.15,
                Math.max(64, ...lengths) * 1.15,
              ),
        y: quantityAxis(title, palette, log ? { log } : { min: 0 }),
      },
      plugins: {
        ...shared.plugins,
        tooltip: {
          ...shared.plugins?.tooltip,
          callbacks: {
            title: (items) => items.map((item) => item.dataset.label ?? ''),
            label: (item) => {
              const point = item.raw as ProfilePoint;
              if (axis !== 'cells') return describePoint(point, axis, unit);
              const cell = overlay.cells[Math.round(point.x)];
              const half = point.yMax === undefined ? undefined : point.yMax - point.y;
              const within = half === undefined ? '' : ` ± ${formatNumber(half, 2)}`;
              return `${cell?.m ?? ''}→${cell?.n ?? ''}: ${formatWithin(point.y, half, 4)}${within} ${unit}`;
            },
          },
        },
      },
    },
  };
}

/** Whether an interval leaves the lower part of a log axis alone: one that nears zero would fill it. */
const isNarrow = ({ y, yMin }: ProfilePoint): boolean => yMin === undefined || yMin > y / 5;

function axisPoints({ profiles, quantity, axis }: RunOverlay, place: number, scale: number): ProfilePoint[] {
  return axis === 'cells' ? [] : profilePoints(profiles[place]!, axis, quantity, scale);
}

function cellPoints({ cells, names }: RunOverlay, place: number, scale: number): ProfilePoint[] {
  const offset = (place - (names.length - 1) / 2) * APART;
  return cells.flatMap(({ values }, index) => {
    const value = values[place];
    if (value === undefined) return [];
    const { mean, half, trials } = value;
    return [
      {
        x: index + offset,
        y: mean * scale,
        trials,
        ...(half === undefined
          ? {}
          : { yMin: Math.max(mean - half, 0) * scale, yMax: (mean + half) * scale }),
      },
    ];
  });
}

/** Cells side by side, as many of them labelled as there is room for. */
function cellAxis(cells: readonly CellComparison[], palette: Palette) {
  return {
    type: 'linear' as const,
    min: -0.5,
    max: cells.length - 0.5,
    title: {
      display: true,
      text: 'cell: input → output tokens',
      color: palette.muted,
      font: { size: 11, family: palette.font },
    },
    grid: { display: false },
    border: { color: palette.hairline },
    ticks: {
      color: palette.muted,
      font: { size: 11, family: palette.font },
      maxRotation: 60,
      autoSkip: true,
      autoSkipPadding: 8,
      callback: (value: string | number) => {
        const cell = cells[Number(value)];
        return cell === undefined ? '' : `${cell.m}→${cell.n}`;
      },
    },
    afterBuildTicks: (axis: { ticks: { value: number }[] }) => {
      axis.ticks = cells.map((_, value) => ({ value }));
    },
  };
}

/** The axes along which every run has at least two cells. */
export function sharedAxes(profiles: readonly Profile[]): Axis[] {
  return (['input', 'output'] as const).filter((axis) =>
    profiles.every((profile) => profilePoints(profile, axis, 'energy').length > 1),
  );
}
