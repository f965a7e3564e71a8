import { expect, test } from 'vitest';
import { compareCells } from '#core/runComparison';
import { madeProfile } from '../../electron/test/bundled.ts';
import type { Palette } from '../composables/usePalette.ts';
import { runStyle } from './colours.ts';
import { runChart, sharedAxes, type RunAxis } from './runChart.ts';

const palette = { dark: false, mac: '#0072b2', font: 'sans-serif' } as Palette;
const swept = madeProfile('a', [
  [8, 10, 1],
  [64, 40, 2],
]);
const other = madeProfile('b', [
  [8, 12, 1],
  [128, 80, 3],
]);

interface Drawn {
  data: { datasets: { label: string; showLine: boolean; data: { x: number; y: number }[] }[] };
  options: { scales: { y: { type: string } } };
}
function draw(axis: RunAxis, profiles = [swept, other]): Drawn {
  const overlay = {
    names: profiles.map(({ id }) => id),
    profiles,
    cells: compareCells(profiles, 'energy'),
    quantity: 'energy',
    axis,
  } as const;
  return runChart(overlay, palette) as unknown as Drawn;
}

test('along an axis, each run is a line at its lengths', () => {
  const { data, options } = draw('input');
  expect(data.datasets.map(({ label, data: points }) => [label, points.map(({ x }) => x)])).toEqual([
    ['a', [8, 64]],
    ['b', [8, 128]],
  ]);
  expect(options.scales.y.type).toBe('logarithmic');
});

test('cell by cell, the runs stand beside each other at their cells, without lines', () => {
  const { data } = draw('cells');
  const [first, second] = data.datasets;
  expect(first!.showLine).toBe(false);
  expect(first!.data).toHaveLength(4);
  expect(Math.round(first!.data[1]!.x)).toBe(Math.round(second!.data[1]!.x));
  expect(first!.data[0]!.x).toBeLessThan(second!.data[0]!.x);
});

test('an interval that nears zero makes the axis linear', () => {
  const wide = madeProfile('w', [], [], {
    cells: [8, 64].map((m) => ({
      m,
      n: 32,
      trials: 3,
      energyJ: { total: 10, gpu: 10 },
      sdEnergyJ: 9,
      runtimeS: 1,
    })),
    design: 'cells',
  });
  expect(draw('cells', [wide, wide]).options.scales.y.type).toBe('linear');
});

test('axes are offered where every run has a line along them', () => {
  const column = madeProfile('c', [], [], {
    cells: [8, 64].map((n) => ({ m: 32, n, trials: 1, energyJ: { total: 1, gpu: 1 }, runtimeS: 1 })),
    design: 'cells',
  });
  expect(sharedAxes([swept, other])).toEqual(['input', 'output']);
  expect(sharedAxes([swept, column])).toEqual(['output']);
});

test('runs are told apart by colour, dash and point', () => {
  const styles = [0, 1, 2, 3, 4].map((place) => runStyle(place, palette));
  for (const sign of ['colour', 'dash', 'point'] as const) {
    expect(new Set(styles.map((style) => String(style[sign]))).size).toBe(5);
  }
});
