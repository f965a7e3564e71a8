import { expect, test } from 'vitest';
import { DEFAULT_UNITS, shownQuantity, studyUnits } from '#core/displayUnits';
import { analyse, parseSettings } from '#core/study';
import { bundledProfile, bundledProfiles, bundledWorkload } from '../../electron/test/bundled.ts';
import type { Palette } from '../composables/usePalette.ts';
import { logTicks, powersOfTwo } from './axes.ts';
import { modelSign, systemColour } from './colours.ts';
import { describePoint, profileChart, profilePoints } from './profileChart.ts';
import { costMeaning, thresholdChart } from './thresholdChart.ts';
import { tokenChart } from './tokenChart.ts';
import { jointFields, marginalChart } from './workloadCharts.ts';

const palette: Palette = {
  dark: false,
  text: '#000000',
  muted: '#666666',
  hairline: '#dddddd',
  panel: '#ffffff',
  mac: '#0072b2',
  gpu: '#d55e00',
  hybrid: '#009e73',
  oracle: '#8f4a7c',
  warning: '#b87a00',
  font: 'sans-serif',
};
const settings = parseSettings({
  small: 'm1-pro.llama-2-7b.sweeps',
  large: 'swing-a100.llama-2-7b.sweeps',
  workload: 'alpaca-davinci',
});
const inputs = {
  small: bundledProfile(settings.small),
  large: bundledProfile(settings.large),
  workload: bundledWorkload(settings.workload),
};
const result = analyse(settings, inputs);

interface Drawn {
  data: { datasets: { label: string; data: { x: number; y: number }[] }[] };
  options: { plugins: { annotation: { annotations: Record<string, { value: number; scaleID?: string }> } } };
}

test('a log axis of tokens is labelled 8, 32, 128 when powers must be thinned', () => {
  expect(powersOfTwo(7, 2200, 5)).toEqual([8, 32, 128, 512, 2048]);
  expect(powersOfTwo(8, 512)).toEqual([8, 16, 32, 64, 128, 256, 512]);
});

test('a log axis of a quantity always has at least three round labels', () => {
  expect(logTicks(1.1, 4)).toEqual([1.5, 2, 3]);
  expect(logTicks(0.02, 300)).toEqual([0.1, 1, 10, 100]);
  for (const [low, high] of [
    [1.13, 3.6],
    [2.1, 2.9],
    [40, 900],
  ] as const) {
    const ticks = logTicks(low, high);
    expect(ticks.length).toBeGreaterThanOrEqual(3);
    expect(ticks.every((tick) => tick >= low && tick <= high)).toBe(true);
  }
});

test('the threshold chart shows the sweep in kWh with both single systems and the best threshold', () => {
  const chart = thresholdChart(settings, inputs, result, palette) as unknown as Drawn;
  const [hybrid] = chart.data.datasets;
  expect(hybrid!.data.map((point) => point.x)).toEqual([8, 16, 32, 64, 128, 256, 512, 1024, 2048]);
  expect(hybrid!.data[2]!.y).toBeCloseTo(0.743403, 5);
  const { small, large, best } = chart.options.plugins.annotation.annotations;
  expect(small!.value).toBeCloseTo(0.796829, 5);
  expect(large!.value).toBeCloseTo(0.802508, 5);
  expect(best).toMatchObject({ scaleID: 'x', value: 32 });
});

test('the height of the curve is named for what it is', () => {
  expect(costMeaning({ lambda: 1, cost: 'raw' }).unit).toBe('kWh');
  expect(costMeaning({ lambda: 0, cost: 'raw' }).unit).toBe('h');
  expect(costMeaning({ lambda: 0.5, cost: 'raw' }).label).toContain('mixed');
  expect(costMeaning({ lambda: 1, cost: 'normalised' }).label).toContain('normalised');
});

test('the token chart draws both systems’ energy per token', () => {
  const chart = tokenChart(inputs, result, palette) as unknown as Drawn;
  expect(chart.data.datasets.map(({ label }) => label)).toEqual(['M1 Pro', 'A100 (Swing)']);
  expect(chart.data.datasets[0]!.data[0]).toEqual({ x: 8, y: expect.closeTo(97.842 / 40, 9) as number });
});

test('a profile’s whiskers are the 95% interval of the mean, and missing where it is not known', () => {
  const [first] = profilePoints(inputs.small, 'input', 'energy');
  // 0.951585 J over 6 trials: t(0.975, 5) = 2.570582
  expect(first!.yMax! - first!.y).toBeCloseTo((2.570582 * 0.951585) / Math.sqrt(6), 5);
  const grid = profilePoints(bundledProfile('swing-a100.llama-2-7b.grid'), 'input', 'energy');
  expect(grid).toHaveLength(9);
  expect(grid.every((point) => point.yMin === undefined)).toBe(true);
  expect(describePoint(grid[0]!, 'input', 'J')[1]).toMatch(/no interval known/);
});

test('profiles lie over one another, one series each', () => {
  const chart = profileChart(
    [inputs.small, inputs.large],
    'output',
    'throughput',
    true,
    palette,
  ) as unknown as Drawn;
  expect(chart.data.datasets.map((series) => series.data.length)).toEqual([7, 10]);
});

test('systems differ in colour, and models of a system in dash or point', () => {
  const systems = new Map(bundledProfiles.map((profile) => [profile.system.id, profile.system]));
  const colours = [...systems.values()].map((system) => systemColour(system, palette));
  expect(new Set(colours).size).toBe(systems.size);
  const models = new Map(
    bundledProfiles.filter((p) => p.design === 'sweeps').map((profile) => [profile.model.id, profile.model]),
  );
  const signs = [...models.values()].map((model) => JSON.stringify(modelSign(model)));
  expect(new Set(signs).size).toBe(models.size);
});

test('the histogram’s bars and the joint fields hold every query once', () => {
  const chart = marginalChart(inputs.workload, undefined, 'output', palette) as unknown as Drawn;
  expect(chart.data.datasets[0]!.data.reduce((total, bar) => total + bar.y, 0)).toBeCloseTo(1, 9);
  expect(jointFields(inputs.workload).reduce((total, field) => total + field.share, 0)).toBeCloseTo(1, 9);
});

test('a second workload is laid over the first', () => {
  const chart = marginalChart(
    inputs.workload,
    bundledWorkload('gsm8k'),
    'input',
    palette,
  ) as unknown as Drawn;
  expect(chart.data.datasets.map(({ label }) => label)).toEqual(['Alpaca, davinci outputs', 'GSM8K']);
});

test('the curve speaks the units that were chosen: 0.743403 kWh of 51,941 queries are 0.0143 Wh a query', () => {
  const units = studyUnits({ ...DEFAULT_UNITS, energy: 'Wh', basis: 'query' }, inputs.workload);
  const pick = (): void => undefined;
  const chart = thresholdChart(settings, inputs, result, palette, pick, units) as unknown as Drawn & {
    options: { scales: { y: { title: { text: string } } } };
  };
  expect(chart.options.scales.y.title.text).toBe('energy per query, Wh');
  expect(chart.data.datasets[0]!.data[2]!.y).toBeCloseTo(743.403 / 51_941, 7);
  expect(chart.options.plugins.annotation.annotations['small']!.value).toBeCloseTo(796.829 / 51_941, 7);
});

test('points of a profile, their whiskers and their words are scaled together', () => {
  const profile = bundledProfile('m1-pro.llama-2-7b.sweeps');
  const [joules] = profilePoints(profile, 'input', 'energyPerToken');
  const { scale, unit } = shownQuantity({ energy: 'Wh' }, 'energyPerToken');
  const [wattHours] = profilePoints(profile, 'input', 'energyPerToken', scale);
  expect(unit).toBe('Wh/token');
  for (const end of ['y', 'yMin', 'yMax'] as const) {
    if (joules![end] === undefined) expect(wattHours![end]).toBeUndefined();
    else expect(wattHours![end]).toBeCloseTo(joules![end] / 3600, 12);
  }
});
