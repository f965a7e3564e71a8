/** A model that llama.cpp has loaded into this process, and the queries on it. Used in the engine's own process only. */
import {
  GgufFileType,
  LlamaLogLevel,
  getLlama,
  type Llama,
  type LlamaContext,
  type LlamaContextSequence,
  type LlamaModel,
  type Token,
} from 'node-llama-cpp';
import type { QueryRecord } from '#core/engine';
import { LabError } from '#core/errors';
import type { Opened } from './embeddedProtocol.ts';
import { forcedQuery } from './forcedQuery.ts';
import { freeCores } from './freeCores.ts';
import { randomWords } from './randomBlocks.ts';

/** Tokens that llama.cpp evaluates at once during the prefill: its own usual value. */
const BATCH_TOKENS = 512;
/** Contexts are made as long as queries need, from here up, in powers of two. */
const SHORTEST_CONTEXT = 1024;
/**
 * Longer than some models were trained for: what they would say then is worthless, but a token costs the same, and the
 * paper's longest sweep goes beyond Llama 2's 4096.
 */
const LEAST_LIMIT = 8192;

type Facts = Omit<Opened, 'kind' | 'model'> & { readonly model: Omit<Opened['model'], 'hash'> };

/** Loads a model with what this computer has: Metal on a Mac, else its free cores. */
export async function loadModel(
  file: string,
  { kvCache, threads }: { kvCache: boolean; threads?: number },
  onProgress: (fraction: number) => void,
): Promise<EmbeddedModel> {
  const cores = threads ?? (await freeCores());
  const llama = await getLlama({
    build: 'never',
    gpu: process.platform === 'darwin' ? 'auto' : false,
    logLevel: LlamaLogLevel.error,
    maxThreads: cores,
  });
  try {
    const model = await llama.loadModel({
      modelPath: file,
      ...(llama.gpu === false ? {} : { gpuLayers: 'max' as const }),
      onLoadProgress: onProgress,
    });
    return new EmbeddedModel(llama, model, cores, kvCache);
  } catch (thrown) {
    throw new LabError(
      'bad-model',
      `llama.cpp cannot load ${file}: ${reasonOf(thrown)}. Nothing was measured.`,
      'Choose another model; made-up weights such as synthetic:tiny always load.',
      { cause: thrown },
    );
  }
}

export class EmbeddedModel {
  readonly facts: Facts;
  readonly #ordinary: readonly Token[];
  #context: LlamaContext | undefined;
  #sequence: LlamaContextSequence | undefined;

  constructor(
    llama: Llama,
    private readonly model: LlamaModel,
    private readonly threads: number,
    private readonly kvCache: boolean,
  ) {
    this.#ordinary = ordinaryTokens(model);
    const { metadata, fullTensorInfo = [] } = model.fileInfo;
    const { name, file_type: fileType } = metadata.general;
    this.facts = {
      llamaCppRelease: llama.llamaCppRelease.release,
      device:
        llama.gpu === false ? `CPU, ${threads} ${threads === 1 ? 'thread' : 'threads'}` : gpuName(llama.gpu),
      ...(llama.gpu === false ? { threads } : {}),
      batch: BATCH_TOKENS,
      contextTokens: Math.max(LEAST_LIMIT, model.trainContextSize),
      model: {
        ...(name === undefined ? {} : { name }),
        quantisation: quantisationOf(fileType),
        parameters: fullTensorInfo
          .map(({ dimensions }) =>
            dimensions.reduce<number>((product, length) => product * Number(length), 1),
          )
          .reduce((sum, count) => sum + count, 0),
      },
    };
  }

  /** Runs one query; what it needs is made before its clock starts. */
  async query(m: number, n: number, seed: number, stopped: () => boolean): Promise<QueryRecord> {
    const sequence = await this.#sequenceFor(m + n);
    const random = randomWords(seed);
    const prompt = Array.from({ length: m }, () => this.#ordinary[random() % this.#ordinary.length]!);
    return forcedQuery(sequence, prompt, n, { kvCache: this.kvCache, stopped });
  }

  async #sequenceFor(tokens: number): Promise<LlamaContextSequence> {
    if (tokens > this.facts.contextTokens) {
      throw new LabError(
        'engine-failed',
        `The model takes ${this.facts.contextTokens} tokens at most, and ${tokens} were asked for. The query did not run.`,
        'Leave the longest queries out of the plan.',
      );
    }
    if (this.#sequence && this.#context && tokens <= this.#context.contextSize) return this.#sequence;
    await this.#context?.dispose();
    this.#sequence = undefined;
    const length = Math.max(SHORTEST_CONTEXT, 2 ** Math.ceil(Math.log2(tokens)));
    try {
      this.#context = await this.model.createContext({
        contextSize: Math.min(length, this.facts.contextTokens),
        batchSize: BATCH_TOKENS,
        sequences: 1,
        threads: this.threads,
        failedCreationRemedy: false,
      });
    } catch (thrown) {
      throw new LabError(
        'engine-failed',
        `There is no memory for a context of ${length} tokens: ${reasonOf(thrown)}. The query did not run.`,
        'Close other programs, choose a smaller model, or leave the longest queries out.',
        { cause: thrown },
      );
    }
    this.#sequence = this.#context.getSequence();
    return this.#sequence;
  }
}

/** Tokens that stand for text: prompts are made of them alone. */
function ordinaryTokens(model: LlamaModel): Token[] {
  return [...model.iterateAllTokens()].filter((token) => {
    const { normal, control, unknown, byte, unused } = model.getTokenAttributes(token);
    if (control || unknown || byte || unused || model.isEogToken(token)) return false;
    return normal || !model.isSpecialToken(token);
  });
}

function quantisationOf(fileType: number | undefined): string {
  const name = fileType === undefined ? undefined : GgufFileType[fileType];
  return name?.replace(/^MOSTLY_|^ALL_/, '') ?? 'unknown';
}

function gpuName(gpu: string): string {
  return gpu === 'metal' ? 'Metal' : gpu;
}

function reasonOf(thrown: unknown): string {
  return (thrown instanceof Error ? thrown.message : String(thrown)).trim().replace(/\.$/, '');
}
