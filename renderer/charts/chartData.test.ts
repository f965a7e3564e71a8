import type { ChartConfiguration } from 'chart.js';
import { expect, test } from 'vitest';
import { chartTable, csvOf, tsvOf } from './chartData.ts';

const scales = { x: { title: { text: 'input tokens' } }, y: { title: { text: ['energy, J'] } } };
const config = (datasets: unknown[], labels?: string[]): ChartConfiguration =>
  ({ type: 'line', data: { datasets, labels }, options: { scales } }) as unknown as ChartConfiguration;

test('points of several series, with the axes’ titles; gaps are left out', () => {
  const first = [
    { x: 8, y: 1.25 },
    { x: 16, y: NaN },
  ];
  expect(chartTable(config([{ label: 'A100', data: first }, { data: [{ x: 8, y: 2 }, null] }]))).toEqual({
    header: ['series', 'input tokens', 'energy, J'],
    rows: [
      ['A100', 8, 1.25],
      ['series 2', 8, 2],
    ],
  });
});

test('error bars and the cells of a matrix have their own columns', () => {
  const whiskers = [
    { x: 1, y: 2, yMin: 1, yMax: 3 },
    { x: 2, y: 2 },
  ];
  expect(chartTable(config([{ label: 'a', data: whiskers }]))).toEqual({
    header: ['series', 'input tokens', 'energy, J', 'lower end of the interval', 'upper end of the interval'],
    rows: [
      ['a', 1, 2, 1, 3],
      ['a', 2, 2, null, null],
    ],
  });
  expect(chartTable(config([{ label: 'a', data: [{ x: 1, y: 2, v: 9 }] }])).rows).toEqual([['a', 1, 2, 9]]);
});

test('bars by their labels', () => {
  expect(chartTable(config([{ label: 'a', data: [1, [2, 3]] }], ['oracle', 'small'])).rows).toEqual([
    ['a', 'oracle', 1],
    ['a', 'small', '2 to 3'],
  ]);
});

test('CSV is quoted where it must be, and computes nothing', () => {
  const rows = [
    ['=cmd()', 0.1 + 0.2],
    ['say "no"', -5],
    ['-1.5', null],
    ['-cmd', 1],
  ];
  expect(csvOf({ header: ['series', 'x, y'], rows }).split('\r\n')).toEqual([
    'series,"x, y"',
    "'=cmd(),0.30000000000000004",
    '"say ""no""",-5',
    '-1.5,',
    "'-cmd,1",
    '',
  ]);
  expect(tsvOf({ header: ['a', 'b'], rows: [[1, 'x\ty']] })).toBe('a\tb\n1\t"x\ty"');
});
