import type { ChartConfiguration } from 'chart.js';
import type { AnnotationOptions } from 'chartjs-plugin-annotation';
import { fromUnit, toUnit, type EnergyUnit } from '#core/displayUnits';
import { formatFixed } from '#core/format';
import type { Axis } from '#core/profile';
import type { AxisAnalysis } from '#core/paperFigure';
import type { Palette } from '../composables/usePalette.ts';
import { lineLabel, quantityAxis, sharedOptions, tokenAxis } from './axes.ts';

/** One of the paper's two figures: the reproduced curve over the published one, and both single systems. */
export function reproductionChart(
  axis: Axis,
  reproduced: AxisAnalysis,
  published: AxisAnalysis,
  palette: Palette,
  unit: EnergyUnit = 'kWh',
): ChartConfiguration {
  const shown = (kwh: number): number => toUnit(fromUnit(kwh, 'kWh'), unit);
  const upper = reproduced.smallKwh >= reproduced.largeKwh ? 'small' : 'large';
  const single = (side: 'small' | 'large'): AnnotationOptions => {
    const value = shown(side === 'small' ? reproduced.smallKwh : reproduced.largeKwh);
    const colour = side === 'small' ? palette.mac : palette.gpu;
    return {
      type: 'line',
      scaleID: 'y',
      value,
      borderColor: colour,
      borderWidth: 1.5,
      borderDash: side === 'small' ? [6, 4] : [2, 3],
      label: {
        ...lineLabel(`${side === 'small' ? 'M1 Pro' : 'A100'} alone`, colour, palette),
        position: '42%',
        yAdjust: side === upper ? -11 : 11,
        backgroundColor: 'transparent',
      },
    };
  };
  const points = (analysis: AxisAnalysis): { x: number; y: number }[] =>
    analysis.thresholds.map((threshold, i) => ({ x: threshold, y: shown(analysis.hybridKwh[i]!) }));
  return {
    type: 'line',
    data: {
      datasets: [
        {
          label: 'reproduced',
          data: points(reproduced),
          borderColor: palette.hybrid,
          backgroundColor: palette.hybrid,
          borderWidth: 2,
          pointRadius: 3.5,
        },
        {
          label: 'published',
          data: points(published),
          borderColor: palette.muted,
          backgroundColor: palette.panel,
          borderWidth: 1.25,
          borderDash: [4, 3],
          pointRadius: 4.5,
          pointStyle: 'rectRot',
        },
      ],
    },
    options: {
      ...(sharedOptions(palette) as ChartConfiguration['options']),
      scales: {
        x: tokenAxis(`threshold T on ${axis} tokens`, palette, 8 / 1.1, reproduced.thresholds.at(-1)! * 1.1),
        y: { ...quantityAxis(`energy, ${unit}`, palette), grace: '6%' },
      } as NonNullable<ChartConfiguration['options']>['scales'],
      plugins: {
        ...sharedOptions(palette).plugins,
        annotation: { clip: false, annotations: { small: single('small'), large: single('large') } },
        tooltip: {
          ...sharedOptions(palette).plugins?.tooltip,
          callbacks: {
            title: (items) => `T = ${(items[0]?.raw as { x: number } | undefined)?.x ?? ''}`,
            label: (item) =>
              `${item.dataset.label}: ${formatFixed((item.raw as { y: number }).y, unit === 'kWh' ? 6 : 3)} ${unit}`,
          },
        },
      } as NonNullable<ChartConfiguration['options']>['plugins'],
    },
  } as ChartConfiguration;
}
