import { expect, test } from 'vitest';
import { PAPER_LARGE, PAPER_SMALL, PAPER_WORKLOAD } from '#core/paperFigure';
import { JOINT_WORKLOADS, reproducePaper } from '#core/reproduction';
import { bundledProfiles, bundledWorkload } from '../../electron/test/bundled.ts';
import type { Palette } from '../composables/usePalette.ts';
import { csvOf } from './chartData.ts';
import { effectText, pointsText, waterfallChart, waterfallTable } from './waterfallChart.ts';

const palette = {
  dark: false,
  text: 't',
  muted: 'm',
  hybrid: 'up',
  warning: 'down',
  panel: 'p',
  font: 'f',
} as Palette;
const { waterfall } = reproducePaper(
  bundledProfiles.filter(({ system }) => system.id === PAPER_SMALL || system.id === PAPER_LARGE),
  bundledWorkload(PAPER_WORKLOAD),
  JOINT_WORKLOADS.map(bundledWorkload),
);

interface Drawn {
  readonly data: {
    readonly labels: readonly (readonly string[])[];
    readonly datasets: readonly {
      readonly data: readonly (readonly [number, number])[];
      readonly backgroundColor: readonly string[];
    }[];
  };
  readonly options: {
    readonly plugins: {
      readonly annotation: { readonly annotations: Record<string, { content?: string[] }> };
    };
  };
}

test.each([
  ['input', 8.2, 0.44],
  ['output', 7.67, 3.33],
] as const)('the %s figure falls, each bar from where the last one ends', (axis, from, to) => {
  const chart = waterfallChart(axis, waterfall[axis], palette, 'kWh') as unknown as Drawn;
  const [dataset] = chart.data.datasets;
  const spans = dataset!.data;
  expect(chart.data.labels).toHaveLength(spans.length);
  expect(chart.data.labels.at(-1)!.join(' ')).toBe('like for like, joint');
  expect(spans[0]![0]).toBe(0);
  expect(spans[0]![1]).toBeCloseTo(from, 2);
  expect(spans.at(-1)![1]).toBeCloseTo(to, 2);
  const steps = waterfall[axis].filter(({ saving }) => saving !== null);
  spans.slice(1, -1).forEach(([start, end], i) => {
    expect(start).toBe(spans[i]![1]);
    expect(end - start).toBeCloseTo(steps[i + 1]!.effectPoints!, 9);
    expect(dataset!.backgroundColor[i + 1]).toBe(end >= start ? 'up' : 'down');
  });
});

test('every bar is labelled in points and in energy, and what cannot be computed is in the table alone', () => {
  const chart = waterfallChart('output', waterfall.output, palette, 'Wh') as unknown as Drawn;
  const { annotations } = chart.options.plugins.annotation;
  expect(annotations['label-0']!.content).toEqual(['7.67%']);
  expect(annotations['label-2']!.content).toEqual(['−7.10', '+3,868']);
  const csv = csvOf(waterfallTable('output', waterfall.output)).split('\r\n');
  expect(csv[3]).toMatch(/^output,1,input lengths for outputs,0\.00422\d+,-7\.10\d+,4\.525\d+,3\.867\d+$/);
  expect(csv.at(-2)).toBe('output,8,no KV cache,,,,');
});

test('effects have their sign', () => {
  expect([pointsText(1.234), pointsText(-0.5), pointsText(0)]).toEqual(['+1.23', '−0.50', '0.00']);
  expect([effectText(0.0127, 'kWh'), effectText(-0.5, 'Wh')]).toEqual(['+0.0127 kWh', '−500 Wh']);
});

test('an effect that is not known is not called 0', () => {
  const steps = waterfall.input.map((step, i) => (i === 2 ? { ...step, effectKwh: null } : step));
  const chart = waterfallChart('input', steps, palette, 'kWh') as unknown as Drawn;
  expect(JSON.stringify(chart.options.plugins.annotation.annotations['label-2']!.content)).toBe('["n/a"]');
});
