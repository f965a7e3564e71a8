import { expect, test } from 'vitest';
import type { VariationAnswer } from '#core/analysis/variations';
import { summariseVariations } from '#core/analysis/variationSummary';
import type { Palette } from '../composables/usePalette.ts';
import { variationChart, variationTable } from './variationChart.ts';

const palette = Object.fromEntries(
  ['text', 'muted', 'hairline', 'panel', 'mac', 'gpu', 'hybrid', 'oracle', 'warning', 'font'].map((key) => [
    key,
    '#123456',
  ]),
) as unknown as Palette;
const names = {
  systems: { small: { system: { label: 'Mac' } }, large: { system: { label: 'A100' } } },
  workload: (id: string) => id,
};
const found = (factor: VariationAnswer['factor'], value: string, saving: number, now = false) =>
  ({
    factor,
    value,
    now,
    kind: saving >= 0.01 ? 'threshold' : 'no-useful-threshold',
    best: { policy: 'threshold-in', threshold: 8 },
    saving,
    bestSingle: 'large',
    extrapolated: { queries: 0, energy: 0 },
  }) as const;
const answers: readonly VariationAnswer[] = [
  found('lambda', '0.5', 0.02),
  found('lambda', '1', 0.03, true),
  found('workload', 'a', 0),
  found('workload', 'b', 0),
  found('workload', 'c', 0.03, true),
  { factor: 'model', value: 'linear', now: false, kind: 'impossible', why: 'It cannot be.' },
];

interface Drawn {
  data: { datasets: { label: string; data: { x: number; y: number; answer: VariationAnswer }[] }[] };
  options: { plugins: { annotation: { annotations: Record<string, { value?: number; xValue?: number }> } } };
}
const chart = (active?: VariationAnswer): Drawn =>
  variationChart({
    summary: summariseVariations(answers),
    names,
    minSaving: 0.01,
    active,
    palette,
    hover: () => undefined,
    pick: () => undefined,
  }) as unknown as Drawn;

test('every variation that can be is a mark in its row, and marks that coincide lie below one another', () => {
  const { datasets } = chart().data;
  expect(datasets.map(({ label, data }) => [label, data.length])).toEqual([
    ['the study', 2],
    ['a threshold is useful', 1],
    ['no useful threshold', 2],
  ]);
  // The workload moves the saving more than λ does, so its row is the first.
  const [a, b] = datasets[2]!.data;
  expect([a!.x, b!.x]).toEqual([0, 0]);
  expect(a!.y).toBe(0);
  expect(b!.y).toBeGreaterThan(0.1);
  expect(b!.y).toBeLessThan(0.5);
  expect(datasets[1]!.data[0]).toMatchObject({ x: 0.02, y: 1 });
});

test('the least useful saving, zero and the study are lines; what is looked at is ringed', () => {
  const lines = chart().options.plugins.annotation.annotations;
  expect([lines['zero']!.value, lines['useful']!.value, lines['own']!.value]).toEqual([0, 0.01, 0.03]);
  expect(lines['ring']).toBeUndefined();
  expect(chart(answers[0]).options.plugins.annotation.annotations['ring']).toMatchObject({ xValue: 0.02 });
});

test('as a table, what cannot be has its reason and no number', () => {
  const { rows } = variationTable(answers, names);
  expect(rows).toHaveLength(answers.length);
  expect(rows[0]).toEqual(['λ', 'λ = 0.5', 'no', 0.02, 'useful', 'T_in ≤ 8', 'A100', 0, 0]);
  expect(rows.at(-1)).toEqual([
    'Energy model',
    'the linear model',
    'no',
    null,
    'cannot be: It cannot be.',
    null,
    null,
    null,
    null,
  ]);
});
