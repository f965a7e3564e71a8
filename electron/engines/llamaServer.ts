/** llama.cpp's own server: token ids in, an end of the text ignored, no cache, counts and times with each answer. */
import path from 'node:path';
import { z } from 'zod';
import type { EngineInfo, ModelInfo } from '#core/engine';
import { monotonicS } from '../clock.ts';
import { modelId, quantisationIn } from './modelName.ts';
import type { Engine } from './engine.ts';
import { ModelServer } from './server.ts';
import { serverProcesses } from './serverProcesses.ts';
import { ServerPrompts, firstTokenTimeS } from './serverPrompt.ts';

export const LLAMA_SERVER_URL = 'http://127.0.0.1:8080';

const propsSchema = z.looseObject({
  model_path: z.string().optional(),
  build_info: z.string().optional(),
  default_generation_settings: z.looseObject({ n_ctx: z.number() }).optional(),
});

const modelsSchema = z.looseObject({
  data: z.array(
    z.looseObject({
      id: z.string(),
      meta: z.looseObject({ n_vocab: z.number(), n_params: z.number() }).partial().nullish(),
    }),
  ),
});

const pieceSchema = z.looseObject({
  stop: z.boolean().optional(),
  error: z.looseObject({ message: z.string() }).optional(),
  tokens_evaluated: z.number().optional(),
  timings: z
    .looseObject({
      prompt_n: z.number(),
      predicted_n: z.number(),
      predicted_ms: z.number(),
      cache_n: z.number().optional(),
    })
    .optional(),
});
type Piece = z.output<typeof pieceSchema>;

/**
 * @throws LabError "engine-unreachable", "engine-failed" (it answers otherwise than llama-server), "bad-setting"
 */
export async function openLlamaServer(url: string, signal: AbortSignal): Promise<Engine> {
  const server = new ModelServer('llama-server', url);
  const props = await server.json('/props', propsSchema, { signal });
  const [model] = (await server.json('/v1/models', modelsSchema, { signal })).data;
  if (!model) throw server.failed('has no model loaded');
  const vocabulary = model.meta?.n_vocab;
  const prompts = new ServerPrompts();
  return {
    info: infoOf(server, props, model),
    pids: await serverProcesses(server.url),
    close: () => Promise.resolve(),
    async query(m, n, { seed, signal: stop }) {
      const body = {
        prompt: prompts.tokens(m, seed, vocabulary),
        n_predict: n,
        ignore_eos: true,
        cache_prompt: false,
        temperature: 0,
        seed,
        stream: true,
        return_tokens: true,
      };
      let receivedS: number | undefined;
      let last: Piece | undefined;
      const startS = monotonicS();
      for await (const line of server.lines('/completion', body, stop)) {
        const nowS = monotonicS();
        const piece = pieceOf(server, line);
        receivedS ??= nowS;
        if (piece?.stop === true) {
          last = piece;
          break;
        }
      }
      const endS = monotonicS();
      if (!last?.timings) throw server.failed('ended its answer without its counts');
      const { timings, tokens_evaluated: evaluated } = last;
      const cachedTokens =
        timings.cache_n ?? (evaluated === undefined ? undefined : evaluated - timings.prompt_n);
      return {
        startS,
        firstTokenS: firstTokenTimeS(startS, endS, timings.predicted_ms / 1000, receivedS),
        endS,
        inputTokens: evaluated ?? timings.prompt_n + (timings.cache_n ?? 0),
        outputTokens: timings.predicted_n,
        ...(cachedTokens === undefined ? {} : { cachedTokens: Math.max(0, cachedTokens) }),
      };
    },
  };
}

/** A line of the event stream: `data: {…}`, or an error; comments and other fields are passed over. */
function pieceOf(server: ModelServer, line: string): Piece | undefined {
  if (line.startsWith(':') || /^(event|id|retry):/.test(line)) return undefined;
  const piece = server.parse(line.replace(/^(data|error):\s*/, ''), pieceSchema);
  const message = piece.error?.message ?? (line.startsWith('error:') ? line : undefined);
  if (message !== undefined) throw server.failed(`answered: ${message}`);
  return piece;
}

function infoOf(
  server: ModelServer,
  props: z.output<typeof propsSchema>,
  model: z.output<typeof modelsSchema>['data'][number],
): EngineInfo {
  const name = path.basename(props.model_path ?? model.id, '.gguf');
  const version = props.build_info ?? 'unknown';
  const about: ModelInfo = {
    id: modelId(name),
    name,
    quantisation: quantisationIn(name),
    synthetic: name.startsWith('synthetic-'),
    ...(model.meta?.n_params === undefined ? {} : { parameters: model.meta.n_params }),
  };
  return {
    kind: 'llama-server',
    name: `llama-server ${version}`,
    version,
    model: about,
    kvCache: true,
    batch: 1,
    device: server.url,
    ...(props.default_generation_settings && {
      contextTokens: props.default_generation_settings.n_ctx,
    }),
  };
}
