/**
 * Bad input is answered: with a workload, with columns that do not tell, or with a sentence; never with a crash.
 * CROSSOVER_FUZZ=N tries N cases of each kind instead of a few.
 */
import { execFileSync } from 'node:child_process';
import { truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LabError } from '#core/errors';
import { parseWorkload } from '#core/workload';
import { madeFiles, pairsOf, readAll, type Content } from '../../test/readMade.ts';
import { temporaryFolder } from '../../test/temporaryFolder.ts';
import { rejectionOf } from '../../test/testMeters.ts';

const numRuns = Number(process.env['CROSSOVER_FUZZ'] ?? 60);

/** What became of a file: "read", "unclear", or the kind of the error. */
async function outcomeOf(content: Content, name = 'file.csv'): Promise<string> {
  const [file] = madeFiles({ [name]: content });
  try {
    const reading = await readAll([file!]);
    if (reading.state === 'unclear') return 'unclear';
    const pairs = pairsOf(reading);
    parseWorkload({ ...reading.workload, pairs }, 'what was read');
    const lost = reading.workload.provenance?.dropped.reduce((sum, { count }) => sum + count, 0) ?? 0;
    expect(lost).toBeLessThanOrEqual(Math.max(reading.rows, 1e3));
    return 'read';
  } catch (thrown) {
    if (!(thrown instanceof LabError)) throw thrown;
    expect(thrown.message).toMatch(/\.$/);
    expect(thrown.message).not.toContain(path.dirname(file!));
    expect(thrown.message.length).toBeLessThan(2500);
    return thrown.kind;
  }
}

const OUTCOMES = ['read', 'unclear', 'bad-workload', 'file-not-readable'];
const check = async (content: Content): Promise<void> => {
  expect(OUTCOMES).toContain(await outcomeOf(content));
};

const chat = (i: number): object => ({
  conversations: [
    { from: 'human', value: `Why ${i}? "quoted", ünï\n` },
    { from: 'gpt', value: 'So; it is.' },
  ],
});
const VALID: readonly string[] = [
  `TIMESTAMP,ContextTokens,GeneratedTokens\n${Array.from({ length: 9 }, (_, i) => `2023-11-16 18:17:0${i}.5,${i * 7},${i}`).join('\n')}\n`,
  Array.from(
    { length: 5 },
    (_, i) => `${JSON.stringify({ timestamp: i, input_length: i, output_length: 3 })}\n`,
  ).join(''),
  Array.from({ length: 4 }, (_, i) => `${JSON.stringify(chat(i))}\n`).join(''),
  JSON.stringify([chat(1), chat(2)], null, 2),
  `prompt;response\r\n"Say ""it""";"one\r\ntwo"\r\nWhy?;So\r\n`,
  JSON.stringify([{ instruction: 'Do', input: '', output: 'Done' }]),
  JSON.stringify({ input_lens: [1, 2, 3], output_lens: [4, 5, 6] }),
  JSON.stringify({
    pairs: [
      [1, 2, 3],
      [4, 5, 6],
    ],
  }),
  'm,n,count\n1,2,3\n4,5,6\n',
];

describe('a file', () => {
  test('of any bytes', async () => {
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), check), { numRuns });
  });

  test('of any text', async () => {
    const piece = fc.constantFrom(
      ...[
        'm',
        'n',
        'count',
        ',',
        ';',
        '\n',
        '\r\n',
        '"',
        "'",
        '{',
        '}',
        '[',
        ']',
        ':',
        '1',
        '-2',
        '3.5',
        '1,5',
        'null',
        'NaN',
        '\t',
        '|',
        '\\',
        '#',
        '=1+1',
        '\uFEFF',
        'é',
        '🦙',
        ' ',
      ],
    );
    const text = fc.array(piece, { maxLength: 80 }).map((pieces) => pieces.join(''));
    await fc.assert(fc.asyncProperty(text, check), { numRuns });
  });

  test('that is cut anywhere', async () => {
    const cut = fc
      .constantFrom(...VALID)
      .chain((text) =>
        fc.integer({ min: 0, max: Buffer.byteLength(text) }).map((at) => Buffer.from(text).subarray(0, at)),
      );
    await fc.assert(fc.asyncProperty(cut, check), { numRuns });
  });

  test('with some bytes that are others', async () => {
    const mutated = fc.constantFrom(...VALID).chain((text) => {
      const bytes = Buffer.from(text);
      const change = fc.tuple(
        fc.nat({ max: bytes.length - 1 }),
        fc.constantFrom(...Buffer.from('\0"\n,;{}[]-.9x\xff\xfe\x80', 'latin1')),
      );
      return fc.array(change, { minLength: 1, maxLength: 6 }).map((changes) => {
        const copy = Buffer.from(bytes);
        for (const [at, byte] of changes) copy[at] = byte;
        return copy;
      });
    });
    await fc.assert(fc.asyncProperty(mutated, check), { numRuns });
  });

  test('that is compressed, and cut or broken', async () => {
    const broken = fc.constantFrom(...VALID).chain((text) => {
      const bytes = gzipSync(text);
      return fc
        .tuple(fc.integer({ min: 3, max: bytes.length }), fc.nat({ max: bytes.length - 1 }))
        .map(([end, at]) => {
          const copy = Buffer.from(bytes.subarray(0, end));
          if (at > 2 && at < end) copy[at]! ^= 0x55;
          return copy;
        });
    });
    await fc.assert(fc.asyncProperty(broken, check), { numRuns: Math.ceil(numRuns / 2) });
  });

  test.each(['utf-8', 'utf-8 with a mark', 'utf-16', 'utf-16 with a mark'])(
    'is read in %s',
    async (encoding) => {
      for (const text of VALID) {
        const marked = encoding.endsWith('mark') ? `\uFEFF${text}` : text;
        const content = Buffer.from(marked, encoding.startsWith('utf-16') ? 'utf16le' : 'utf8');
        expect(await outcomeOf(content), text.slice(0, 30)).toBe('read');
      }
    },
  );
});

test.each<[string, Content, string]>([
  ['empty', '', 'bad-workload'],
  ['only line ends', '\n\r\n\n', 'bad-workload'],
  ['brackets, 100,000 deep', '['.repeat(100_000), 'bad-workload'],
  ['an array, 100,000 deep', '['.repeat(100_000) + ']'.repeat(100_000), 'bad-workload'],
  ['an object, 50,000 deep', '{"a":'.repeat(50_000) + '1' + '}'.repeat(50_000), 'unclear'],
  [
    'a record that is deep',
    `{"messages":${'['.repeat(20_000)}${']'.repeat(20_000)}}\n{"messages":[]}\n`,
    'unclear',
  ],
  [
    '100,000 columns',
    `${Array.from({ length: 1e5 }, (_, i) => `c${i}`).join(',')}\n${'1,'.repeat(99_999)}1\n`,
    'bad-workload',
  ],
  [
    '100,000 fields',
    JSON.stringify([Object.fromEntries(Array.from({ length: 1e5 }, (_, i) => [`c${i}`, i]))]),
    'unclear',
  ],
  ['one endless quote', `m,n\n1,"${'2\n3,4'.repeat(50_000)}`, 'bad-workload'],
  ['a line of 20 MB', `prompt,answer\na,${'b'.repeat(20_000_000)}\n`, 'bad-workload'],
  ['a Zip', Buffer.from('PK\x03\x04 and so on'), 'bad-workload'],
  ['decimal commas', 'm;n\n1,5;2,5\n', 'bad-workload'],
  ['thousands with commas', 'm;n;count\n1,234;5;1\n12;5;1\n', 'read'],
  ['formulas', 'm,n,count\n=1+1,2,3\n1,2,3\n', 'read'],
  ['a header alone', 'm,n,count', 'bad-workload'],
  ['JSON of another kind', '{"hello": "world"}', 'unclear'],
  ['a number', '42', 'unclear'],
  ['a string', '"hello"', 'unclear'],
])('%s', async (_what, content, outcome) => expect(await outcomeOf(content)).toBe(outcome));

test('five gigabytes that are no text are refused by their beginning', async () => {
  const [huge] = madeFiles({ 'huge.csv': 'ContextTokens,GeneratedTokens\n7,8\n' });
  // Sparse: it takes no room on the disk.
  truncateSync(huge!, 5 * 2 ** 30);
  expect((await rejectionOf(readAll([huge!]))).message).toContain('is no text');
});

test('a bomb: little that unpacks to much is refused in bounded memory', async () => {
  const bomb = gzipSync(Buffer.alloc(100_000_000, 'a'));
  expect(bomb.length).toBeLessThan(1_000_000);
  expect(await outcomeOf(bomb)).toBe('bad-workload');
});

test('a file that is not there, and a folder, are not readable', async () => {
  const [file] = madeFiles({ 'x.csv': 'm,n,count\n1,2,3\n' });
  for (const other of [`${file}.gone`, path.dirname(file!)]) {
    expect((await rejectionOf(readAll([other]))).kind).toBe('file-not-readable');
  }
});

test('names of files and columns may be anything', async () => {
  const names = [`it's "odd" [1] {a,b} *?.csv`, 'ünïcödé 東京.csv', '-rf.csv', '%s.csv'];
  for (const name of process.platform === 'win32' ? names.slice(1) : names) {
    const column = `"Robert'); DROP TABLE x; -- ${name.replaceAll('"', '""')}"`;
    const [file] = madeFiles({ [name]: '' });
    writeFileSync(file!, `${column},n\n7,8\n`);
    const read = await readAll([file!], { input: [`Robert'); DROP TABLE x; -- ${name}`], output: 'n' });
    expect(read.state === 'read' && pairsOf(read)).toEqual([[7, 8, 1]]);
  }
});

test('a pipe that nobody writes to is refused, and not waited for', async () => {
  const pipe = path.join(temporaryFolder(), 'pipe');
  execFileSync('mkfifo', [pipe]);
  expect((await rejectionOf(readAll([pipe]))).kind).toBe('file-not-readable');
});
