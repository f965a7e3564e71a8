import { statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MADE_TRIALS, paperTableText } from '../../test/importFixtures.ts';
import { temporaryFolder } from '../../test/temporaryFolder.ts';
import type { Source } from './importFormat.ts';
import { readLargeCsv, readLargeJson } from './largeTable.ts';
import { openSource } from './source.ts';
import { readTableSource } from './tableSource.ts';
import { readJsonText } from './text/jsonTable.ts';
import { readTableText } from './text/tableText.ts';

async function sourceOf(content: string | Uint8Array, name = 'table.csv'): Promise<Source> {
  const file = path.join(temporaryFolder(), name);
  writeFileSync(file, content);
  return openSource(file, { signal: new AbortController().signal, progress: () => {} });
}

/** Rows are counted by lines in memory and one by one by DuckDB, which differ where cells have line ends. */
const withoutRows = (content: ReturnType<typeof readTableText>): unknown => ({
  ...content,
  observations: content.observations.map((observation) => ({ ...observation, row: 0 })),
});

test.each([
  ['the authors’ table', paperTableText()],
  ['semicolons and decimal commas', paperTableText(MADE_TRIALS, { delimiter: ';', decimalComma: true })],
  ['CRLF', paperTableText(MADE_TRIALS, { lineEnd: '\r\n' })],
  ['no header', paperTableText(MADE_TRIALS, { header: false })],
  ['lines before the table', `# a title\nof two lines\n${paperTableText()}`],
  ['the header again', `m,n,energy_j,runtime_s\n1,2,3,4\nm,n,energy_j,runtime_s\n5,6,7,8\n`],
  ['a comma at the end of each line', 'm,n,energy_j,runtime_s\n1,2,3,4,\n5,6,7,8,\n'],
  ['empty cells and lines', 'm,n,energy_j,runtime_s\n1,,3,4\n\n,,,\n5,6,7,\n'],
  ['a last line that is cut off', 'm,n,energy_j,runtime_s\n1,2,3,4\n5,6,7,8\n9,1'],
])('DuckDB and the reader in memory agree: %s', async (_name, text) => {
  const large = await readLargeCsv(await sourceOf(text), {}, {});
  const small = readTableText('table.csv', text, {});
  expect(withoutRows(large)).toEqual(withoutRows(small));
  expect(small.observations.length).toBeGreaterThan(0);
});

test('DuckDB and the reader in memory agree, whatever the cells hold', async () => {
  const cell = fc.oneof(
    fc.nat(1e6).map(String),
    fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }).map(String),
    fc.string({ unit: fc.constantFrom('a', '"', ',', ';', '\n', ' ', 'é', '-', '.'), maxLength: 6 }),
    fc.constantFrom('', 'nan', 'inf', '1e400', '=1+2', '12,5'),
  );
  const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(',', ';', '\t', '|'),
      fc.array(fc.array(cell, { minLength: 5, maxLength: 5 }), { minLength: 1, maxLength: 12 }),
      async (delimiter, rows) => {
        const names = ['input_tokens', 'output_tokens', 'gpu_energy_j', 'runtime_s', 'model'];
        const text = [names, ...rows].map((row) => `${row.map(quote).join(delimiter)}\n`).join('');
        const large = await readLargeCsv(await sourceOf(text), {}, {});
        const small = readTableText('table.csv', text, {});
        expect(withoutRows(large)).toEqual(withoutRows(small));
      },
    ),
    { numRuns: 40 },
  );
});

test('UTF-16 and Windows-1252 are read by DuckDB through a copy in UTF-8', async () => {
  const text = 'm,n,energie (µJ),laufzeit (s),system\n8,8,5e7,1,Größe\n';
  const expected = withoutRows(readTableText('table.csv', text, {}));
  for (const bytes of [
    Buffer.from(`\uFEFF${text}`, 'utf16le'),
    Buffer.from(text, 'latin1'),
    Buffer.from(`\uFEFF${text}`),
  ]) {
    expect(withoutRows(await readLargeCsv(await sourceOf(bytes), {}, {}))).toEqual(expected);
  }
});

test('JSON as a list and as lines is read by DuckDB as in memory', async () => {
  const records = [
    { m: 8, n: 32, usage: { gpu_energy_j: 100.5 }, runtime_s: 1, model: 'ä "x"', flags: [1, 2] },
    { m: 16, n: 32, usage: { gpu_energy_j: null }, runtime_s: 2.5e-3, more: true },
  ];
  const list = JSON.stringify(records, null, 1);
  const lines = records.map((record) => `${JSON.stringify(record)}\n`).join('');
  const expected = readJsonText('t.json', list, {});
  expect(expected.columns.map(({ name }) => name)).toEqual([
    'm',
    'n',
    'usage.gpu_energy_j',
    'runtime_s',
    'model',
    'more',
  ]);
  expect(await readLargeJson(await sourceOf(list, 't.json'), {}, {})).toEqual(expected);
  expect(await readLargeJson(await sourceOf(lines, 't.json'), {}, {})).toEqual(expected);
  expect(readJsonText('t.json', lines, {})).toEqual(expected);
});

test('Parquet is read, with its nested fields and times', async () => {
  const file = path.join(temporaryFolder(), 'trials.parquet');
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`
    COPY (SELECT 8 AS m, 32::BIGINT AS n, {'gpu': 100.25 + i} AS energy_j, 1.5::FLOAT AS runtime_s,
            TIMESTAMP '2024-04-02 07:36:21.5' AS start_time, 'falcon-7b' AS model, [1, 2] AS list,
            CASE WHEN i = 2 THEN 'nan'::DOUBLE ELSE 3.0 END AS cpu_energy_j
          FROM range(3) AS t(i)) TO '${file}' (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();
  const source = await openSource(file, { signal: new AbortController().signal, progress: () => {} });
  expect(source.head.binary).toBe('parquet');
  const { observations, columns } = await readTableSource(source, {});
  expect(columns.map(({ name, role, rail }) => [name, role, rail])).toEqual([
    ['m', 'input-tokens', null],
    ['n', 'output-tokens', null],
    ['energy_j.gpu', 'energy', 'gpu'],
    ['runtime_s', 'runtime', null],
    ['start_time', 'start-time', null],
    ['model', 'model', null],
    ['cpu_energy_j', 'energy', 'cpu'],
  ]);
  expect(observations).toHaveLength(3);
  expect(observations[1]).toMatchObject({
    m: 8,
    n: 32,
    energyJ: { gpu: 101.25, cpu: 3 },
    runtimeS: 1.5,
    startS: Date.UTC(2024, 3, 2, 7, 36, 21, 500) / 1000,
    model: 'falcon-7b',
  });
  expect(observations[2]!.energyJ).toEqual({ gpu: 102.25 });
});

test('a file that begins like Parquet and is none is refused with a sentence', async () => {
  const source = await sourceOf('PAR1 and nothing else', 'x.parquet');
  await expect(readTableSource(source, {})).rejects.toMatchObject({ kind: 'bad-profile' });
});

test('one line without an end, and a million columns, are refused with a sentence', async () => {
  const wide = `${Array.from({ length: 1e6 }, (_, i) => `c${i}`).join(',')}\n${'1,'.repeat(1e6)}\n`;
  expect(() => readTableText('wide.csv', wide, {})).toThrow('columns');
  const source = await sourceOf(wide, 'wide.csv');
  await expect(readLargeCsv(source, {}, {})).rejects.toMatchObject({
    kind: 'bad-profile',
    message: expect.stringContaining('first line') as string,
  });
});

test('a table of 100,000 rows that does not fit into one text streams', async () => {
  const file = path.join(temporaryFolder(), 'large.csv');
  const filler = 'x'.repeat(200);
  const rows = Array.from({ length: 100_000 }, (_, i) => `8,32,${100 + (i % 7)},1.25,${filler}\n`);
  writeFileSync(file, `m,n,gpu_energy_j,runtime_s,prompt\n${rows.join('')}`);
  expect(statSync(file).size).toBeGreaterThan(16 * 1024 * 1024);
  const told: number[] = [];
  const source = await openSource(file, {
    signal: new AbortController().signal,
    progress: (fraction) => told.push(fraction),
  });
  const { observations } = await readTableSource(source, {});
  expect(observations).toHaveLength(100_000);
  expect(observations[99_999]).toMatchObject({ m: 8, n: 32, energyJ: { gpu: 100 + (99_999 % 7) } });
});

test('reading a large table can be stopped', async () => {
  const file = path.join(temporaryFolder(), 'large.csv');
  writeFileSync(file, `m,n,gpu_energy_j,runtime_s\n${'8,32,100,1.25\n'.repeat(1_500_000)}`);
  const controller = new AbortController();
  const source = await openSource(file, { signal: controller.signal, progress: () => {} });
  const reading = readTableSource(source, {});
  controller.abort();
  await expect(reading).rejects.toMatchObject({ kind: 'interrupted' });
});
