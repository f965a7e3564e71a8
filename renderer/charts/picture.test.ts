import type { ChartConfiguration } from 'chart.js';
import { expect, test } from 'vitest';
import { legendOf } from './picture.ts';

test('the legend is told by the series: their names once, colours and dashes', () => {
  const datasets = [
    { label: 'A100', borderColor: '#d55e00', data: [] },
    { label: 'M1 Pro', borderColor: ['#0072b2', '#000000'], borderDash: [6, 4], data: [] },
    { label: 'A100', borderColor: '#000000', data: [] },
    { label: 'cells', backgroundColor: () => 'by value', data: [] },
    { borderColor: '#999999', data: [] },
  ];
  const config = { type: 'line', data: { datasets } } as unknown as ChartConfiguration;
  expect(legendOf(config)).toEqual([
    { label: 'A100', colour: '#d55e00' },
    { label: 'M1 Pro', colour: '#0072b2', dash: [6, 4] },
  ]);
});
