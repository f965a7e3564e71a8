/** Against servers written to Ollama's docs/api.md. */
import { expect, test } from 'vitest';
import { queryFault } from '#core/engine';
import {
  scriptedServer,
  sendJson,
  sendLines,
  type Asked,
  type Reply,
  type ScriptedServer,
} from '../test/scriptedServer.ts';
import type { Engine } from './engine.ts';
import { openOllama } from './ollama.ts';

const { signal } = new AbortController();
const MODEL = 'llama2:7b';

const line = (value: object) => `${JSON.stringify(value)}\n`;
const piece = line({ model: MODEL, created_at: 'now', response: ' x', done: false });
const optionsOf = ({ body }: Asked) => body['options'] as { num_predict: number; num_ctx: number };
const wordsOf = ({ body }: Asked) => (body['prompt'] as string).split(' ');

/** The end of an answer: a token for each word, and one that the server adds at the start. */
const ending = (asked: Asked, changes: object = {}) =>
  line({
    model: MODEL,
    response: '',
    done: true,
    done_reason: 'length',
    total_duration: 9_000_000,
    load_duration: 1_000_000,
    prompt_eval_count: wordsOf(asked).length + 1,
    prompt_eval_duration: 1_000_000,
    eval_count: optionsOf(asked).num_predict,
    eval_duration: 1000,
    ...changes,
  });

const honest: Reply = (asked, response) => sendLines(response, [piece, ending(asked)]);

async function opened(generate: Reply, model = MODEL): Promise<{ engine: Engine; server: ScriptedServer }> {
  const server = await scriptedServer({
    '/api/version': (_, response) => sendJson(response, { version: '0.12.3' }),
    '/api/tags': (_, response) =>
      sendJson(response, { models: [{ name: MODEL, digest: 'sha256:abc' }, { name: 'phi:latest' }] }),
    '/api/show': ({ body }, response) =>
      body['model'] === MODEL
        ? sendJson(response, {
            details: { family: 'llama', parameter_size: '7B', quantization_level: 'Q4_0' },
            model_info: {
              'general.architecture': 'llama',
              'general.parameter_count': 6_738_415_616,
              'llama.context_length': 4096,
            },
          })
        : sendJson(response, { error: `model '${String(body['model'])}' not found` }, 404),
    '/api/generate': generate,
  });
  return { engine: await openOllama(server.url, model, signal), server };
}

const generated = (server: ScriptedServer) => server.asked.filter(({ path }) => path === '/api/generate');

test('the model is as Ollama describes it', async () => {
  const { engine } = await opened(honest);
  expect(engine.info).toMatchObject({
    kind: 'ollama',
    name: 'Ollama 0.12.3',
    model: { id: 'llama2-7b', name: MODEL, quantisation: 'Q4_0', parameters: 6_738_415_616, hash: 'abc' },
    contextTokens: 4096,
  });
});

test('prompts are as long as asked for, whatever the server adds at their start', async () => {
  const { engine, server } = await opened(honest);
  for (const [m, n] of [
    [2, 1],
    [33, 5],
    [512, 64],
  ] as const) {
    expect(queryFault(await engine.query(m, n, { seed: m, signal }), m, n)).toBeUndefined();
    expect(generated(server).at(-1)!.body).toMatchObject({
      model: MODEL,
      raw: true,
      stream: true,
      options: { num_predict: n, temperature: 0, seed: m },
    });
  }
});

test('prompts differ from their first word on', async () => {
  const { engine, server } = await opened(honest);
  for (let turn = 0; turn < 5; turn += 1) await engine.query(8, 1, { seed: 1, signal });
  expect(
    new Set(
      generated(server)
        .slice(-5)
        .map((asked) => wordsOf(asked)[0]),
    ).size,
  ).toBe(5);
});

test('a longer context is loaded before the query that needs it, and kept', async () => {
  const { engine, server } = await opened(honest);
  await engine.query(3000, 100, { seed: 1, signal });
  await engine.query(10, 10, { seed: 1, signal });
  const contexts = generated(server).map((asked) => [optionsOf(asked).num_ctx, optionsOf(asked).num_predict]);
  expect(contexts.slice(-3)).toEqual([
    [4096, 1],
    [4096, 100],
    [4096, 10],
  ]);
});

test('an answer that ends early is recorded as it is', async () => {
  const { engine } = await opened((asked, response) =>
    sendLines(response, [piece, ending(asked, { done_reason: 'stop', eval_count: 1 })]),
  );
  expect(queryFault(await engine.query(8, 4, { seed: 1, signal }), 8, 4)).toBe(
    '1 output tokens came out instead of 4',
  );
});

test('what came from its cache Ollama never tells, and that is not taken for 0', async () => {
  const { engine } = await opened(honest);
  const record = await engine.query(8, 4, { seed: 1, signal });
  expect(record).not.toHaveProperty('cachedTokens');
  expect(queryFault(record, 8, 4)).toBeUndefined();
});

test('an answer without its counts proves nothing, and the trial says so', async () => {
  const without = [{ prompt_eval_count: undefined }, { eval_count: undefined }];
  let turns = 0;
  const { engine } = await opened((asked, response) =>
    sendLines(response, [piece, ending(asked, (turns += 1) > 2 ? without[turns - 3] : {})]),
  );
  for (const what of ['input tokens went in', 'output tokens came out']) {
    expect(queryFault(await engine.query(8, 4, { seed: 1, signal }), 8, 4)).toBe(
      `the engine did not say how many ${what}`,
    );
  }
});

test('a model that is not there names those that are', async () => {
  await expect(opened(honest, 'mistral')).rejects.toMatchObject({
    kind: 'bad-model',
    message: 'Ollama has no model "mistral". Nothing was measured.',
    hint: 'Choose from llama2:7b, phi:latest, or pull it with `ollama pull`.',
  });
});

test.each([
  ['ends early', [piece], 'ended its answer without its counts'],
  ['is cut', [piece, '{"done":tr'], 'did not answer in JSON but with "{"done":tr"'],
  ['turns into an error', [piece, line({ error: 'runner crashed' })], 'answered: runner crashed'],
])('an answer that %s fails', async (_, lines, words) => {
  await expect(opened((__, response) => sendLines(response, lines))).rejects.toMatchObject({
    kind: 'engine-failed',
    message: expect.stringContaining(words) as string,
  });
});
