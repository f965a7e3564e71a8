import { expect, test } from 'vitest';
import { bundledProfile, bundledWorkload } from '../test/bundled.ts';
import { madeComparison, THREE } from '../test/madeComparison.ts';
import { textsOf } from '../test/numbersInPage.ts';
import { compareSystems } from './analysis/manySystems.ts';
import { parseManySettings } from './analysis/manySettings.ts';
import { mapChart, savingsChart, systemLetter } from './manyCharts.ts';
import { manyReportHtml } from './manyReportForms.ts';

test('each point of the map belongs to the system that a query of that length alone costs least on', () => {
  const { input, output, system } = madeComparison().map;
  const settings = parseManySettings({ profiles: THREE, workload: 'gsm8k', energyModel: 'grid' });
  const profiles = THREE.map(bundledProfile);
  for (const [r, c] of [
    [0, 0],
    [0, output.length - 1],
    [input.length - 1, 0],
    [14, 9],
    [input.length - 1, output.length - 1],
  ] as const) {
    const alone = compareSystems(settings, profiles, {
      ...bundledWorkload('gsm8k'),
      pairs: [[input[r]!, output[c]!, 1]],
    });
    const costs = alone.policies.slice(0, 3).map(({ cost }) => cost);
    expect(system[r]![c]).toBe(costs.indexOf(Math.min(...costs)));
  }
  expect(new Set(system.flat()).size).toBeGreaterThan(1);
});

test('the map of energy alone is the same however the cost is written; that of another λ is not', () => {
  expect(madeComparison({ cost: 'normalised' }).map).toEqual(madeComparison().map);
  expect(madeComparison({ cost: 'normalised', lambda: 0 }).map).toEqual(madeComparison({ lambda: 0 }).map);
  expect(madeComparison({ lambda: 0 }).map).not.toEqual(madeComparison().map);
});

test('the map has a letter beside each colour, and names every system', () => {
  const report = madeComparison();
  const texts = textsOf(mapChart(report).text);
  const letters = texts
    .filter(({ within }) => within.at(-1)!.classes.includes('letter'))
    .map(({ text }) => text);
  expect([...new Set(letters)].sort()).toEqual([0, 1, 2].map(systemLetter));
  const said = texts.map(({ text }) => text).join(' ');
  for (const { label } of report.systems) expect(said).toContain(label);
});

test('the savings have a row a policy; what spends far more has a sign of its own', () => {
  const report = madeComparison();
  const svg = savingsChart(report).text;
  expect(svg.match(/class="name"/g)).toHaveLength(report.policies.length);
  const dots = svg.match(/<circle/g)?.length ?? 0;
  const cut = svg.match(/<path/g)?.length ?? 0;
  expect(dots + cut).toBe(report.policies.length);
  expect(cut).toBeGreaterThan(0);
  expect(svg).not.toContain('NaN');
});

test('both stand in the HTML, whose data hold the map', () => {
  const html = manyReportHtml(madeComparison());
  expect(html.match(/<svg class="chart"/g)).toHaveLength(2);
  expect(html).toContain('"map":{"input":[');
});
