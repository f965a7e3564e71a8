import type { ChartConfiguration, TooltipItem } from 'chart.js';
import type { AnnotationOptions } from 'chartjs-plugin-annotation';
import { formatFixed, formatPercent } from '#core/format';
import type { StudyResult } from '#core/study';
import type { Palette } from '../composables/usePalette.ts';
import { lineLabel, quantityAxis, sharedOptions } from './axes.ts';

/** What not knowing n costs, by the error of a prediction, and what m alone is good for. */
export function predictionChart(
  unknown: NonNullable<StudyResult['unknownOutput']>,
  palette: Palette,
): ChartConfiguration {
  const { prediction, expectedOutput, bestByInput } = unknown;
  const level = (value: number, text: string, dash: number[], above: boolean): AnnotationOptions => ({
    type: 'line',
    scaleID: 'y',
    value,
    borderColor: palette.muted,
    borderWidth: 1.25,
    borderDash: dash,
    label: {
      ...lineLabel(`${text}: +${formatPercent(value, 2)}`, palette.muted, palette),
      position: 'start',
      yAdjust: above ? -10 : 10,
      backgroundColor: 'transparent',
    },
  });
  const line = (name: string, of: 'loss' | 'adapted', colour: string, dash: number[], point: string) => ({
    label: name,
    data: prediction.map((each) => ({ x: each.sigma, y: each[of] })),
    borderColor: colour,
    backgroundColor: colour,
    borderWidth: 2,
    borderDash: dash,
    pointRadius: 4,
    pointStyle: point,
  });
  return {
    type: 'line',
    data: {
      datasets: [
        line('threshold kept', 'loss', palette.gpu, [6, 4], 'rectRot'),
        line('threshold adapted to the error', 'adapted', palette.hybrid, [], 'circle'),
      ] as never,
    },
    options: {
      ...sharedOptions(palette),
      interaction: { mode: 'x', intersect: false },
      scales: {
        x: {
          ...quantityAxis('error σ of the predicted n, which is off by a factor of e^±σ', palette),
          min: 0,
          suggestedMax: Math.max(...prediction.map(({ sigma }) => sigma)) * 1.04,
          grace: 0,
          grid: { display: false },
        },
        y: quantityAxis('costs more than with n known', palette, { percent: true, min: 0 }),
      },
      plugins: {
        ...sharedOptions(palette).plugins,
        annotation: {
          clip: false,
          annotations: {
            expected: level(expectedOutput, 'mean n of the same m', [2, 3], expectedOutput >= bestByInput),
            best: level(bestByInput, 'best by m alone', [8, 3], expectedOutput < bestByInput),
          },
        },
        tooltip: {
          ...sharedOptions(palette).plugins?.tooltip,
          callbacks: {
            title: (items: TooltipItem<'line'>[]) => {
              const sigma = (items[0]?.raw as { x: number } | undefined)?.x ?? 0;
              return sigma === 0
                ? 'n known exactly'
                : `n off by a factor of ${formatFixed(Math.exp(sigma), 2)}, typically`;
            },
            label: (item: TooltipItem<'line'>) =>
              `${item.dataset.label}: +${formatPercent((item.raw as { y: number }).y, 2)}`,
          },
        },
      },
    },
  } as unknown as ChartConfiguration;
}
