/**
 * Conversations as queries. Each answer of the assistant is a query of its own: its input is everything before it in
 * the conversation, its output is that answer. What a chat template adds around the messages is not counted.
 */

export type Speaker = 'assistant' | 'other';

/** One message of a conversation. */
export interface Message {
  readonly speaker: Speaker;
  readonly text: string;
  /** it holds something beside text, such as an image or a call of a tool, which is not counted */
  readonly more: boolean;
}

const ASSISTANTS = new Set([
  'assistant',
  'gpt',
  'model',
  'bot',
  'ai',
  'chatgpt',
  'bing',
  'bard',
  'chatbot',
  'claude',
]);

/**
 * Reads a conversation in ShareGPT's form (`from`, `value`) or OpenAI's (`role`, `content`).
 * @returns undefined where it is not one
 */
export function readConversation(value: unknown): Message[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const messages: Message[] = [];
  for (const item of value as unknown[]) {
    const message = readMessage(item);
    if (message === undefined) return undefined;
    messages.push(message);
  }
  return messages;
}

function readMessage(item: unknown): Message | undefined {
  if (typeof item !== 'object' || item === null) return undefined;
  const { role, from, content, value, text, tool_calls: calls } = item as Record<string, unknown>;
  const said = role ?? from;
  if (typeof said !== 'string') return undefined;
  const speaker = ASSISTANTS.has(said.toLowerCase()) ? 'assistant' : 'other';
  const parts = content ?? value ?? text;
  const calling = Array.isArray(calls) && calls.length > 0;
  if (typeof parts === 'string') return { speaker, text: parts, more: calling };
  if (parts === null || parts === undefined) return { speaker, text: '', more: calling };
  if (!Array.isArray(parts)) return undefined;
  const texts = (parts as unknown[]).map(textOfPart);
  return {
    speaker,
    text: texts.filter((part) => part !== undefined).join('\n'),
    more: calling || texts.includes(undefined),
  };
}

function textOfPart(part: unknown): string | undefined {
  if (typeof part === 'string') return part;
  if (typeof part !== 'object' || part === null || !('text' in part)) return undefined;
  return typeof part.text === 'string' ? part.text : undefined;
}

/** How texts are counted. */
export interface TextCounter {
  /** tokens of a text by itself, with what the tokenizer puts around it by default, such as a BOS */
  readonly count: (text: string) => number;
  /** tokens of a text that others stand before: nothing is put around it */
  readonly countInside: (text: string) => number;
}

/** Why an answer, or a conversation, is no query. */
export const CHAT_REFUSALS = {
  noAnswer: 'a conversation without an answer of the assistant',
  nothingBefore: 'an answer with nothing before it',
  withoutText: 'an answer without text',
} as const;
export type ChatRefusal = keyof typeof CHAT_REFUSALS;

/**
 * The queries of a conversation. The input of each counts once what the tokenizer puts around a text, and the
 * messages before the answer one by one.
 * @param query told (m, n) of each query
 * @param refuse told of what is no query
 */
export function countConversation(
  messages: readonly Message[],
  counter: TextCounter,
  query: (m: number, n: number) => void,
  refuse: (why: ChatRefusal) => void,
): void {
  let before = counter.count('');
  let answers = 0;
  messages.forEach(({ speaker, text, more }, i) => {
    if (speaker === 'assistant') {
      answers += 1;
      if (i === 0) refuse('nothingBefore');
      else if (text === '' && more) refuse('withoutText');
      else query(before, counter.count(text));
    }
    before += counter.countInside(text);
  });
  if (answers === 0) refuse('noAnswer');
}
