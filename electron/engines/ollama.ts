/**
 * Ollama: text in, since it takes no token ids; its counts come with each answer. It has no way to ignore the end of a
 * text, so an answer can fall short: the record says so and the trial is dropped.
 */
import { z } from 'zod';
import type { EngineInfo } from '#core/engine';
import { LabError } from '#core/errors';
import { monotonicS } from '../clock.ts';
import type { Engine } from './engine.ts';
import { modelId } from './modelName.ts';
import { ModelServer, ServerFailure } from './server.ts';
import { serverProcesses } from './serverProcesses.ts';
import { ServerPrompts, firstTokenTimeS, wordsFor, type WordCount } from './serverPrompt.ts';

export const OLLAMA_URL = 'http://127.0.0.1:11434';

/** Another context length loads the model anew: so it only grows, from here up. */
const SHORTEST_CONTEXT = 2048;
/** longer than any pause between two trials */
const KEEP_ALIVE = '30m';
/** Words of the two prompts that show how this model counts words. */
const SHORT_WORDS = 8;
const LONG_WORDS = 40;

const versionSchema = z.looseObject({ version: z.string() });
const tagsSchema = z.looseObject({
  models: z.array(z.looseObject({ name: z.string(), digest: z.string().optional() })),
});
const showSchema = z.looseObject({
  details: z.looseObject({ quantization_level: z.string().optional() }).optional(),
  model_info: z.record(z.string(), z.unknown()).optional(),
});
const pieceSchema = z.looseObject({
  error: z.string().optional(),
  done: z.boolean().optional(),
  prompt_eval_count: z.number().optional(),
  eval_count: z.number().optional(),
  /** ns */
  eval_duration: z.number().optional(),
});
type Piece = z.output<typeof pieceSchema>;

/**
 * Finds the model, loads it, and sees how it counts words.
 * @throws LabError "engine-unreachable", "engine-failed", "bad-model" (Ollama does not have it), "bad-setting"
 */
export async function openOllama(url: string, model: string, signal: AbortSignal): Promise<Engine> {
  const server = new ModelServer('Ollama', url);
  const info = await infoOf(server, model, signal);
  const session = new Session(server, model);
  const short = await session.count(SHORT_WORDS, signal);
  const long = await session.count(LONG_WORDS, signal);
  const pids = await serverProcesses(server.url);
  return {
    info,
    pids,
    close: () => Promise.resolve(),
    async query(m, n, { seed, signal: stop }) {
      // A longer context is a new process: whoever has the list has the new one.
      if (await session.makeRoom(m + n, stop))
        pids.splice(0, Infinity, ...(await serverProcesses(server.url)));
      const prompt = session.prompts.text(wordsFor(m, short, long), seed);
      const { startS, receivedS, endS, last } = await session.generate(prompt, n, seed, stop);
      return {
        startS,
        firstTokenS: firstTokenTimeS(startS, endS, (last.eval_duration ?? 0) / 1e9, receivedS),
        endS,
        // Ollama leaves a count out where it is 0, an older one also where its cache had all of the prompt. What came
        // from its cache it never tells.
        ...(last.prompt_eval_count === undefined ? {} : { inputTokens: last.prompt_eval_count }),
        ...(last.eval_count === undefined ? {} : { outputTokens: last.eval_count }),
      };
    },
  };
}

/**
 * Whether the server answers and has the model; nothing is loaded.
 * @throws LabError "engine-unreachable", "engine-failed", "bad-model", "bad-setting"
 */
export function lookAtOllama(url: string, model: string, signal: AbortSignal): Promise<EngineInfo> {
  return infoOf(new ModelServer('Ollama', url), model, signal);
}

class Session {
  readonly prompts = new ServerPrompts();
  #contextTokens = SHORTEST_CONTEXT;

  constructor(
    private readonly server: ModelServer,
    private readonly model: string,
  ) {}

  /** How many tokens a prompt of so many words is. */
  async count(words: number, signal: AbortSignal): Promise<WordCount> {
    const { last } = await this.generate(this.prompts.text(words, 1), 1, 1, signal);
    return { words, tokens: last.prompt_eval_count ?? words };
  }

  /**
   * Loads the model with a longer context before a query that needs it, so that no query waits for that.
   * @returns whether it was loaded anew
   */
  async makeRoom(tokens: number, signal: AbortSignal): Promise<boolean> {
    if (tokens <= this.#contextTokens) return false;
    this.#contextTokens = 2 ** Math.ceil(Math.log2(tokens));
    await this.generate(this.prompts.text(1, 1), 1, 1, signal);
    return true;
  }

  async generate(
    prompt: string,
    n: number,
    seed: number,
    signal: AbortSignal,
  ): Promise<{ startS: number; receivedS: number | undefined; endS: number; last: Piece }> {
    const body = {
      model: this.model,
      prompt,
      raw: true,
      stream: true,
      keep_alive: KEEP_ALIVE,
      options: { num_predict: n, num_ctx: this.#contextTokens, seed, temperature: 0 },
    };
    let receivedS: number | undefined;
    const startS = monotonicS();
    for await (const line of this.server.lines('/api/generate', body, signal)) {
      const nowS = monotonicS();
      const piece = this.server.parse(line, pieceSchema);
      if (piece.error !== undefined) throw this.server.failed(`answered: ${piece.error}`);
      receivedS ??= nowS;
      if (piece.done === true) return { startS, receivedS, endS: nowS, last: piece };
    }
    throw this.server.failed('ended its answer without its counts');
  }
}

async function infoOf(server: ModelServer, model: string, signal: AbortSignal): Promise<EngineInfo> {
  const { version } = await server.json('/api/version', versionSchema, { signal });
  const { models } = await server.json('/api/tags', tagsSchema, { signal });
  const found = models.find(({ name }) => name === model || name === `${model}:latest`);
  const about = await server
    .json('/api/show', showSchema, { body: { model }, signal })
    .catch((thrown: unknown) => {
      if (!(thrown instanceof ServerFailure) || thrown.status !== 404) throw thrown;
      throw new LabError(
        'bad-model',
        `Ollama has no model "${model}". Nothing was measured.`,
        models.length === 0
          ? 'Pull one with `ollama pull` first.'
          : `Choose from ${models.map(({ name }) => name).join(', ')}, or pull it with \`ollama pull\`.`,
      );
    });
  const parameters = about.model_info?.['general.parameter_count'];
  return {
    kind: 'ollama',
    name: `Ollama ${version}`,
    version,
    model: {
      id: modelId(model),
      name: model,
      quantisation: about.details?.quantization_level ?? 'unknown',
      synthetic: false,
      ...(typeof parameters === 'number' && parameters > 0 ? { parameters } : {}),
      ...(found?.digest === undefined ? {} : { hash: found.digest.replace(/^sha256:/, '') }),
    },
    kvCache: true,
    batch: 1,
    device: server.url,
    ...contextOf(about.model_info),
  };
}

/** The longest context, under the key of the model's architecture. */
function contextOf(modelInfo: Record<string, unknown> | undefined): { contextTokens?: number } {
  const architecture = modelInfo?.['general.architecture'];
  const length = modelInfo?.[`${String(architecture)}.context_length`];
  return typeof length === 'number' && length > 0 ? { contextTokens: length } : {};
}
