import type { ChartConfiguration } from 'chart.js';
import type { AnnotationOptions } from 'chartjs-plugin-annotation';
import { WHOLE_WORKLOAD, type ShownQuantity, type StudyUnits } from '#core/displayUnits';
import { formatNumber, readoutText } from '#core/format';
import type { StudyInputs, StudyResult, StudySettings } from '#core/study';
import type { Palette } from '../composables/usePalette.ts';
import { lineLabel, quantityAxis, sharedOptions, tokenAxis } from './axes.ts';
import { systemColour } from './colours.ts';

/**
 * What the curve's height means, by λ and the form of the cost; `scale` turns the cost into it. A cost that is neither
 * energy nor runtime alone has no unit, and stays that of the whole workload.
 * @param largest of the costs that are shown
 */
export function costMeaning(
  settings: Pick<StudySettings, 'lambda' | 'cost'>,
  units: StudyUnits = WHOLE_WORKLOAD,
  largest = 1,
): ShownQuantity {
  if (settings.cost === 'raw' && settings.lambda === 1) {
    return units.column('energy', largest);
  }
  if (settings.cost === 'raw' && settings.lambda === 0) {
    return units.column('runtime', largest);
  }
  return settings.cost === 'raw'
    ? costOfNoUnit('cost U, joules and seconds mixed')
    : costOfNoUnit('cost U, normalised');
}

const costOfNoUnit = (label: string): ShownQuantity => ({ label, title: `${label}, U`, unit: 'U', scale: 1 });

/**
 * The paper's curve: cost of the hybrid against the threshold, with both single systems and the best point.
 * @param pick a threshold was clicked
 */
export function thresholdChart(
  settings: StudySettings,
  inputs: StudyInputs,
  result: StudyResult,
  palette: Palette,
  pick: (threshold: number) => void = () => undefined,
  units: StudyUnits = WHOLE_WORKLOAD,
): ChartConfiguration {
  const largest = Math.max(...result.policies.map(({ cost }) => cost));
  const { title, unit, scale } = costMeaning(settings, units, largest);
  const text = (cost: number): string => `${formatNumber(cost * scale, 4)} ${unit}`;
  const best = result.policies.find((outcome) => outcome.axis === result.axis && outcome.threshold !== null);
  const lines = (['small', 'large'] as const).map((side) => ({
    side,
    cost: result.policies.find((outcome) => outcome.axis === result.axis && outcome.policy === side)!.cost,
    name: `${inputs[side].system.label} alone`,
    colour: systemColour(inputs[side].system, palette),
  }));
  const upper = lines[0]!.cost >= lines[1]!.cost ? 'small' : 'large';
  const lengths = result.sweep.map((point) => point.threshold);
  const low = Math.max(1, Math.min(...lengths));
  const high = Math.max(...lengths);

  const annotations: Record<string, AnnotationOptions> = {};
  for (const line of lines) {
    annotations[line.side] = {
      type: 'line',
      scaleID: 'y',
      value: line.cost * scale,
      borderColor: line.colour,
      borderWidth: 1.5,
      borderDash: line.side === 'small' ? [6, 4] : [2, 3],
      label: {
        ...lineLabel(line.name, line.colour, palette),
        // In the middle the hybrid's curve is far below both lines, so that the labels stay clear of it.
        position: '45%',
        yAdjust: line.side === upper ? -11 : 11,
        backgroundColor: 'transparent',
      },
    };
  }
  if (best?.threshold !== undefined && best.threshold !== null) {
    annotations['best'] = {
      type: 'line',
      scaleID: 'x',
      value: Math.max(best.threshold, low),
      borderColor: palette.hybrid,
      borderWidth: 1,
      borderDash: [3, 3],
      label: {
        ...lineLabel(`T = ${best.threshold}`, palette.hybrid, palette),
        position: 'start',
      },
    };
  }
  const chosen = (index: number): boolean => lengths[index] === best?.threshold;
  const dense = lengths.length > 40;
  return {
    type: 'line',
    data: {
      datasets: [
        {
          label: 'hybrid',
          data: result.sweep.map((point) => ({ x: Math.max(1, point.threshold), y: point.cost * scale })),
          borderColor: palette.hybrid,
          backgroundColor: palette.panel,
          borderWidth: 2,
          pointRadius: lengths.map((_, i) => (chosen(i) ? 6 : dense ? 0 : 3)),
          pointHoverRadius: 6,
          pointBackgroundColor: lengths.map((_, i) => (chosen(i) ? palette.panel : palette.hybrid)),
          pointBorderColor: palette.hybrid,
          pointBorderWidth: 2,
          ...(dense ? { stepped: 'before' as const } : {}),
        },
      ],
    },
    options: {
      ...(sharedOptions(palette) as ChartConfiguration['options']),
      onClick: (_event, found) => {
        const hit = result.sweep[found[0]?.index ?? -1];
        if (hit !== undefined) pick(hit.threshold);
      },
      scales: {
        x: tokenAxis(
          `threshold T: queries with at most T ${result.axis} tokens go to the ${inputs.small.system.label}`,
          palette,
          low / 1.1,
          high * 1.1,
        ),
        y: { ...quantityAxis(title, palette), grace: '6%' },
      } as NonNullable<ChartConfiguration['options']>['scales'],
      plugins: {
        ...sharedOptions(palette).plugins,
        annotation: { annotations, clip: false },
        tooltip: {
          ...sharedOptions(palette).plugins?.tooltip,
          callbacks: {
            title: () => '',
            label: (item) => {
              const point = result.sweep[item.dataIndex]!;
              return [
                `T = ${point.threshold}: ${text(point.cost)}`,
                `energy ${readoutText(units.energy(point.energyJ))}, runtime ${readoutText(units.time(point.runtimeS))}`,
              ];
            },
          },
        },
      } as NonNullable<ChartConfiguration['options']>['plugins'],
    },
  } as ChartConfiguration;
}
