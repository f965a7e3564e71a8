import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { rejectionOf } from '../test/testMeters.ts';
import { temporaryFolder } from '../test/temporaryFolder.ts';
import { openDuck, sqlName, sqlText, type Duck, type DuckOptions } from './duck.ts';

async function opened(options: Partial<DuckOptions> = {}): Promise<Duck> {
  const duck = await openDuck({ files: [], badContent: 'bad-workload', ...options });
  onTestFinished(() => duck.close());
  return duck;
}

function made(name: string, text: string): string {
  const file = path.join(temporaryFolder(), name);
  writeFileSync(file, text);
  return file;
}

test('a table is read and added up', async () => {
  const file = made('table.csv', 'm,n\n8,32\n8,32\n16,64\n');
  const duck = await opened({ files: [file] });
  expect(
    await duck.rows(
      `SELECT m::INTEGER AS m, count(*)::INTEGER AS count FROM read_csv(${sqlText(file)}) GROUP BY m ORDER BY m`,
    ),
  ).toEqual([
    { m: 8, count: 2 },
    { m: 16, count: 1 },
  ]);
});

test.each(["with 'quotes'", 'a[1]', 'x{y,z}', 'ünïcödé – 東京', 'semi;colon'])(
  'a file called %s is read as any other',
  async (name) => {
    const file = made(`${name}.csv`, 'm\n5\n');
    const duck = await opened({ files: [file] });
    expect(await duck.row(`SELECT m::INTEGER AS m FROM read_csv(${sqlText(file)})`)).toEqual({ m: 5 });
  },
);

test('large results come in portions', async () => {
  const duck = await opened();
  let rows = 0;
  let total = 0;
  for await (const [column] of duck.portions('SELECT i::INTEGER FROM range(100000) t(i)')) {
    rows += column!.length;
    for (const value of column!) total += value as number;
  }
  expect([rows, total]).toEqual([100_000, (100_000 * 99_999) / 2]);
});

test.each([
  ['another file', (other: string) => `SELECT * FROM read_csv(${sqlText(other)})`],
  ['a folder', (other: string) => `SELECT * FROM glob(${sqlText(`${path.dirname(other)}/*`)})`],
  ['the network', () => "SELECT * FROM read_csv('https://127.0.0.1:9/x.csv')"],
  ['an extension', () => 'INSTALL httpfs'],
  ['a file to write', (other: string) => `COPY (SELECT 1) TO ${sqlText(`${other}.out`)}`],
  ['another database', (other: string) => `ATTACH ${sqlText(`${other}.db`)}`],
  ['a looser setting', () => 'SET enable_external_access = true'],
])('a query cannot reach %s', async (_what, sql) => {
  const own = made('own.csv', 'm\n1\n');
  const other = made('other.csv', 'secret\n42\n');
  const duck = await opened({ files: [own] });
  const error = await rejectionOf(duck.rows(sql(other)));
  expect(error.kind).toBe('bad-workload');
  expect(error.message).toContain('own.csv');
  expect(readdirSync(path.dirname(other))).toEqual(['other.csv']);
});

test('a file that is not there is said to be not readable, by name', async () => {
  const file = path.join(temporaryFolder(), 'gone.csv');
  const error = await rejectionOf(opened({ files: [file] }));
  expect(error).toMatchObject({
    kind: 'file-not-readable',
    message: expect.stringContaining('gone.csv') as string,
  });
});

test.skipIf(process.platform === 'win32')('a pipe is no file, and is not waited for', async () => {
  const pipe = path.join(temporaryFolder(), 'pipe.csv');
  execFileSync('mkfifo', [pipe]);
  expect((await rejectionOf(opened({ files: [pipe] }))).message).toContain('is no file');
});

test('what cannot be read as a table is of the kind that the reader names', async () => {
  const file = made('broken.parquet', 'PAR1 no more');
  const duck = await opened({ files: [file], badContent: 'bad-profile' });
  const error = await rejectionOf(duck.rows(`SELECT * FROM read_parquet(${sqlText(file)})`));
  expect(error.kind).toBe('bad-profile');
  expect(error.message).toMatch(/^broken\.parquet cannot be read as a table: .+\. Nothing was kept of it\.$/);
});

test('an error in a table names the line, and no folder', async () => {
  const file = made('latin.csv', '');
  writeFileSync(file, Buffer.from('m,n\n1,2\n\xe9,3\n', 'latin1'));
  const duck = await opened({ files: [file], names: ['mine.csv'] });
  const error = await rejectionOf(duck.rows(`SELECT * FROM read_csv(${sqlText(file)}, all_varchar = true)`));
  expect(error.message).toMatch(/^mine\.csv cannot be read as a table: line \d+: Invalid unicode .+\.$/);
  expect(error.message).not.toContain(path.dirname(file));
});

const LONG = 'SELECT count(*) FROM range(100000) a(i), range(100000) b(j) WHERE (i * j) % 7 = 3';

test('a query is stopped by its signal', async () => {
  const stop = new AbortController();
  const duck = await opened({ signal: stop.signal });
  const stopped = rejectionOf(duck.rows(LONG));
  stop.abort();
  expect((await stopped).kind).toBe('interrupted');
  expect((await rejectionOf(duck.rows('SELECT 1'))).kind).toBe('interrupted');
});

test('a query that reads a file says how far it is', async () => {
  const file = made('table.csv', `m\n${'12345\n'.repeat(4_000_000)}`);
  const shares: number[] = [];
  const duck = await opened({ files: [file], threads: 1, onProgress: (share) => shares.push(share) });
  await duck.row(`SELECT count(DISTINCT m)::INTEGER AS c FROM read_csv(${sqlText(file)})`);
  expect(shares.length).toBeGreaterThan(0);
  for (const share of shares) {
    expect(share).toBeGreaterThan(0);
    expect(share).toBeLessThanOrEqual(1);
  }
});

test('what does not fit into memory goes to the scratch folder, and that is emptied at the end', async () => {
  const scratch = path.join(temporaryFolder(), 'scratch');
  mkdirSync(scratch);
  const duck = await openDuck({ files: [], badContent: 'bad-workload', memoryMiB: 64, scratch });
  await duck.run('CREATE TABLE t AS SELECT hash(i)::VARCHAR || hash(i + 1) AS s FROM range(2000000) t(i)');
  expect(readdirSync(scratch).length).toBeGreaterThan(0);
  expect(await duck.row('SELECT count(*)::INTEGER AS rows FROM t')).toEqual({ rows: 2_000_000 });
  duck.close();
  expect(readdirSync(scratch)).toEqual([]);
});

test('names and texts are quoted', () => {
  expect(sqlName('a "b"')).toBe('"a ""b"""');
  expect(sqlText("it's")).toBe("'it''s'");
});
