import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SQL_DIALECTS } from '#core/workloadImport/jointQuery';
import { bundleForChild, type Bundled } from '../test/bundleForChild.ts';
import { madeFiles } from '../test/readMade.ts';
import { runCli, runJson } from '../test/runCli.ts';
import { temporaryFolder } from '../test/temporaryFolder.ts';

let program: Bundled;
beforeAll(async () => {
  program = await bundleForChild('electron/test/runMain.ts', {
    importer: 'electron/importers/importWorker.ts',
  });
});
afterAll(() => program.remove());

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  readonly json: () => Record<string, unknown>;
}

/** Runs the command line as a process of its own. */
async function run(args: readonly string[]): Promise<Ran> {
  const child = spawn(process.execPath, [program.file, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'close');
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = (await ended) as [number | null];
  return { code, out, err, json: () => JSON.parse(out) as Record<string, unknown> };
}

const TRACE =
  'TIMESTAMP,ContextTokens,GeneratedTokens\n2024-01-01 00:00:00,7,8\n2024-01-01 00:00:10,9,1\n,x,1\n';

describe('workloads import, as a program', () => {
  test('--check --json says how the file was understood and writes nothing', async () => {
    const data = temporaryFolder();
    const files = madeFiles({ 'trace.csv': TRACE });
    const { code, out } = await run(['workloads', 'import', ...files, '--check', '--json', '--data', data]);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      state: 'understood',
      format: 'azure',
      columns: [
        { name: 'TIMESTAMP', role: 'arrival', holds: 'times' },
        { name: 'ContextTokens', role: 'input' },
        { name: 'GeneratedTokens', role: 'output' },
      ],
      tokenizer: null,
      queries: 2,
      pairs: 2,
      dropped: [{ count: 1, reason: 'input tokens that are no number' }],
      warnings: [{ kind: 'few-queries', message: 'With 2 queries, the percentiles say little.' }],
      percentiles: { input: { min: 7, median: 8, max: 9 }, output: { min: 1, max: 8 } },
    });
    const { json } = await runJson<{ workloads: { kind: string }[] }>(['workloads', 'list', '--data', data]);
    expect(json.workloads.every(({ kind }) => kind === 'bundled')).toBe(true);
  });

  test('imports, shows, exports, removes', async () => {
    const data = ['--data', temporaryFolder()];
    const files = madeFiles({ 'trace.csv': TRACE });
    const imported = await run(['workloads', 'import', ...files, '--name', 'My trace', ...data]);
    expect(imported.code).toBe(0);
    expect(imported.out).toContain('Azure LLM inference trace');
    expect(imported.out).toContain('1: input tokens that are no number');
    expect(imported.out).toContain('Imported my-trace. crossover analyze --workload my-trace uses it.');

    const shown = await runJson(['workloads', 'show', 'my-trace', ...data]);
    expect(shown.json).toMatchObject({
      kind: 'imported',
      queries: 2,
      arrivals: { spanS: 10 },
      provenance: { rows: 3, format: 'azure' },
    });
    const analysed = await runJson(['analyze', '--workload', 'my-trace', ...data]);
    expect(analysed.code).toBe(0);

    const out = path.join(temporaryFolder(), 'out.json');
    await runCli(['workloads', 'export', 'my-trace', '--out', out, ...data]);
    const again = await run(['workloads', 'import', out, '--json', '--data', temporaryFolder()]);
    expect(again.json()).toMatchObject({ imported: 'new', contentHash: shown.json['contentHash'] });

    expect((await runCli(['workloads', 'remove', 'my-trace', ...data])).out).toBe('Removed my-trace.\n');
    expect((await runCli(['workloads', 'show', 'my-trace', ...data])).code).toBe(3);
  });

  test('prompts, with a mapping and a tokenizer of the user’s own', async () => {
    const [file, tokenizer] = madeFiles({
      'prompts.jsonl': `${JSON.stringify({ ask: 'low lower', say: 'low' })}\n`,
      'tokenizer.json': JSON.stringify({
        version: '1.0',
        added_tokens: [],
        normalizer: null,
        pre_tokenizer: { type: 'Whitespace' },
        post_processor: null,
        decoder: null,
        model: {
          type: 'BPE',
          unk_token: null,
          vocab: { l: 0, o: 1, w: 2, e: 3, r: 4, lo: 5, low: 6 },
          merges: [
            ['l', 'o'],
            ['lo', 'w'],
          ],
        },
      }),
    });
    const ran = await run([
      ...[
        'workloads',
        'import',
        file!,
        '--input',
        'ask',
        '--output',
        'say',
        '--tokenizer',
        tokenizer!,
        '--check',
      ],
      ...['--json', '--data', temporaryFolder()],
    ]);
    expect(ran.json()).toMatchObject({
      format: 'prompts',
      tokenizer: 'tokenizer.json (BPE, 7 pieces)',
      percentiles: { input: { median: 4 }, output: { median: 1 } },
    });
  });

  test('columns that do not tell end with 3, and say what to add', async () => {
    const files = madeFiles({ 'odd.csv': 'a,b\n1,2\n' });
    const data = ['--data', temporaryFolder()];
    const checked = await run(['workloads', 'import', ...files, '--check', '--json', ...data]);
    expect(checked.code).toBe(3);
    expect(checked.json()).toMatchObject({ error: { kind: 'bad-workload' }, state: 'unclear' });
    const refused = await run(['workloads', 'import', ...files, ...data]);
    expect(refused.code).toBe(3);
    expect(refused.err).toContain('--input COLUMN --output COLUMN');
    expect((await run(['workloads', 'import', 'gone.csv', '--json', ...data])).json()).toMatchObject({
      error: { kind: 'file-not-readable' },
    });
  });
});

describe('workloads sql', () => {
  test.each(SQL_DIALECTS)('%s: the query alone is on standard output', async (dialect) => {
    const ran = await runCli(['workloads', 'sql', '--dialect', dialect, '--table', 'logs.requests']);
    expect(ran.code).toBe(0);
    expect(ran.out).toMatch(
      /^SELECT input_tokens AS m, output_tokens AS n, COUNT\(\*\) AS .count.\nFROM logs\.requests\n/,
    );
    expect(ran.err).toContain('workloads import joint.csv');
  });

  test('what DuckDB makes of it imports as the table itself does, as CSV, JSON and Parquet', async () => {
    const folder = temporaryFolder();
    const { json } = await runJson<{ query: string }>([
      'workloads',
      'sql',
      '--dialect',
      'duckdb',
      '--table',
      'requests',
    ]);
    const duck = await DuckDBInstance.create(':memory:');
    const connection = await duck.connect();
    await connection.run(
      `CREATE TABLE requests AS SELECT (i % 7)::BIGINT AS input_tokens, CASE WHEN i % 11 > 0 THEN i % 5 END AS output_tokens FROM range(1000) t(i)`,
    );
    const files = ['csv', 'json', 'parquet'].map((format) => path.join(folder, `joint.${format}`));
    for (const [i, format] of ['csv', 'json', 'parquet'].entries()) {
      await connection.run(`COPY (${json.query}) TO '${files[i]}' (FORMAT ${format})`);
    }
    await connection.run(`COPY requests TO '${path.join(folder, 'requests.csv')}' (FORMAT csv)`);
    connection.closeSync();
    duck.closeSync();
    const checks = await Promise.all(
      [...files, path.join(folder, 'requests.csv')].map(async (file) =>
        (await run(['workloads', 'import', file, '--check', '--json', '--data', temporaryFolder()])).json(),
      ),
    );
    // 91 of 1,000 rows have no output; they are 7 rows of the joint table.
    expect(checks.map(({ queries }) => queries)).toEqual([909, 909, 909, 909]);
    expect(checks.map(({ pairs }) => pairs)).toEqual([35, 35, 35, 35]);
    expect(checks[3]!['dropped']).toEqual([{ count: 91, reason: 'no number of output tokens' }]);
    expect(checks[0]!['dropped']).toEqual([{ count: 7, reason: 'no number of output tokens' }]);
    for (const check of checks) expect(check['percentiles']).toEqual(checks[3]!['percentiles']);
  });

  test('refuses a dialect that it does not know', async () => {
    expect((await runCli(['workloads', 'sql', '--dialect', 'cobol'])).code).toBe(3);
    expect((await runCli(['workloads', 'sql'])).code).toBe(2);
  });
});

test('an export does not replace a file unless told to', async () => {
  const out = path.join(temporaryFolder(), 'a.json');
  const args = ['workloads', 'export', 'gsm8k', '--out', out, '--data', temporaryFolder()];
  expect((await runCli(args)).code).toBe(0);
  expect((await runCli(args)).code).toBe(3);
  expect((await runCli([...args, '--force'])).code).toBe(0);
  expect(existsSync(out) && JSON.parse(readFileSync(out, 'utf8'))).toMatchObject({ id: 'gsm8k' });
});
