import type { ChartConfiguration } from 'chart.js';
import type { AnnotationOptions } from 'chartjs-plugin-annotation';
import { DEFAULT_UNITS, shownQuantity, type DisplayUnits } from '#core/displayUnits';
import { paperCurve } from '#core/energyModel';
import { formatNumber } from '#core/format';
import type { StudyInputs, StudyResult } from '#core/study';
import type { Palette } from '../composables/usePalette.ts';
import { lineLabel, quantityAxis, sharedOptions, tokenAxis } from './axes.ts';
import { systemColour } from './colours.ts';

/** What a token costs on both systems along the study's axis: where the lines cross, the threshold lies. */
export function tokenChart(
  inputs: StudyInputs,
  result: StudyResult,
  palette: Palette,
  units: DisplayUnits = DEFAULT_UNITS,
): ChartConfiguration {
  const { unit, scale } = shownQuantity(units, 'energyPerToken');
  const sides = (['small', 'large'] as const).map((side) => ({
    side,
    system: inputs[side].system,
    curve: paperCurve([inputs[side]], result.axis, { rails: result.rails }),
  }));
  const lengths = sides.flatMap(({ curve }) => curve.points.map((point) => point.length));
  const low = Math.min(...lengths);
  const high = Math.max(...lengths);
  const annotations: Record<string, AnnotationOptions> = {};
  const best = result.policies.find((outcome) => outcome.axis === result.axis && outcome.threshold !== null);
  if (best?.threshold !== undefined && best.threshold !== null) {
    annotations['best'] = {
      type: 'line',
      scaleID: 'x',
      value: Math.max(1, best.threshold),
      borderColor: palette.hybrid,
      borderWidth: 1,
      borderDash: [3, 3],
      label: { ...lineLabel(`T = ${best.threshold}`, palette.hybrid, palette), position: 'start' },
    };
  }
  for (const { side, system, curve } of sides) {
    const end = curve.points.at(-1)!;
    const other = sides.find((candidate) => candidate.side !== side)!.curve;
    const opposite = other.points.at(-1)!.jPerToken;
    const above = end.jPerToken >= opposite || end.jPerToken < opposite / 1.4;
    annotations[`${side}-label`] = {
      type: 'label',
      xValue: end.length,
      yValue: end.jPerToken * scale,
      content: system.label,
      color: systemColour(system, palette),
      font: { size: 11, family: palette.font, weight: 600 },
      position: { x: 'end', y: above ? 'end' : 'start' },
      yAdjust: above ? -8 : 8,
    };
  }
  return {
    type: 'line',
    data: {
      datasets: sides.map(({ side, system, curve }) => ({
        label: system.label,
        data: curve.points.map((point) => ({ x: point.length, y: point.jPerToken * scale })),
        borderColor: systemColour(system, palette),
        backgroundColor: systemColour(system, palette),
        borderWidth: 1.75,
        borderDash: side === 'small' ? [] : [5, 3],
        pointStyle: side === 'small' ? ('circle' as const) : ('rectRot' as const),
        pointRadius: 3.5,
      })),
    },
    options: {
      ...(sharedOptions(palette) as ChartConfiguration['options']),
      scales: {
        x: tokenAxis(
          `${result.axis} tokens ${result.axis === 'input' ? 'm' : 'n'}`,
          palette,
          low / 1.1,
          high * 1.1,
        ),
        y: { ...quantityAxis('', palette, { log: true }), title: { display: false } },
      } as NonNullable<ChartConfiguration['options']>['scales'],
      plugins: {
        ...sharedOptions(palette).plugins,
        annotation: { annotations, clip: false },
        tooltip: {
          ...sharedOptions(palette).plugins?.tooltip,
          callbacks: {
            title: (items) => items.map((item) => item.dataset.label ?? ''),
            label: (item) => {
              const point = item.raw as { x: number; y: number };
              return `${point.x} tokens: ${formatNumber(point.y, 4)} ${unit}`;
            },
          },
        },
      } as NonNullable<ChartConfiguration['options']>['plugins'],
    },
  } as ChartConfiguration;
}
