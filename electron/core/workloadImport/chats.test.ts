import { describe, expect, test } from 'vitest';
import { CHAT_REFUSALS, countConversation, readConversation, type ChatRefusal } from './chats.ts';

/** A token for each character, and one around a text. */
const counter = { count: (text: string) => 1 + text.length, countInside: (text: string) => text.length };

function counted(conversation: unknown): { queries: number[][]; refused: ChatRefusal[] } {
  const queries: number[][] = [];
  const refused: ChatRefusal[] = [];
  const messages = readConversation(conversation);
  if (messages === undefined) throw new Error('no conversation');
  countConversation(
    messages,
    counter,
    (m, n) => queries.push([m, n]),
    (why) => refused.push(why),
  );
  return { queries, refused };
}

describe('a conversation', () => {
  test('is a query for each answer, with everything before it as its input', () => {
    const { queries, refused } = counted([
      { from: 'system', value: '12' },
      { from: 'human', value: '345' },
      { from: 'gpt', value: '6789' },
      { from: 'human', value: '0' },
      { from: 'gpt', value: '' },
    ]);
    // 1 around the input, then 2 + 3; then 4 + 1 more. Outputs: 4 and 0, each with 1 around it.
    expect(queries).toEqual([
      [6, 5],
      [11, 1],
    ]);
    expect(refused).toEqual([]);
  });

  test("is the same in OpenAI's form, of parts too", () => {
    const { queries } = counted([
      { role: 'user', content: [{ type: 'text', text: 'ab' }, { type: 'image_url', image_url: {} }, 'c'] },
      { role: 'assistant', content: 'defg' },
    ]);
    expect(queries).toEqual([[1 + 'ab\nc'.length, 5]]);
    expect(readConversation([{ role: 'user', content: [{ type: 'image_url' }] }])).toEqual([
      { speaker: 'other', text: '', more: true },
    ]);
  });

  test('begins with an answer that is no query, but stands before the next', () => {
    expect(
      counted([
        { from: 'gpt', value: 'ab' },
        { from: 'human', value: 'c' },
        { from: 'gpt', value: 'd' },
      ]),
    ).toEqual({
      queries: [[4, 2]],
      refused: ['nothingBefore'],
    });
  });

  test('without an answer, or with a call of a tool instead of one, is no query', () => {
    expect(counted([{ role: 'user', content: 'a' }])).toEqual({ queries: [], refused: ['noAnswer'] });
    expect(counted([])).toEqual({ queries: [], refused: ['noAnswer'] });
    expect(
      counted([
        { role: 'user', content: 'a' },
        { role: 'assistant', content: null, tool_calls: [{}] },
      ]),
    ).toEqual({ queries: [], refused: ['withoutText'] });
  });

  test.each([
    [undefined],
    ['text'],
    [[1]],
    [[{ role: 5, content: 'x' }]],
    [[{ role: 'user', content: 7 }]],
    [[null]],
  ])('%j is none', (value) => expect(readConversation(value)).toBeUndefined());

  test('every reason is a phrase', () => {
    for (const reason of Object.values(CHAT_REFUSALS)) expect(reason).toMatch(/^an? [a-z ]+$/);
  });
});
