/** What every server engine says of a server that is not there, fails, or is another. */
import { describe, expect, test } from 'vitest';
import type { EngineKind } from '#core/engine';
import { closedUrl, scriptedServer, sendJson, type Reply } from '../test/scriptedServer.ts';
import { openEngine } from './choose.ts';

const { signal } = new AbortController();

/** The first thing that each engine asks a server for. */
const FIRST = { 'llama-server': '/props', ollama: '/api/version', openai: '/v1/models' } as const;
const KINDS = Object.keys(FIRST) as (keyof typeof FIRST)[];

const open = (engine: EngineKind, url: string, changes = {}) =>
  openEngine({ engine, model: 'made-up', url, cacheFolder: '', signal, ...changes });

async function failureOf(kind: keyof typeof FIRST, reply: Reply): Promise<unknown> {
  const { url } = await scriptedServer({ [FIRST[kind]]: reply });
  return open(kind, url).then(
    () => 'it opened',
    (thrown: unknown) => thrown,
  );
}

describe.each(KINDS)('%s', (kind) => {
  test('nothing listens there', async () => {
    const url = await closedUrl();
    await expect(open(kind, url)).rejects.toMatchObject({
      kind: 'engine-unreachable',
      message: expect.stringContaining(`cannot be reached at ${url} (connect ECONNREFUSED`) as string,
    });
  });

  test('it answers 500 and says why', async () => {
    const failure = await failureOf(kind, (_, response) =>
      sendJson(response, { error: { message: 'the model crashed' } }, 500),
    );
    expect(failure).toMatchObject({
      kind: 'engine-failed',
      message: expect.stringMatching(
        /answered 500: the model crashed\. The trials before are kept\.$/,
      ) as string,
    });
  });

  test('it is another program', async () => {
    const failure = await failureOf(kind, (_, response) => void response.end('<html>A router</html>'));
    expect(failure).toMatchObject({
      kind: 'engine-failed',
      message: expect.stringContaining('did not answer in JSON but with "<html>A router</html>"') as string,
    });
  });

  test('it answers in JSON of another kind', async () => {
    const failure = await failureOf(kind, (_, response) => sendJson(response, ['hello']));
    expect(failure).toMatchObject({
      kind: 'engine-failed',
      message: expect.stringContaining('answered "["hello"]", which is not what it is documented') as string,
    });
  });

  test('it closes the connection without a word, or in the middle of one', async () => {
    const silent = await failureOf(kind, (_, response) => void response.destroy());
    const cut = await failureOf(kind, (_, response) => {
      response.writeHead(200, { 'content-length': 100 });
      response.write('{"half', () => response.destroy());
    });
    for (const failure of [silent, cut]) {
      expect(failure).toMatchObject({
        kind: 'engine-failed',
        message: expect.stringContaining('closed the connection in the middle of its answer') as string,
      });
    }
  });

  test('an abort ends the waiting for an answer that never comes', async () => {
    const controller = new AbortController();
    const { url } = await scriptedServer({ [FIRST[kind]]: () => controller.abort() });
    await expect(open(kind, url, { signal: controller.signal })).rejects.toMatchObject({
      kind: 'interrupted',
    });
  });

  test.each(['127.0.0.1:8080', 'ftp://127.0.0.1', 'not an address', ''])(
    '"%s" is no address',
    async (url) => {
      await expect(open(kind, url)).rejects.toMatchObject({ kind: 'bad-setting' });
    },
  );

  test('it cannot be run without its KV cache', async () => {
    await expect(open(kind, 'http://127.0.0.1', { kvCache: false })).rejects.toMatchObject({
      kind: 'bad-setting',
      message: 'A server cannot run without its KV cache. Nothing was sent.',
    });
  });
});
