import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readDelimitedHead } from './delimited.ts';

describe('the beginning of a delimited file', () => {
  test.each([
    [',', 'm,n\n1,2\n3,4\n'],
    [';', 'm;n\r\n1;2\r\n3;4\r\n'],
    ['\t', 'm\tn\n1\t2\n3\t4'],
    ['|', '\uFEFFm|n\n1|2\n\n3|4\n'],
  ])('tells that %j stands between its columns', (delimiter, text) => {
    expect(readDelimitedHead(text, true)).toEqual({
      delimiter,
      header: true,
      columns: ['m', 'n'],
      rows: [
        ['1', '2'],
        ['3', '4'],
      ],
    });
  });

  test('quotes hold delimiters, line ends and quotes', () => {
    const text = 'prompt,answer\n"one, two","line 1\nline 2"\n"say ""it""",x\n';
    expect(readDelimitedHead(text, true)).toMatchObject({
      delimiter: ',',
      rows: [
        ['one, two', 'line 1\nline 2'],
        ['say "it"', 'x'],
      ],
    });
  });

  test('numbers with decimal commas do not make commas delimiters', () => {
    expect(readDelimitedHead('time;m;n\n0,5;8;32\n1,25;16;32\n', true)).toMatchObject({
      delimiter: ';',
      columns: ['time', 'm', 'n'],
    });
  });

  test('a table without names has numbered columns', () => {
    expect(readDelimitedHead('8,32,5\n16,32,7\n', true)).toMatchObject({
      header: false,
      columns: ['column 1', 'column 2', 'column 3'],
      rows: [
        ['8', '32', '5'],
        ['16', '32', '7'],
      ],
    });
    expect(readDelimitedHead('chat,8,32\ncode,16,32\n', true)).toMatchObject({ header: false });
  });

  test('names are made distinct, without regard to case', () => {
    expect(readDelimitedHead('a,A,,a\n1,2,3,4\n', true)?.columns).toEqual([
      'a',
      'A (2)',
      'column 3',
      'a (3)',
    ]);
  });

  test('a last row that may be cut is left out, unless it is the end', () => {
    const text = 'm,n\n1,2\n3,4';
    expect(readDelimitedHead(text, false)?.rows).toEqual([['1', '2']]);
    expect(readDelimitedHead(text, true)?.rows).toHaveLength(2);
  });

  test('of nothing is nothing', () => expect(readDelimitedHead('\n\r\n', true)).toBeUndefined());

  test('what was written with quotes is read back', () => {
    const field = fc.string({
      unit: fc.constantFrom('a', 'B', '7', ' ', '"', ',', '\n', ';', 'é'),
      maxLength: 8,
    });
    const rows = fc
      .integer({ min: 2, max: 5 })
      .chain((width) =>
        fc.array(fc.array(field, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 8 }),
      );
    fc.assert(
      fc.property(rows, (table) => {
        const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`;
        const header = table[0]!.map((_, i) => quote(`name ${i}`));
        const text = [header, ...table.map((row) => row.map(quote))].map((row) => row.join(',')).join('\r\n');
        const head = readDelimitedHead(`${text}\r\n`, true);
        expect(head?.delimiter).toBe(',');
        expect(head?.rows).toEqual(table);
      }),
    );
  });
});
