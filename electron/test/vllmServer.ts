/** A real server on loopback that answers as vLLM does: token ids in, as many out as were asked for, at once. */
import {
  events,
  scriptedServer,
  sendJson,
  sendLines,
  type Reply,
  type ScriptedServer,
} from './scriptedServer.ts';

export const SERVED_MODEL = 'meta-llama/Llama-2-7b-hf';

const completions: Reply = ({ body }, response) => {
  const m = (body['prompt'] as number[]).length;
  const n = body['max_tokens'] as number;
  return sendLines(
    response,
    events(
      { choices: [{ index: 0, text: ' x' }], usage: null },
      { choices: [], usage: { prompt_tokens: m, completion_tokens: n } },
      '[DONE]',
    ),
  );
};

/** @param replies in place of its own, by path */
export function vllmServer(replies: Record<string, Reply> = {}): Promise<ScriptedServer> {
  return scriptedServer({
    '/v1/models': (_, response) =>
      sendJson(response, {
        object: 'list',
        data: [{ id: SERVED_MODEL, owned_by: 'vllm', max_model_len: 4096 }],
      }),
    '/version': (_, response) => sendJson(response, { version: '0.11.0' }),
    '/v1/completions': completions,
    ...replies,
  });
}
