/** Against servers written to llama.cpp's tools/server/README.md. */
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
import { openLlamaServer } from './llamaServer.ts';

const { signal } = new AbortController();
const MODEL = '/models/llama-2-7b.Q4_K_M.gguf';

/** A piece of an answer in progress. */
const piece = (token: number) => ({ index: 0, content: ' x', tokens: [token], stop: false });

/** The end of an answer, with its counts. */
function ending({ body }: Asked, changes: object = {}, timings: object = {}): object {
  const m = (body['prompt'] as number[]).length;
  return {
    index: 0,
    content: '',
    tokens: [],
    stop: true,
    stop_type: 'limit',
    truncated: false,
    tokens_evaluated: m,
    timings: {
      cache_n: 0,
      prompt_n: m,
      prompt_ms: 5,
      predicted_n: body['n_predict'],
      predicted_ms: 0.001,
      ...timings,
    },
    ...changes,
  };
}

const honest: Reply = (asked, response) =>
  sendLines(response, [': a comment\n', ...events(piece(7), piece(8), ending(asked))]);

async function opened(completion: Reply): Promise<{ engine: Engine; server: ScriptedServer }> {
  const server = await scriptedServer({
    '/props': (_, response) =>
      sendJson(response, {
        default_generation_settings: { n_ctx: 4096 },
        total_slots: 1,
        model_path: MODEL,
        build_info: 'b6100-abcdef',
      }),
    '/v1/models': (_, response) =>
      sendJson(response, {
        object: 'list',
        data: [{ id: MODEL, meta: { n_vocab: 32_000, n_ctx_train: 4096, n_params: 6_738_415_616 } }],
      }),
    '/completion': completion,
  });
  return { engine: await openLlamaServer(server.url, signal), server };
}

test('the model and the server say what they are', async () => {
  const { engine, server } = await opened(honest);
  expect(engine.info).toEqual({
    kind: 'llama-server',
    name: 'llama-server b6100-abcdef',
    version: 'b6100-abcdef',
    model: {
      id: 'llama-2-7b.q4-k-m',
      name: 'llama-2-7b.Q4_K_M',
      quantisation: 'Q4_K_M',
      synthetic: false,
      parameters: 6_738_415_616,
    },
    kvCache: true,
    batch: 1,
    device: server.url,
    contextTokens: 4096,
  });
});

test('the counts are forced in the request and proved by the answer', async () => {
  const { engine, server } = await opened(honest);
  for (const [m, n] of [
    [1, 1],
    [33, 5],
    [512, 200],
  ] as const) {
    const record = await engine.query(m, n, { seed: 3, signal });
    expect(queryFault(record, m, n)).toBeUndefined();
    const times = [record.startS, record.firstTokenS, record.endS];
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    const { prompt, ...rest } = server.asked.at(-1)!.body;
    expect(prompt).toHaveLength(m);
    for (const id of prompt as number[]) {
      expect(Number.isInteger(id)).toBe(true);
      expect(id).toBeGreaterThanOrEqual(1000);
      expect(id).toBeLessThan(32_000);
    }
    expect(rest).toEqual({
      n_predict: n,
      ignore_eos: true,
      cache_prompt: false,
      temperature: 0,
      seed: 3,
      stream: true,
      return_tokens: true,
    });
  }
});

test('the same seed never sends the same first token twice in a row', async () => {
  const { engine, server } = await opened(honest);
  for (let turn = 0; turn < 5; turn += 1) await engine.query(4, 1, { seed: 1, signal });
  const prompts = server.asked.filter(({ path }) => path === '/completion').map(({ body }) => body['prompt']);
  expect(new Set((prompts as number[][]).map(([first]) => first)).size).toBe(5);
  expect(new Set((prompts as number[][]).map((ids) => ids.slice(1).join())).size).toBe(1);
});

test('a cache is told, also by a server that does not count it apart', async () => {
  const { engine } = await opened((asked, response) =>
    sendLines(response, events(piece(1), ending(asked, {}, { cache_n: 6, prompt_n: 2 }))),
  );
  const record = await engine.query(8, 4, { seed: 1, signal });
  expect(queryFault(record, 8, 4)).toBe('6 input tokens came from a cache');

  const { engine: older } = await opened((asked, response) =>
    sendLines(response, events(ending(asked, {}, { cache_n: undefined, prompt_n: 3 }))),
  );
  expect(await older.query(8, 4, { seed: 1, signal })).toMatchObject({ inputTokens: 8, cachedTokens: 5 });

  const { engine: silent } = await opened((asked, response) =>
    sendLines(
      response,
      events(ending(asked, { tokens_evaluated: undefined }, { cache_n: undefined, prompt_n: 8 })),
    ),
  );
  const untold = await silent.query(8, 4, { seed: 1, signal });
  expect(untold).not.toHaveProperty('cachedTokens');
  expect(queryFault(untold, 8, 4)).toBeUndefined();
});

test('counts that differ are recorded as they are', async () => {
  const { engine } = await opened((asked, response) =>
    sendLines(
      response,
      events(
        ending(
          asked,
          { stop_type: 'eos', truncated: true, tokens_evaluated: 6 },
          { prompt_n: 6, predicted_n: 2 },
        ),
      ),
    ),
  );
  expect(await engine.query(8, 4, { seed: 1, signal })).toMatchObject({
    inputTokens: 6,
    outputTokens: 2,
    cachedTokens: 0,
  });
});

test('the prefill ends where the server says that decoding began, not where a held-back piece came', async () => {
  const { engine } = await opened((asked, response) =>
    sendLines(response, events(ending(asked, {}, { predicted_ms: 1 }))),
  );
  const { startS, firstTokenS, endS } = await engine.query(8, 4, { seed: 1, signal });
  expect(firstTokenS).toBe(Math.max(startS, endS - 0.001));
});

test('a slow server is waited for', async () => {
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  const { engine } = await opened(async (asked, response) => {
    response.write(events(piece(1))[0]);
    await held;
    await sendLines(response, events(ending(asked)));
  });
  const query = engine.query(8, 4, { seed: 1, signal });
  release();
  expect(queryFault(await query, 8, 4)).toBeUndefined();
});

test.each([
  [
    'without its counts',
    () => events(piece(1), { content: '', stop: true }),
    'ended its answer without its counts',
  ],
  ['early', () => events(piece(1)), 'ended its answer without its counts'],
  ['in the middle of a line', () => ['data: {"content":"x","st'], 'did not answer in JSON but with'],
  [
    'with an error',
    () => ['error: {"message":"context full"}\n'],
    'answered: error: {"message":"context full"}',
  ],
  [
    'with an error as an event',
    () => events({ error: { code: 500, message: 'out of memory' } }),
    'answered: out of memory',
  ],
])('an answer that ends %s fails', async (_, lines, words) => {
  const { engine } = await opened((__, response) => sendLines(response, lines()));
  await expect(engine.query(8, 4, { seed: 1, signal })).rejects.toMatchObject({
    kind: 'engine-failed',
    message: expect.stringContaining(words) as string,
  });
});

test('a connection that breaks in the middle of a stream fails', async () => {
  const { engine } = await opened((_, response) => {
    response.write(events(piece(1))[0], () => response.destroy());
  });
  await expect(engine.query(8, 4, { seed: 1, signal })).rejects.toMatchObject({ kind: 'engine-failed' });
});

test('an abort ends the query, and the server sees the connection close', async () => {
  const controller = new AbortController();
  let closed: Promise<void> | undefined;
  const { engine } = await opened((_, response) => {
    closed = new Promise((resolve) => response.once('close', resolve));
    response.write(events(piece(1))[0], () => controller.abort());
  });
  await expect(engine.query(8, 400, { seed: 1, signal: controller.signal })).rejects.toMatchObject({
    kind: 'interrupted',
  });
  await closed;
});

test('a server that loads its model still says so', async () => {
  const { url } = await scriptedServer({
    '/props': (_, response) =>
      sendJson(response, { error: { code: 503, message: 'Loading model', type: 'unavailable_error' } }, 503),
  });
  await expect(openLlamaServer(url, signal)).rejects.toMatchObject({
    kind: 'engine-failed',
    message: expect.stringContaining('answered 503: Loading model') as string,
  });
});
