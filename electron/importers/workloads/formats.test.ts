import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, test } from 'vitest';
import { bundledWorkload } from '../../test/bundled.ts';
import {
  droppedOf,
  madeFiles,
  pairsOf,
  readAll,
  readMade,
  warningsOf,
  type Content,
} from '../../test/readMade.ts';
import { temporaryFolder } from '../../test/temporaryFolder.ts';
import { rejectionOf } from '../../test/testMeters.ts';

const lines = (...records: readonly unknown[]): string =>
  records.map((record) => `${JSON.stringify(record)}\n`).join('');

describe('token counts', () => {
  test('Azure: with arrivals, and what cannot be used by its reason', async () => {
    const read = await readMade(
      'azure.csv',
      [
        'TIMESTAMP,ContextTokens,GeneratedTokens',
        '2023-11-16 18:17:00.0000000,4808,10',
        '2023-11-16 18:17:10.5000000,3180,8',
        '2023-11-16 18:18:30.0000000,3180,8',
        'no time,5,0',
        ',2.5,4',
        ',2,-1',
        ',x,4',
        ',,4',
        ',,',
        ',999999999,4',
        ',7',
        '2023-11-16 18:1',
      ].join('\r\n'),
    );
    expect(read.source).toMatchObject({ format: 'azure', formatName: 'Azure LLM inference trace' });
    expect(pairsOf(read)).toEqual([
      [5, 0, 1],
      [3180, 8, 2],
      [4808, 10, 1],
    ]);
    expect(read.rows).toBe(12);
    expect(droppedOf(read)).toEqual([
      '2: too few columns',
      '1: a negative number of output tokens',
      '1: a number of input tokens that is not whole',
      '1: input tokens that are no number',
      '1: more than 100,000,000 input tokens, which no model takes',
      '1: no number of input tokens',
      '1: no number of input tokens and none of output tokens',
    ]);
    expect(warningsOf(read)).toEqual(['zero-tokens', 'no-arrival-times']);
    // Gaps of 10.5 and 79.5 s.
    expect(read.workload.arrivals).toEqual({
      queries: 3,
      spanS: 90,
      ratePerS: 2 / 90,
      peakPerMinute: 2,
      gapCv: expect.closeTo(Math.sqrt(2 * 34.5 ** 2) / 45, 9) as number,
      startsAt: '2023-11-16T18:17:00.000Z',
    });
    expect(read.workload).toMatchObject({
      id: 'azure',
      tokenizer: null,
      modelled: false,
      note: 'Token counts as in the file (ContextTokens, GeneratedTokens). 8 of 12 rows were left out.',
    });
  });

  test.each<[string, string, Content]>([
    ['vidur', 'a.csv', ',arrived_at,num_prefill_tokens,num_decode_tokens\n0,0,7,8\n1,2,7,8\n2,4,9,1\n'],
    [
      'splitwise',
      'a.csv',
      'request_id,arrival_timestamp,batch_size,prompt_size,token_size\n0,0,1,7,8\n1,2,1,7,8\n2,4,1,9,1\n',
    ],
    [
      'mooncake',
      'a.jsonl',
      lines(
        { timestamp: 0, input_length: 7, output_length: 8, hash_ids: [1] },
        { timestamp: 2000, input_length: 7, output_length: 8, hash_ids: [1, 2] },
        { timestamp: 4000, input_length: 9, output_length: 1, hash_ids: [] },
      ),
    ],
    [
      'burstgpt',
      'a.csv',
      'Timestamp,Model,Request tokens,Response tokens\n0,GPT,7,8\n2,GPT,7,8\n4,GPT,9,1\n',
    ],
    ['counts', 'a.tsv', 'time_s\tprompt_tokens\tcompletion_tokens\n0\t7\t8\n2\t7\t8\n4\t9\t1\n'],
  ])('%s: counts and times', async (format, name, content) => {
    const read = await readMade(name, content);
    expect(read.source.format).toBe(format);
    expect(pairsOf(read)).toEqual([
      [7, 8, 2],
      [9, 1, 1],
    ]);
    expect(read.workload.arrivals).toEqual({
      queries: 3,
      spanS: 4,
      ratePerS: 0.5,
      peakPerMinute: 3,
      gapCv: 0,
      startsAt: null,
    });
    expect(warningsOf(read)).toEqual([]);
  });

  test.each<[string, Content]>([
    ['joint.csv', 'm,n,count\n7,8,2\n9,1,1\n'],
    ['joint.csv', 'm;n;count\r\n7;8;2\r\n9;1;1\r\n'],
    ['joint.csv', '\uFEFFm,n,count\n7,8,1\n9,1,1\n7,8,1\n'],
    ['joint.csv', Buffer.from('\uFEFFm,n,count\n7,8,2\n9,1,1\n', 'utf16le')],
    ['joint.csv', Buffer.from('m,n,count\n7,8,2\n9,1,1\n', 'utf16le').swap16()],
    ['joint.csv.gz', gzipSync('m,n,count\n7,8,2\n9,1,1\n')],
    [
      'joint.json',
      JSON.stringify(
        [
          { m: 7, n: 8, count: 2 },
          { m: '9', n: '1', count: '1' },
        ],
        null,
        2,
      ),
    ],
    ['joint.jsonl', lines({ m: 7, n: 8, count: 2 }, { m: 9, n: 1, count: 1 })],
    ['joint.jsonl.gz', gzipSync(lines({ m: 7, n: 8, count: 2 }, { m: 9, n: 1, count: 1 }))],
    [
      'joint.json',
      JSON.stringify({
        source: 'x',
        n: 3,
        pairs: [
          [7, 8, 2],
          [9, 1, 1],
        ],
      }),
    ],
    ['joint.json', '[[7, 8], [9, 1], [7, 8]]'],
    ['any.csv', 'k,b\n"7","8"\n9.0,1\n 7 , 8 \n'],
  ])('a joint table as %s, %#', async (name, content) => {
    const wishes = name === 'any.csv' ? { input: ['k'], output: 'b' } : {};
    const read = await readMade(name, content, wishes);
    expect(pairsOf(read)).toEqual([
      [7, 8, 2],
      [9, 1, 1],
    ]);
    expect(droppedOf(read)).toEqual([]);
    expect(warningsOf(read)).toEqual([]);
    expect(read.workload.modelled).toBe(false);
  });

  test('a joint table of weights is modelled, and rows that stand for nothing are dropped', async () => {
    const read = await readMade('joint.csv', 'm,n,count\n7,8,0.25\n9,1,1\n1,1,0\n1,1,-2\n1,1,\n');
    expect(pairsOf(read)).toEqual([
      [7, 8, 0.25],
      [9, 1, 1],
    ]);
    expect(read.workload.modelled).toBe(true);
    expect(warningsOf(read)).toEqual(['fractional-counts']);
    expect(droppedOf(read)).toEqual([
      '1: a negative number of queries',
      '1: a row that stands for 0 queries',
      '1: no number of queries',
    ]);
  });

  test('vLLM: lists of lengths, in a document or a line for each run', async () => {
    const run = {
      duration: 2,
      completed: 2,
      input_lens: [7, 9, 7],
      output_lens: [8, 1, 8],
      ttfts: [0.1],
      itls: [[1]],
    };
    const expected = [
      [7, 8, 2],
      [9, 1, 1],
    ];
    const one = await readMade('run.json', JSON.stringify(run, null, 1));
    expect(one.source.format).toBe('vllm');
    expect(pairsOf(one)).toEqual(expected);
    const two = await readMade('runs.jsonl', lines(run, { ...run, output_lens: [8, 1] }));
    expect(pairsOf(two)).toEqual([
      [7, 8, 3],
      [9, 1, 2],
    ]);
    expect(two.rows).toBe(6);
    expect(droppedOf(two)).toEqual(['1: no number of output tokens']);
  });

  test('Parquet: whole numbers, decimals and times', async () => {
    const file = path.join(temporaryFolder(), 'trace.parquet');
    const duck = await DuckDBInstance.create(':memory:');
    const connection = await duck.connect();
    await connection.run(`COPY (
      SELECT TIMESTAMP '2024-01-01 00:00:00' + INTERVAL (i * 2) SECOND AS "timestamp",
        (CASE WHEN i < 2 THEN 7 ELSE 9 END)::USMALLINT AS input_tokens,
        (CASE WHEN i < 2 THEN 8 WHEN i = 2 THEN 1 END)::DECIMAL(9, 1) AS output_tokens, [i] AS other
      FROM range(4) t(i)) TO '${file}' (FORMAT parquet)`);
    connection.closeSync();
    duck.closeSync();
    const read = await readAll([file]);
    if (read.state !== 'read') throw new Error(read.message);
    expect(pairsOf(read)).toEqual([
      [7, 8, 2],
      [9, 1, 1],
    ]);
    expect(read.workload.arrivals).toMatchObject({
      queries: 3,
      spanS: 4,
      startsAt: '2024-01-01T00:00:00.000Z',
    });
    expect(droppedOf(read)).toEqual(['1: no number of output tokens']);
  });

  test('several files of one form are added up, each with its own delimiter', async () => {
    const files = madeFiles({
      'a.csv': 'm,n,count\n7,8,1\n9,1,1\n',
      'b.csv': 'n;x;m;count\n8;0;7;1\n',
      'c.jsonl': lines({ m: 7, n: 8, count: 1 }),
    });
    const read = await readAll(files);
    if (read.state !== 'read') throw new Error(read.message);
    expect(pairsOf(read)).toEqual([
      [7, 8, 3],
      [9, 1, 1],
    ]);
    expect(read.workload).toMatchObject({
      name: 'a and 2 more',
      source: 'Imported from a.csv, b.csv, c.jsonl',
    });
    const faulty = madeFiles({
      'e.csv': 'm,n,count\n1,2\n3,4,5\n',
      'f.csv': 'm,n,count\n1,2\n3,4,5\nx,1,1\n1,1\n',
    });
    const lost = await readAll(faulty);
    if (lost.state !== 'read') throw new Error(lost.message);
    expect(pairsOf(lost)).toEqual([[3, 4, 10]]);
    expect(droppedOf(lost)).toEqual(['3: too few columns', '1: input tokens that are no number']);
    const other = madeFiles({ 'd.csv': 'x,y\n1,2\n' });
    const error = await rejectionOf(readAll([...files, ...other]));
    expect(error).toMatchObject({
      kind: 'bad-workload',
      message: 'd.csv has no column "m", which a.csv has. Nothing was written.',
    });
  });
});

/** "Hello world!" has 3 tokens and its BOS; see tokenizers.test.ts. */
const HELLO = 'Hello world!';

describe('texts', () => {
  test('Alpaca: instruction and input apart, each with its BOS; an empty input counts its BOS alone', async () => {
    const records = [
      { instruction: HELLO, input: '', output: 'grabbed' },
      { instruction: HELLO, input: HELLO, output: HELLO },
      { instruction: HELLO, input: null, output: HELLO },
    ];
    const read = await readMade('alpaca.json', JSON.stringify(records, null, 4));
    expect(read.source.format).toBe('alpaca');
    expect(pairsOf(read)).toEqual([
      [5, 4, 2],
      [8, 4, 1],
    ]);
    expect(read.workload).toMatchObject({
      tokenizer: 'Llama-2 (llama-tokenizer-js)',
      note: 'instruction, input and output encoded apart, each with a BOS token.',
    });
    expect(warningsOf(read)).toEqual(['empty-texts']);
    expect(read.tokenised).toBe(true);
  });

  test('ShareGPT: each answer is a query with everything before it', async () => {
    const turn = (from: string): object => ({ from, value: HELLO });
    const read = await readMade(
      'sharegpt.jsonl',
      lines(
        { id: 'a', conversations: [turn('human'), turn('gpt'), turn('human'), turn('gpt')] },
        { id: 'b', conversations: [turn('gpt')] },
        { id: 'c', conversations: 'broken' },
        { id: 'd', conversations: [turn('human')] },
      ),
    );
    expect(read.source.format).toBe('sharegpt');
    // 1 + 3, and 1 + 3 × 3.
    expect(pairsOf(read)).toEqual([
      [4, 4, 1],
      [10, 4, 1],
    ]);
    expect(droppedOf(read)).toEqual([
      '1: a conversation without an answer of the assistant',
      '1: an answer with nothing before it',
      '1: no conversation',
    ]);
    expect(read.workload.note).toContain('its input is everything before it');
  });

  test('OpenAI: messages, of parts too, in lines, an array, or one chat alone', async () => {
    const messages = [
      { role: 'system', content: HELLO },
      {
        role: 'user',
        content: [
          { type: 'text', text: HELLO },
          { type: 'image_url', image_url: { url: 'x' } },
        ],
      },
      { role: 'assistant', content: HELLO },
    ];
    for (const content of [
      lines({ messages }),
      JSON.stringify([{ messages }]),
      JSON.stringify({ messages }, null, 2),
      JSON.stringify([messages]),
      JSON.stringify({ data: [{ messages }] }),
    ]) {
      const read = await readMade('chat.json', content);
      expect(pairsOf(read), content.slice(0, 40)).toEqual([[7, 4, 1]]);
      expect(warningsOf(read)).toEqual(['not-only-text']);
    }
  });

  test('CSV: quotes, line ends in texts, absent and empty answers', async () => {
    const read = await readMade(
      'prompts.csv',
      `id;prompt;response\r\n1;"${HELLO}";"ax\n####\nboo"\r\n2;;x\r\n3;a;\r\n4;${HELLO};""\r\n5;"say ""it""";x\r\n`,
    );
    expect(read.source.format).toBe('prompts');
    expect(pairsOf(read)).toEqual([
      [4, 1, 1],
      [4, 7, 1],
      // say, ", it, " with its BOS
      [5, 2, 1],
    ]);
    expect(droppedOf(read)).toEqual(['1: no input', '1: no output']);
    expect(warningsOf(read)).toEqual(['empty-texts']);
  });

  test('Parquet: texts and chats', async () => {
    const folder = temporaryFolder();
    const [texts, chats] = [path.join(folder, 'texts.parquet'), path.join(folder, 'chats.parquet')];
    const duck = await DuckDBInstance.create(':memory:');
    const connection = await duck.connect();
    await connection.run(
      `COPY (SELECT '${HELLO}' AS prompt, 'grabbed' AS completion) TO '${texts}' (FORMAT parquet)`,
    );
    await connection.run(
      `COPY (SELECT [{'role': 'user', 'content': '${HELLO}'}, {'role': 'assistant', 'content': '${HELLO}'}] AS messages) TO '${chats}' (FORMAT parquet)`,
    );
    connection.closeSync();
    duck.closeSync();
    for (const file of [texts, chats]) {
      const read = await readAll([file]);
      if (read.state !== 'read') throw new Error(read.message);
      expect(pairsOf(read)).toEqual([[4, 4, 1]]);
    }
  });

  test('a text beside a token count, as the user maps them', async () => {
    const read = await readMade('log.csv', `what,tokens\n${HELLO},250\n${HELLO},-1\n`, {
      input: ['what'],
      output: 'tokens',
    });
    expect(pairsOf(read)).toEqual([[4, 250, 1]]);
    expect(droppedOf(read)).toEqual(['1: a negative number of output tokens']);
    expect(read.workload.note).toContain('tokens: token counts as in the file.');
  });

  test('texts that are no UTF-8 are read as Windows-1252, and that is said', async () => {
    const read = await readMade('old.csv', Buffer.from(`prompt,answer\n${HELLO},caf\xe9\n`, 'latin1'));
    // ca, fé with their BOS
    expect(pairsOf(read)).toEqual([[4, 3, 1]]);
    expect(warningsOf(read)).toEqual(['encoding']);
  });

  test('bytes that are no UTF-8 far behind the beginning are found, too', async () => {
    const rows = `${HELLO},${HELLO}\n`.repeat(60_000);
    const read = await readMade(
      'late.csv',
      Buffer.from(`prompt,answer\n${rows}caf\xe9,${HELLO}\n`, 'latin1'),
    );
    expect(pairsOf(read)).toEqual([
      [3, 4, 1],
      [4, 4, 60_000],
    ]);
    expect(warningsOf(read)).toEqual(['encoding']);
  });
});

describe("Crossover's own form", () => {
  test('is taken as it is', async () => {
    const workload = bundledWorkload('gsm8k');
    const read = await readMade('any.json', JSON.stringify(workload));
    const { pairs, ...rest } = workload;
    expect(read.workload).toEqual(rest);
    expect(pairsOf(read)).toEqual(pairs);
    expect(read.source.format).toBe('workload');
  });

  test('is refused with the field where it is wrong', async () => {
    const file = madeFiles({ 'any.json': JSON.stringify({ ...bundledWorkload('gsm8k'), licence: 5 }) });
    expect(await rejectionOf(readAll(file))).toMatchObject({
      kind: 'bad-workload',
      message: expect.stringContaining('licence') as string,
    });
  });

  test('is not added to others', async () => {
    const own = JSON.stringify(bundledWorkload('gsm8k'));
    const files = madeFiles({ 'a.csv': 'm,n,count\n1,1,1\n', 'b.json': own });
    expect((await rejectionOf(readAll(files))).message).toBe(
      'b.json is a workload by itself and cannot be added to other files. Nothing was written.',
    );
  });
});

test('columns that do not tell are shown, with what they hold', async () => {
  const reading = await readAll(madeFiles({ 'odd.csv': 'a,b,c\n1,x,2024-01-01\n2,y,2024-01-02\n' }));
  expect(reading).toMatchObject({
    state: 'unclear',
    message:
      'odd.csv has the columns "a", "b", "c", and which of them are input and output is not clear. Nothing was written.',
    columns: [
      { name: 'a', holds: 'numbers', role: 'unused', examples: ['1', '2'] },
      { name: 'b', holds: 'texts' },
      { name: 'c', holds: 'times' },
    ],
  });
  const forced = await readAll(madeFiles({ 'odd.csv': 'a,b\n1,2\n' }), { format: 'azure' });
  expect(forced).toMatchObject({
    state: 'unclear',
    message: expect.stringContaining(
      'Azure LLM inference trace needs: ContextTokens, GeneratedTokens',
    ) as string,
  });
});

test('a file without a row that can be used says what became of its rows', async () => {
  const none = await rejectionOf(readAll(madeFiles({ 'a.csv': 'm,n,count\n-1,2,3\n1.5,2,3\n' })));
  expect(none).toMatchObject({
    kind: 'bad-workload',
    message:
      'a.csv has no row that can be used (1: a negative number of input tokens; 1: a number of input tokens that is not whole). Nothing was written.',
  });
  const empty = await rejectionOf(readAll(madeFiles({ 'a.csv': 'm,n,count\n' })));
  expect(empty.message).toBe('a.csv has columns, but no rows. Nothing was written.');
});
