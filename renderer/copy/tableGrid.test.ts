import { expect, test } from 'vitest';
import { tsvOf } from '../charts/chartData.ts';
import { plainNumber, plainTable } from './tableGrid.ts';

const cells = (...texts: string[]) => texts.map((text) => ({ text }));

test('a table is copied with its units in the header, as numbers that a spreadsheet reads', () => {
  const table = plainTable([cells('m', 'energy, J', 'saves')], [cells('8', '1,234.5', '−0.7%')], '.');
  expect(tsvOf(table)).toBe('m\tenergy, J\tsaves\n8\t1234.5\t-0.7%');
});

test('headers above one another are joined, each group over its columns', () => {
  const table = plainTable(
    [
      [
        { text: 'policy', rows: 2 },
        { text: 'energy, kWh', columns: 2 },
      ],
      cells('A', 'B'),
    ],
    [cells('oracle', '0.7', '0.8')],
    '.',
  );
  expect(table.header).toEqual(['policy', 'energy, kWh A', 'energy, kWh B']);
  expect(table.rows).toEqual([['oracle', '0.7', '0.8']]);
});

test('what spans rows is said in each, what spans columns once, and rows of nothing are left out', () => {
  const table = plainTable(
    [cells('a', 'b', 'c')],
    [
      [{ text: 'x', rows: 2 }, ...cells('1', '2')],
      cells('3', '4'),
      [{ text: 'the same in both', columns: 3 }],
      [{ text: '', columns: 3 }],
    ],
    '.',
  );
  expect(table.rows).toEqual([
    ['x', '1', '2'],
    ['x', '3', '4'],
    ['the same in both', '', ''],
  ]);
});

test('groups go, the decimal sign stays as it is shown, and words stay words', () => {
  expect(plainNumber('51,941', '.')).toBe('51941');
  expect(plainNumber('51.941', ',')).toBe('51941');
  expect(plainNumber('0,7434', ',')).toBe('0,7434');
  expect(plainNumber('1\u202f234,5', ',')).toBe('1234,5');
  expect(plainNumber('+6.70%', '.')).toBe('6.70%');
  expect(plainNumber('8→32', '.')).toBe('8→32');
  expect(plainNumber('± 1.2%', '.')).toBe('± 1.2%');
  expect(plainNumber('1,23', '.')).toBe('1,23');
});
