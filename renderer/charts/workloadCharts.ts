import type { ChartConfiguration } from 'chart.js';
import type { AnnotationOptions } from 'chartjs-plugin-annotation';
import { formatPercent } from '#core/format';
import type { Axis } from '#core/profile';
import {
  logHistogram,
  marginal,
  summarise,
  type Bin,
  type LengthSummary,
  type Workload,
} from '#core/workload';
import type { Palette } from '../composables/usePalette.ts';
import { lineLabel, octaveAxis, quantityAxis, sharedOptions } from './axes.ts';

/** Bins for each doubling in the histograms, and in the joint field. */
const PER_OCTAVE = 2;

interface Bar {
  readonly x: number;
  readonly y: number;
  readonly bin: Bin;
}

function bars(workload: Workload, axis: Axis): Bar[] {
  return logHistogram(marginal(workload, axis), PER_OCTAVE).map((bin) => ({
    x: (Math.log2(bin.from) + Math.log2(bin.to)) / 2,
    y: bin.share,
    bin,
  }));
}

/**
 * Histogram of one axis, with its median and 95th percentile; a second workload is laid over it as a line.
 * @param summary of the very lengths, where the workload has them rounded
 */
export function marginalChart(
  workload: Workload,
  compared: Workload | undefined,
  axis: Axis,
  palette: Palette,
  summary: LengthSummary = summarise(marginal(workload, axis)),
): ChartConfiguration {
  const own = bars(workload, axis);
  const other = compared === undefined ? [] : bars(compared, axis);
  const edges = [...own, ...other].filter((bar) => bar.y > 0).map((bar) => bar.bin);
  const low = Math.floor(Math.log2(Math.min(...edges.map((bin) => bin.from))));
  const high = Math.ceil(Math.log2(Math.max(...edges.map((bin) => bin.to))));
  const mark = (name: string, value: number, wanted: 'left' | 'right'): AnnotationOptions => {
    const at = Math.log2(Math.max(1, value));
    const text = `${name} ${Math.round(value)}`;
    // Near the right edge, a label to the right would be cut: it goes to the left, below the other one.
    const turned = wanted === 'right' && at > low + 0.7 * (high - low);
    return {
      type: 'line',
      scaleID: 'x',
      value: at,
      borderColor: palette.text,
      borderWidth: 1,
      borderDash: [3, 3],
      label: {
        ...lineLabel(text, palette.text, palette),
        position: 'start',
        xAdjust: (wanted === 'right' && !turned ? 1 : -1) * (12 + 3 * text.length),
        yAdjust: turned ? 16 : 0,
      },
    };
  };
  const colour = palette.dark ? 'rgba(154,163,173,0.55)' : 'rgba(98,104,111,0.45)';
  return {
    type: 'bar',
    data: {
      datasets: [
        {
          type: 'bar',
          label: workload.name,
          data: own as unknown as { x: number; y: number }[],
          backgroundColor: colour,
          barPercentage: 1,
          categoryPercentage: 0.94,
          grouped: false,
          order: 2,
        },
        ...(compared === undefined
          ? []
          : [
              {
                type: 'line' as const,
                label: compared.name,
                data: other as unknown as { x: number; y: number }[],
                borderColor: palette.oracle,
                borderWidth: 2,
                borderDash: [5, 3],
                stepped: 'middle' as const,
                pointRadius: 0,
                order: 1,
              },
            ]),
      ],
    },
    options: {
      ...(sharedOptions(palette) as ChartConfiguration['options']),
      interaction: { mode: 'x', intersect: false },
      scales: {
        x: octaveAxis(axis === 'input' ? 'input tokens m' : 'output tokens n', palette, low, high),
        y: quantityAxis('share of the queries', palette, { percent: true, min: 0 }),
      } as NonNullable<ChartConfiguration['options']>['scales'],
      plugins: {
        ...sharedOptions(palette).plugins,
        annotation: {
          clip: false,
          annotations: {
            median: mark('median', summary.median, 'left'),
            p95: mark('p95', summary.p95, 'right'),
          },
        },
        tooltip: {
          ...sharedOptions(palette).plugins?.tooltip,
          callbacks: {
            title: () => '',
            label: (item) => {
              const { bin } = item.raw as Bar;
              const range = bin.to - bin.from === 1 ? `${bin.from}` : `${bin.from} to ${bin.to - 1}`;
              return `${item.dataset.label}: ${formatPercent(bin.share)} with ${range} tokens`;
            },
          },
        },
      } as NonNullable<ChartConfiguration['options']>['plugins'],
    },
  } as ChartConfiguration;
}

interface Field {
  readonly x: number;
  readonly y: number;
  readonly share: number;
}

/** The joint distribution as a field of log2 bins, half an octave wide each way. */
export function jointFields(workload: Workload): Field[] {
  const step = 1 / PER_OCTAVE;
  const bin = (length: number): number => Math.floor(Math.log2(Math.max(1, length)) / step + 1e-9) * step;
  const shares = new Map<string, { x: number; y: number; count: number }>();
  let total = 0;
  for (const [m, n, count] of workload.pairs) {
    const x = bin(m);
    const y = bin(n);
    const key = `${x} ${y}`;
    const found = shares.get(key) ?? { x, y, count: 0 };
    found.count += count;
    shares.set(key, found);
    total += count;
  }
  return [...shares.values()].map(({ x, y, count }) => ({
    x: x + step / 2,
    y: y + step / 2,
    share: count / total,
  }));
}

/** Which m go with which n: the darker a field, the more queries lie in it. */
export function jointChart(workload: Workload, palette: Palette): ChartConfiguration {
  const fields = jointFields(workload);
  const most = Math.max(...fields.map((field) => field.share));
  const range = (of: (field: Field) => number): [number, number] => [
    Math.floor(Math.min(...fields.map(of))),
    Math.ceil(Math.max(...fields.map(of))),
  ];
  const [left, right] = range((field) => field.x);
  const [bottom, top] = range((field) => field.y);
  const ink = palette.dark ? '138,184,230' : '31,78,121';
  return {
    type: 'matrix' as 'line',
    data: {
      datasets: [
        {
          label: workload.name,
          data: fields as unknown as { x: number; y: number }[],
          backgroundColor: (context: { raw?: unknown }) =>
            `rgba(${ink},${0.06 + 0.94 * Math.sqrt(((context.raw as Field | undefined)?.share ?? 0) / most)})`,
          width: ({ chart }: { chart: { chartArea?: { width: number } } }) =>
            Math.max(2, (chart.chartArea?.width ?? 0) / ((right - left) * PER_OCTAVE) - 1),
          height: ({ chart }: { chart: { chartArea?: { height: number } } }) =>
            Math.max(2, (chart.chartArea?.height ?? 0) / ((top - bottom) * PER_OCTAVE) - 1),
        } as never,
      ],
    },
    options: {
      ...sharedOptions(palette),
      interaction: { mode: 'nearest', intersect: true },
      scales: {
        x: octaveAxis('input tokens m', palette, left, right),
        y: octaveAxis('output tokens n', palette, bottom, top),
      },
      plugins: {
        ...sharedOptions(palette).plugins,
        tooltip: {
          ...sharedOptions(palette).plugins?.tooltip,
          callbacks: {
            title: () => '',
            label: (item) => {
              const field = item.raw as Field;
              const edge = (centre: number, side: -1 | 1): number =>
                Math.round(2 ** (centre + side / (2 * PER_OCTAVE)));
              return (
                `${formatPercent(field.share)} of the queries: m ${edge(field.x, -1)} to ${edge(field.x, 1)}, ` +
                `n ${edge(field.y, -1)} to ${edge(field.y, 1)}`
              );
            },
          },
        },
      },
    },
  };
}
