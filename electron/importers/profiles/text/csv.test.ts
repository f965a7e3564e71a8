import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvRecords, DELIMITERS, findDialect, type Delimiter } from './csv.ts';

const cellsOf = (text: string, delimiter: Delimiter = ','): (readonly string[])[] =>
  [...csvRecords(text, delimiter)].map(({ cells }) => cells);

test('quotes hold commas, line ends and quotes', () => {
  expect(cellsOf('a,"b,c","d\n""e"""\nf,,\n')).toEqual([
    ['a', 'b,c', 'd\n"e"'],
    ['f', '', ''],
  ]);
});

test('lines end with LF, CRLF or CR, and empty ones are none', () => {
  expect(cellsOf('a,b\r\n\r\nc,d\re,f\n\n')).toEqual([
    ['a', 'b'],
    ['c', 'd'],
    ['e', 'f'],
  ]);
});

test('records know their lines, and whether the text ends within them', () => {
  expect([...csvRecords('a,"x\ny"\nb,c\n\n"d\n', ',')]).toEqual([
    { cells: ['a', 'x\ny'], line: 1, open: 'no' },
    { cells: ['b', 'c'], line: 3, open: 'no' },
    { cells: ['d\n'], line: 5, open: 'quote' },
  ]);
  expect([...csvRecords('a,b', ',')]).toEqual([{ cells: ['a', 'b'], line: 1, open: 'line' }]);
  expect([...csvRecords('a,', ',')]).toEqual([{ cells: ['a', ''], line: 1, open: 'line' }]);
});

test('quotes where none should be are letters', () => {
  expect(cellsOf('5" pipe,b\n"c" d,e\n')).toEqual([
    ['5" pipe', 'b'],
    ['c d', 'e'],
  ]);
  const stray = `x,"y\n${'1,2\n'.repeat(3000)}`;
  expect(cellsOf(stray)).toHaveLength(3001);
  expect(cellsOf(stray)[0]).toEqual(['x', '"y']);
});

test('what is written as CSV is read again, whatever the cells hold', () => {
  const cell = fc.string({
    unit: fc.constantFrom('a', '1', '"', ',', ';', '\n', '\r', ' ', 'é', '|', '\t'),
    maxLength: 8,
  });
  const write = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  fc.assert(
    fc.property(
      fc.constantFrom(...DELIMITERS),
      fc
        .integer({ min: 2, max: 5 })
        .chain((width) =>
          fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 8 }),
        ),
      (delimiter, rows) => {
        const text = rows.map((row) => row.map(write).join(delimiter)).join('\r\n');
        expect(cellsOf(text, delimiter)).toEqual(rows);
      },
    ),
  );
});

test('the delimiter is the one that makes even columns', () => {
  expect(findDialect('a;b;c\n1,5;2,5;3\n4,5;5,5;6\n', true)).toEqual({
    delimiter: ';',
    width: 3,
    regular: 1,
  });
  expect(findDialect('a\tb\n1\t2\n', true)?.delimiter).toBe('\t');
  expect(findDialect('title\na,b\n1,2\n3,4', true)).toMatchObject({ delimiter: ',', width: 2 });
  expect(findDialect('no columns\nat all', true)).toBeUndefined();
  expect(findDialect('', true)).toBeUndefined();
});
