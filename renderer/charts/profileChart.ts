import type { ChartConfiguration } from 'chart.js';
import type {} from 'chartjs-plugin-zoom';
import { DEFAULT_UNITS, shownQuantity, type DisplayUnits } from '#core/displayUnits';
import { formatWithin } from '#core/digits';
import { formatNumber } from '#core/format';
import {
  axisCells,
  readCell,
  SWEEP_HOLDS,
  type Axis,
  type Cell,
  type Profile,
  type QuantityName,
} from '#core/profile';
import { meanHalfWidth95 } from '#core/statistics';
import type { Palette } from '../composables/usePalette.ts';
import { quantityAxis, sharedOptions, tokenAxis } from './axes.ts';
import { modelSign, systemColour } from './colours.ts';

/** A point with its 95% interval; without one where trials or standard deviation are missing. */
export interface ProfilePoint {
  readonly x: number;
  readonly y: number;
  readonly yMin?: number;
  readonly yMax?: number;
  readonly trials: number;
  readonly doubt?: string;
}

/** The points of a profile along an axis, in the unit of the quantity times `scale`. */
export function profilePoints(
  profile: Profile,
  axis: Axis,
  quantity: QuantityName,
  scale = 1,
): ProfilePoint[] {
  return axisCells(profile, axis).map((cell) => {
    const reading = readCell(cell, quantity);
    const half = meanHalfWidth95(reading.sd, cell.trials);
    return {
      x: along(cell, axis),
      y: reading.mean * scale,
      trials: cell.trials,
      ...(half === undefined
        ? {}
        : {
            yMin: Math.max(reading.mean - half, reading.mean / 1e3) * scale,
            yMax: (reading.mean + half) * scale,
          }),
      ...(cell.doubt === undefined ? {} : { doubt: cell.doubt }),
    };
  });
}

const along = (cell: Cell, axis: Axis): number => (axis === 'input' ? cell.m : cell.n);

/** Any profiles over one another: one quantity against input or output tokens, with 95% intervals. */
export function profileChart(
  profiles: readonly Profile[],
  axis: Axis,
  quantity: QuantityName,
  log: boolean,
  palette: Palette,
  units: DisplayUnits = DEFAULT_UNITS,
): ChartConfiguration {
  const { title, unit, scale } = shownQuantity(units, quantity);
  const series = profiles.map((profile) => ({
    profile,
    points: profilePoints(profile, axis, quantity, scale),
  }));
  const lengths = series.flatMap(({ points }) => points.map((point) => point.x));
  const low = Math.min(8, ...lengths);
  const high = Math.max(64, ...lengths);
  return {
    type: 'lineWithErrorBars' as 'line',
    data: {
      datasets: series.map(({ profile, points }) => {
        const colour = systemColour(profile.system, palette);
        const sign = modelSign(profile.model);
        const grid = profile.design !== 'sweeps';
        return {
          label: profile.name,
          data: points as unknown as { x: number; y: number }[],
          borderColor: colour,
          backgroundColor: grid ? palette.panel : colour,
          pointBorderColor: colour,
          pointBackgroundColor: grid ? palette.panel : colour,
          pointStyle: sign.point,
          pointRadius: 4,
          pointHoverRadius: 6,
          borderWidth: 1.75,
          borderDash: [...sign.dash],
          errorBarColor: colour,
          errorBarWhiskerColor: colour,
          errorBarLineWidth: 1.25,
          errorBarWhiskerLineWidth: 1.25,
          errorBarWhiskerSize: 8,
        };
      }),
    },
    options: {
      ...sharedOptions(palette),
      scales: {
        x: tokenAxis(
          axis === 'input'
            ? `input tokens m (n ≈ ${SWEEP_HOLDS} held)`
            : `output tokens n (m ≈ ${SWEEP_HOLDS} held)`,
          palette,
          low / 1.15,
          high * 1.15,
        ),
        y: quantityAxis(title, palette, log ? { log } : { min: 0 }),
      },
      plugins: {
        ...sharedOptions(palette).plugins,
        tooltip: {
          ...sharedOptions(palette).plugins?.tooltip,
          callbacks: {
            title: (items) => items.map((item) => item.dataset.label ?? ''),
            label: (item) => describePoint(item.raw as ProfilePoint, axis, unit),
          },
        },
        zoom: {
          zoom: { wheel: { enabled: true, modifierKey: 'ctrl' }, pinch: { enabled: true }, mode: 'xy' },
          pan: { enabled: true, mode: 'xy' },
          limits: { x: { min: 1, max: 16384 } },
        },
      },
    },
  };
}

/** The lines of a point's tooltip: where it is, its mean, its interval or why it has none. */
export function describePoint(point: ProfilePoint, axis: Axis, unit: string): string[] {
  const half = point.yMax === undefined ? undefined : point.yMax - point.y;
  return [
    `${axis === 'input' ? 'm' : 'n'} = ${point.x}: ${formatWithin(point.y, half, 4)} ${unit}`,
    half === undefined
      ? `no interval known (${point.trials} ${point.trials === 1 ? 'trial' : 'trials'})`
      : `± ${formatNumber(half, 2)} ${unit}, 95% of the mean over ${point.trials} trials`,
    ...(point.doubt === undefined ? [] : ['in doubt: see the cell table']),
  ];
}
