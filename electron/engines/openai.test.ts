/** Against servers written to OpenAI's completions and what vLLM, LM Studio and mlx_lm.server make of them. */
import { expect, test } from 'vitest';
import { queryFault } from '#core/engine';
import {
  events,
  scriptedServer,
  sendJson,
  sendLines,
  type Asked,
  type Reply,
  type ScriptedServer,
} from '../test/scriptedServer.ts';
import type { Engine } from './engine.ts';
import { openOpenAi } from './openai.ts';

const { signal } = new AbortController();
const MODEL = 'meta-llama/Llama-2-7b-hf';

const piece = (text: string) => ({
  id: '1',
  object: 'text_completion',
  choices: [{ index: 0, text }],
  usage: null,
});
const usage = (prompt: number, completion: number, cached?: number) => ({
  id: '1',
  choices: [],
  usage: {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    ...(cached === undefined ? {} : { prompt_tokens_details: { cached_tokens: cached } }),
  },
});
const maxTokens = ({ body }: Asked) => body['max_tokens'] as number;

/** vLLM: token ids, and a forced length. */
const vllm: Reply = (asked, response) => {
  const ids = asked.body['prompt'] as number[];
  return sendLines(response, events(piece(' x'), piece(' y'), usage(ids.length, maxTokens(asked)), '[DONE]'));
};

/** A server that takes text alone and adds a token at its start; its answer ends by itself after five. */
const textOnly =
  (strict: boolean): Reply =>
  (asked, response) => {
    const { prompt } = asked.body;
    if (typeof prompt !== 'string') return sendJson(response, { error: 'prompt must be a string' }, 400);
    if (strict && 'ignore_eos' in asked.body) return sendJson(response, { detail: 'extra fields' }, 422);
    const ends = 'ignore_eos' in asked.body ? maxTokens(asked) : Math.min(5, maxTokens(asked));
    return sendLines(response, events(piece(' x'), usage(prompt.split(' ').length + 1, ends), '[DONE]'));
  };

async function opened(
  completions: Reply,
  { isVllm = true, model = MODEL } = {},
): Promise<{ engine: Engine; server: ScriptedServer }> {
  const server = await scriptedServer({
    '/v1/models': (_, response) =>
      sendJson(response, {
        object: 'list',
        data: [{ id: MODEL, ...(isVllm ? { owned_by: 'vllm', max_model_len: 4096 } : { owned_by: 'me' }) }],
      }),
    ...(isVllm && { '/version': (_, response) => sendJson(response, { version: '0.11.0' }) }),
    '/v1/completions': completions,
  });
  return { engine: await openOpenAi(`${server.url}/v1/`, model, signal), server };
}

test('vLLM is known, and takes token ids and a forced length', async () => {
  const { engine, server } = await opened(vllm);
  expect(engine.info).toMatchObject({
    kind: 'openai',
    name: 'vLLM 0.11.0',
    contextTokens: 4096,
    device: server.url,
  });
  for (const [m, n] of [
    [1, 1],
    [40, 7],
  ] as const) {
    const record = await engine.query(m, n, { seed: 1, signal });
    expect(queryFault(record, m, n)).toBeUndefined();
    const times = [record.startS, record.firstTokenS, record.endS];
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(server.asked.at(-1)!.body).toMatchObject({
      model: MODEL,
      max_tokens: n,
      min_tokens: n,
      ignore_eos: true,
      stream: true,
      stream_options: { include_usage: true },
    });
  }
});

test.each([
  ['that passes over what it does not know', false, 60],
  ['that refuses what it does not know', true, 5],
])('a server for text alone, %s, gets words of the right number', async (_, strict, n) => {
  const { engine } = await opened(textOnly(strict), { isVllm: false });
  expect(engine.info).toMatchObject({ name: 'OpenAI-compatible server', version: 'unknown' });
  expect(queryFault(await engine.query(50, n, { seed: 1, signal }), 50, n)).toBeUndefined();
  const longer = await engine.query(50, 60, { seed: 1, signal });
  expect(longer.outputTokens).toBe(n);
});

test('a server that counts the ids as text gets words instead', async () => {
  const { engine, server } = await opened((asked, response) => {
    const { prompt } = asked.body;
    const count = typeof prompt === 'string' ? prompt.split(' ').length : 3 * (prompt as number[]).length;
    return sendLines(response, events(piece(' x'), usage(count, maxTokens(asked)), '[DONE]'));
  });
  expect(queryFault(await engine.query(50, 3, { seed: 1, signal }), 50, 3)).toBeUndefined();
  expect(typeof server.asked.at(-1)!.body['prompt']).toBe('string');
});

test('a server that tells nothing of its cache is not taken for one without', async () => {
  const { engine } = await opened(vllm);
  const record = await engine.query(32, 2, { seed: 1, signal });
  expect(record).not.toHaveProperty('cachedTokens');
  expect(queryFault(record, 32, 2)).toBeUndefined();

  const { engine: telling } = await opened((asked, response) => {
    const m = (asked.body['prompt'] as number[]).length;
    return sendLines(response, events(piece(' x'), usage(m, maxTokens(asked), 0), '[DONE]'));
  });
  expect(await telling.query(32, 2, { seed: 1, signal })).toMatchObject({ cachedTokens: 0 });
});

test('tokens from a prefix cache are told', async () => {
  const { engine } = await opened((asked, response) => {
    const m = (asked.body['prompt'] as number[]).length;
    return sendLines(response, events(piece(' x'), usage(m, maxTokens(asked), 16), '[DONE]'));
  });
  expect(queryFault(await engine.query(32, 2, { seed: 1, signal }), 32, 2)).toBe(
    '16 input tokens came from a cache',
  );
});

test('a model that is not there names those that are', async () => {
  await expect(opened(vllm, { model: 'other' })).rejects.toMatchObject({
    kind: 'bad-model',
    hint: `Choose from ${MODEL}.`,
  });
});

test.each([
  ['says nothing of its counts', events(piece(' x'), '[DONE]'), 'did not say how many tokens it used'],
  ['ends early', events(piece(' x'), usage(8, 2)), 'ended its answer early'],
  ['is cut', ['data: {"choices":[{"te'], 'did not answer in JSON but with'],
  ['is an error', events({ error: { message: 'out of memory' } }), 'answered: {"message":"out of memory"}'],
])('an answer that %s fails', async (_, lines, words) => {
  await expect(opened((__, response) => sendLines(response, lines))).rejects.toMatchObject({
    kind: 'engine-failed',
    message: expect.stringContaining(words) as string,
  });
});

test('a failing server is not taken for one that does not know a field', async () => {
  await expect(opened((_, response) => sendJson(response, { error: 'no' }, 500))).rejects.toMatchObject({
    kind: 'engine-failed',
    message: expect.stringContaining('answered 500: no') as string,
  });
});
