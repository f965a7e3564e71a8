/**
 * Servers that speak OpenAI's completions: vLLM, LM Studio, mlx_lm.server. What each of them understands beyond the
 * common part is tried once, before anything is measured; the counts come with each answer.
 */
import { z } from 'zod';
import type { EngineInfo } from '#core/engine';
import { LabError } from '#core/errors';
import { monotonicS } from '../clock.ts';
import type { Engine } from './engine.ts';
import { modelId, quantisationIn } from './modelName.ts';
import { ModelServer, ServerFailure } from './server.ts';
import { serverProcesses } from './serverProcesses.ts';
import { ServerPrompts, wordsFor, type WordCount } from './serverPrompt.ts';

export const OPENAI_URL = 'http://127.0.0.1:8000';

const PROBE_TOKENS = 8;
const SHORT_WORDS = 8;
const LONG_WORDS = 40;

const modelsSchema = z.looseObject({
  data: z.array(
    z.looseObject({
      id: z.string(),
      owned_by: z.string().nullish(),
      max_model_len: z.number().nullish(),
    }),
  ),
});
const versionSchema = z.looseObject({ version: z.string() });
const usageSchema = z.looseObject({
  prompt_tokens: z.number(),
  completion_tokens: z.number(),
  prompt_tokens_details: z.looseObject({ cached_tokens: z.number().nullish() }).nullish(),
});
type Usage = z.output<typeof usageSchema>;
const pieceSchema = z.looseObject({
  error: z.unknown().optional(),
  choices: z.array(z.unknown()).optional(),
  usage: usageSchema.nullish(),
});

/** Asks for exactly n tokens, whatever the text says: vLLM's names, which llama.cpp's relatives share in part. */
const forced = (n: number) => ({ ignore_eos: true, min_tokens: n });

type Prompt = string | readonly number[];
/** How to make a prompt of m tokens and force n out of this server. */
interface Manner {
  readonly prompt: (m: number, seed: number) => Prompt;
  readonly extras: (n: number) => object;
}

/**
 * Finds the model and tries what the server understands.
 * @throws LabError "engine-unreachable", "engine-failed", "bad-model" (the server does not have it), "bad-setting"
 */
export async function openOpenAi(url: string, model: string, signal: AbortSignal): Promise<Engine> {
  const server = new ModelServer('The OpenAI-compatible server', url);
  const info = await infoOf(server, model, signal);
  const complete = completions(server, model);
  const { prompt, extras } = await mannerOf(complete, signal);
  return {
    info,
    pids: await serverProcesses(server.url),
    close: () => Promise.resolve(),
    async query(m, n, { seed, signal: stop }) {
      const { usage, ...times } = await complete(prompt(m, seed), n, extras(n), stop);
      return {
        ...times,
        inputTokens: usage.prompt_tokens,
        outputTokens: usage.completion_tokens,
        ...cachedIn(usage),
      };
    },
  };
}

/** Tokens from a prefix cache, where the server tells: many leave the details out, which does not mean that none were. */
function cachedIn({ prompt_tokens_details: details }: Usage): { cachedTokens?: number } {
  const cached = details?.cached_tokens;
  return typeof cached === 'number' ? { cachedTokens: cached } : {};
}

/**
 * Whether the server answers and has the model; nothing is asked of it.
 * @throws LabError "engine-unreachable", "engine-failed", "bad-model", "bad-setting"
 */
export function lookAtOpenAi(url: string, model: string, signal: AbortSignal): Promise<EngineInfo> {
  return infoOf(new ModelServer('The OpenAI-compatible server', url), model, signal);
}

type Complete = (
  prompt: Prompt,
  n: number,
  extras: object,
  signal: AbortSignal,
) => Promise<{ startS: number; firstTokenS: number; endS: number; usage: Usage }>;

function completions(server: ModelServer, model: string): Complete {
  return async (prompt, n, extras, signal) => {
    const body = {
      model,
      prompt,
      max_tokens: n,
      temperature: 0,
      stream: true,
      stream_options: { include_usage: true },
      ...extras,
    };
    let usage: Usage | undefined;
    let firstTokenS: number | undefined;
    let lastTokenS: number | undefined;
    let complete = false;
    const startS = monotonicS();
    for await (const line of server.lines('/v1/completions', body, signal)) {
      const nowS = monotonicS();
      if (line.startsWith(':') || /^(event|id|retry):/.test(line)) continue;
      const text = line.replace(/^data:\s*/, '');
      if (text === '[DONE]') {
        complete = true;
        break;
      }
      const piece = server.parse(text, pieceSchema);
      if (piece.error !== undefined) throw server.failed(`answered: ${JSON.stringify(piece.error)}`);
      if (piece.choices !== undefined && piece.choices.length > 0) {
        firstTokenS ??= nowS;
        lastTokenS = nowS;
      }
      usage = piece.usage ?? usage;
    }
    if (!complete) throw server.failed('ended its answer early');
    if (!usage)
      throw server.failed('did not say how many tokens it used, so that the counts cannot be proved');
    const endS = lastTokenS ?? monotonicS();
    return { startS, firstTokenS: firstTokenS ?? endS, endS, usage };
  };
}

/** Token ids and a forced length where the server honours them, else words that it counts itself. */
async function mannerOf(complete: Complete, signal: AbortSignal): Promise<Manner> {
  const prompts = new ServerPrompts();
  const understands = (prompt: Prompt, extras: object) =>
    complete(prompt, 2, extras, signal).then(
      ({ usage }) => usage,
      (thrown: unknown) => {
        if (thrown instanceof ServerFailure && isRefusal(thrown.status)) return undefined;
        throw thrown;
      },
    );
  const byIds = await understands(prompts.tokens(PROBE_TOKENS, 1), forced(2));
  if (byIds?.prompt_tokens === PROBE_TOKENS)
    return { prompt: (m, seed) => prompts.tokens(m, seed), extras: forced };

  const forcedText = await understands(prompts.text(SHORT_WORDS, 1), forced(2));
  const extras = forcedText ? forced : () => ({});
  const count = async (words: number): Promise<WordCount> => {
    const { usage } = await complete(prompts.text(words, 1), 2, extras(2), signal);
    return { words, tokens: usage.prompt_tokens };
  };
  const short = await count(SHORT_WORDS);
  const long = await count(LONG_WORDS);
  return { prompt: (m, seed) => prompts.text(wordsFor(m, short, long), seed), extras };
}

/** A server that does not know a field says so with one of these. */
function isRefusal(status: number | undefined): boolean {
  return status === 400 || status === 415 || status === 422;
}

async function infoOf(server: ModelServer, model: string, signal: AbortSignal): Promise<EngineInfo> {
  const { data } = await server.json('/v1/models', modelsSchema, { signal });
  const found = data.find(({ id }) => id === model);
  if (!found) {
    throw new LabError(
      'bad-model',
      `The server at ${server.url} has no model "${model}". Nothing was measured.`,
      data.length === 0 ? 'Load one there first.' : `Choose from ${data.map(({ id }) => id).join(', ')}.`,
    );
  }
  // vLLM has this; where it is missing, the name of who owns the model has to do.
  const version = await server.json('/version', versionSchema, { signal }).then(
    ({ version: stated }) => stated,
    (thrown: unknown) => {
      if (thrown instanceof ServerFailure) return 'unknown';
      throw thrown;
    },
  );
  const maker = found.owned_by === 'vllm' ? 'vLLM' : 'OpenAI-compatible server';
  return {
    kind: 'openai',
    name: version === 'unknown' ? maker : `${maker} ${version}`,
    version,
    model: { id: modelId(model), name: model, quantisation: quantisationIn(model), synthetic: false },
    kvCache: true,
    batch: 1,
    device: server.url,
    ...(typeof found.max_model_len === 'number' && { contextTokens: found.max_model_len }),
  };
}
