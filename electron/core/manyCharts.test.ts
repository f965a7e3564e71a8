import { expect, test } from 'vitest';
import { bundledProfile, bundledWorkload } from '../test/bundled.ts';
import { textsOf } from '../test/numbersInPage.ts';
import { compareSystems } from './analysis/manySystems.ts';
import { parseManySettings } from './analysis/manySettings.ts';
import { buildManyReport, type ManyReport } from './manyReport.ts';
import { mapChart, savingsChart, systemLetter } from './manyCharts.ts';
import { manyReportHtml } from './manyReportForms.ts';
import { comparisonTitle } from './storedComparison.ts';

const IDS = ['m1-pro.llama-2-7b.sweeps', 'palmetto-v100.llama-2-7b.sweeps', 'swing-a100.llama-2-7b.sweeps'];

function made(changes: object = {}): ManyReport {
  const settings = parseManySettings({ profiles: IDS, workload: 'gsm8k', energyModel: 'grid', ...changes });
  const profiles = settings.profiles.map(bundledProfile);
  const workload = bundledWorkload('gsm8k');
  return buildManyReport(
    {
      id: 'comparison-0123456789ab',
      storedAt: '2024-05-06T00:00:00.000Z',
      title: comparisonTitle(profiles, workload),
      name: '',
      note: '',
      settings,
      hashes: { profiles: IDS.map((_, i) => String(i).repeat(64)), workload: '9'.repeat(64) },
      profiles,
      workload,
      result: compareSystems(settings, profiles, workload),
      versions: { crossover: '0.1.0', analysis: 1 },
    },
    { crossover: '0.1.0', command: 'crossover analyze' },
  );
}

test('each point of the map belongs to the system that a query of that length alone costs least on', () => {
  const { input, output, system } = made().map;
  const settings = parseManySettings({ profiles: IDS, workload: 'gsm8k', energyModel: 'grid' });
  const profiles = IDS.map(bundledProfile);
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
  expect(made({ cost: 'normalised' }).map).toEqual(made().map);
  expect(made({ cost: 'normalised', lambda: 0 }).map).toEqual(made({ lambda: 0 }).map);
  expect(made({ lambda: 0 }).map).not.toEqual(made().map);
});

test('the map has a letter beside each colour, and names every system', () => {
  const report = made();
  const texts = textsOf(mapChart(report).text);
  const letters = texts
    .filter(({ within }) => within.at(-1)!.classes.includes('letter'))
    .map(({ text }) => text);
  expect([...new Set(letters)].sort()).toEqual([0, 1, 2].map(systemLetter));
  const said = texts.map(({ text }) => text).join(' ');
  for (const { label } of report.systems) expect(said).toContain(label);
});

test('the savings have a row a policy; what spends far more has a sign of its own', () => {
  const report = made();
  const svg = savingsChart(report).text;
  expect(svg.match(/class="name"/g)).toHaveLength(report.policies.length);
  const dots = svg.match(/<circle/g)?.length ?? 0;
  const cut = svg.match(/<path/g)?.length ?? 0;
  expect(dots + cut).toBe(report.policies.length);
  expect(cut).toBeGreaterThan(0);
  expect(svg).not.toContain('NaN');
});

test('both stand in the HTML, whose data hold the map', () => {
  const html = manyReportHtml(made());
  expect(html.match(/<svg class="chart"/g)).toHaveLength(2);
  expect(html).toContain('"map":{"input":[');
});
