import { describe, expect, test } from 'vitest';
import { labErrorOf } from '../../test/thrown.ts';
import { describeColumn, guessTimeUnit, type SourceColumn } from './columns.ts';
import type { WorkloadRequest } from './request.ts';
import { understand } from './understand.ts';

/** Columns with a value each. */
function columns(values: Readonly<Record<string, unknown>>): SourceColumn[] {
  return Object.entries(values).map(([name, value]) => describeColumn(name, [value, value]));
}

const understood = (
  values: Readonly<Record<string, unknown>>,
  wishes: Omit<WorkloadRequest, 'files'> = {},
): unknown => understand(columns(values), wishes);

const CHAT = [
  { from: 'human', value: 'Hello' },
  { from: 'gpt', value: 'Hello' },
];

describe('a format is recognised by its columns', () => {
  test.each([
    [
      'azure',
      { TIMESTAMP: '2023-11-16 18:17:03.9799600', ContextTokens: '4808', GeneratedTokens: '10' },
      { roles: { input: ['ContextTokens'], output: 'GeneratedTokens', arrival: 'TIMESTAMP' } },
    ],
    [
      'vidur',
      { '': '0', arrived_at: '0.5', num_prefill_tokens: '7', num_decode_tokens: '8' },
      {
        roles: { input: ['num_prefill_tokens'], output: 'num_decode_tokens', arrival: 'arrived_at' },
        timeUnit: 's',
      },
    ],
    [
      'splitwise',
      { request_id: '0', arrival_timestamp: '0', batch_size: '1', prompt_size: '7', token_size: '8' },
      {
        roles: { input: ['prompt_size'], output: 'token_size', arrival: 'arrival_timestamp' },
        timeUnit: 's',
      },
    ],
    [
      'mooncake',
      { timestamp: 27482, input_length: 6955, output_length: 52, hash_ids: [46, 47] },
      { roles: { input: ['input_length'], output: 'output_length', arrival: 'timestamp' }, timeUnit: 'ms' },
    ],
    [
      'burstgpt',
      { Timestamp: '5', Model: 'ChatGPT', 'Request tokens': '472', 'Response tokens': '18' },
      {
        roles: { input: ['Request tokens'], output: 'Response tokens', arrival: 'Timestamp' },
        timeUnit: 's',
      },
    ],
    ['vllm', { duration: 5, input_lens: [1, 2], output_lens: [3, 4] }, { content: 'lists' }],
    ['joint', { m: '8', n: '32', count: '5' }, { roles: { input: ['m'], output: 'n', count: 'count' } }],
    [
      'alpaca',
      { instruction: 'Say it', input: '', output: 'It' },
      { roles: { input: ['instruction', 'input'], output: 'output' }, content: 'texts' },
    ],
    [
      'sharegpt',
      { id: 'a', conversations: CHAT },
      { roles: { input: [], messages: 'conversations' }, content: 'messages' },
    ],
    ['openai', { messages: [{ role: 'user', content: 'Hello' }] }, { content: 'messages' }],
    [
      'counts',
      { created_at: '2024-01-01T00:00:00Z', prompt_tokens: '5', completion_tokens: '6' },
      {
        roles: { input: ['prompt_tokens'], output: 'completion_tokens', arrival: 'created_at' },
        content: 'counts',
      },
    ],
    [
      'prompts',
      { system: 'Be brief', question: 'Why?', answer: 'So' },
      { roles: { input: ['system', 'question'], output: 'answer' }, content: 'texts' },
    ],
  ])('%s', (format, values, expected) => {
    expect(understood(values)).toMatchObject({ format, ...expected });
  });

  test('names are compared without case, spaces and punctuation', () => {
    expect(understood({ 'Context Tokens': '1', 'generated-tokens': '2' })).toMatchObject({
      format: 'azure',
      roles: { input: ['Context Tokens'], output: 'generated-tokens' },
    });
  });

  test('a slip among the values does not change what a column is', () => {
    const column = describeColumn('ContextTokens', ['1', '2', 'n/a', '4']);
    expect(column.holds).toBe('numbers');
    expect(describeColumn('x', ['one', 'two', '3']).holds).toBe('texts');
  });

  test('counts are preferred to texts where a table has both', () => {
    expect(
      understood({ prompt: 'Why?', response: 'So', prompt_tokens: '3', completion_tokens: '2' }),
    ).toMatchObject({
      format: 'counts',
    });
  });

  test('columns that do not tell are left to the user', () => {
    expect(understood({ a: '1', b: '2' })).toBeUndefined();
    expect(understood({ a: '1', b: '2' }, { format: 'azure' })).toBeUndefined();
  });
});

describe('columns that the user names', () => {
  test('hold counts where they hold numbers, and several are added up', () => {
    expect(understood({ a: '1', b: '2', c: '3' }, { input: ['a', 'c'], output: 'b' })).toEqual({
      format: 'counts',
      roles: { input: ['a', 'c'], output: 'b' },
      content: 'counts',
      counted: [],
    });
  });

  test('hold texts otherwise; numbers among them stay counts', () => {
    expect(understood({ q: 'Why?', tokens: '7' }, { input: ['q'], output: 'tokens' })).toMatchObject({
      content: 'texts',
      counted: ['tokens'],
    });
    expect(
      understood({ q: 'Why?', a: '42' }, { input: ['q'], output: 'a', format: 'prompts' }),
    ).toMatchObject({
      content: 'texts',
      counted: [],
    });
  });

  test('may be one side only, where the other has a usual name', () => {
    expect(understood({ weird: 'Why?', answer: 'So' }, { input: ['weird'] })).toMatchObject({
      roles: { input: ['weird'], output: 'answer' },
    });
    expect(understood({ weird: 'Why?', x: 'So' }, { input: ['weird'] })).toBeUndefined();
  });

  test('may be one with conversations', () => {
    expect(understood({ talk: CHAT, other: 'x' }, { input: ['talk'] })).toMatchObject({
      content: 'messages',
      roles: { messages: 'talk' },
    });
  });

  test('are refused by name where they are not there', () => {
    const error = labErrorOf(() => understood({ a: '1', b: '2' }, { input: ['A'], output: 'b' }));
    expect(error).toMatchObject({
      kind: 'bad-setting',
      message: 'There is no column "A". Nothing was written.',
      hint: 'The columns are "a", "b".',
    });
  });
});

describe('arrival times', () => {
  test('can be left out, or taken from another column', () => {
    const values = { TIMESTAMP: '2023-11-16 18:17:03', ContextTokens: '1', GeneratedTokens: '2', t_ms: '5' };
    expect(understood(values, { arrival: null })).not.toHaveProperty('roles.arrival');
    expect(understood(values, { arrival: 't_ms' })).toMatchObject({
      roles: { arrival: 't_ms' },
      timeUnit: 'ms',
    });
  });

  test.each([
    ['arrival_ms', '5', 'ms'],
    ['time_us', '5', 'us'],
    ['seconds', '5', 's'],
    ['t (ns)', '5', undefined],
    ['timestamp', '1700000000', 's'],
    ['timestamp', '1700000000000', 'ms'],
    ['timestamp', '1700000000000000', 'us'],
    ['timestamp', '1700000000000000000', 'ns'],
    ['timestamp', '27482', undefined],
  ] as const)('%s with %s is in %s', (name, value, unit) => {
    expect(guessTimeUnit(describeColumn(name, [value]))).toBe(unit);
  });

  test('without a unit are assumed to be in s, and that is said', () => {
    expect(understood({ time: '5', prompt_tokens: '1', completion_tokens: '2' })).toMatchObject({
      timeUnit: 's',
      timeUnitAssumed: true,
    });
  });
});
