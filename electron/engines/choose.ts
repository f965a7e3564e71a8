/** Opens the engine that is asked for. */
import { ENGINE_KINDS, type EngineInfo, type EngineKind } from '#core/engine';
import { LabError } from '#core/errors';
import { isSynthetic, parseSynthetic } from '#core/modelShapes';
import { embeddedIsHere, openEmbedded } from './embedded.ts';
import type { Engine } from './engine.ts';
import { LLAMA_SERVER_URL, openLlamaServer } from './llamaServer.ts';
import { checkMemory, checkModelFile } from './modelFile.ts';
import { lookAtOllama, OLLAMA_URL, openOllama } from './ollama.ts';
import { lookAtOpenAi, OPENAI_URL, openOpenAi } from './openai.ts';
import { ensureSynthetic, estimateSynthetic, type SyntheticEstimate } from './syntheticModel.ts';

export interface EngineProgress {
  /** "making", "hashing", "loading" */
  readonly what: string;
  /** 0 to 1 */
  readonly fraction: number;
}

export interface AskedEngine {
  readonly engine: EngineKind;
  /** `synthetic:SHAPE[:QUANTISATION]` or a GGUF file (embedded), the server's name for it (others) */
  readonly model: string;
  /** of the server; each kind has its own on this computer */
  readonly url?: string;
  /** false: each new token evaluates the whole sequence again (embedded only) */
  readonly kvCache?: boolean;
  /** where made-up models are kept */
  readonly cacheFolder: string;
  /** of the embedded engine without a GPU; the free cores where it is left out */
  readonly threads?: number;
  readonly onProgress?: (progress: EngineProgress) => void;
  readonly signal: AbortSignal;
  /** the built worker of the embedded engine; for tests */
  readonly workerFile?: string;
}

/**
 * @throws LabError "bad-setting", "bad-model", "file-not-readable", "disk-full", "file-not-writable",
 * "engine-missing", "engine-unreachable", "engine-failed", "interrupted"
 */
export async function openEngine(asked: AskedEngine): Promise<Engine> {
  switch (asked.engine) {
    case 'embedded':
      return openEmbeddedModel(asked);
    case 'llama-server':
      refuseWithoutKvCache(asked.kvCache);
      return openLlamaServer(asked.url ?? LLAMA_SERVER_URL, asked.signal);
    case 'ollama':
      refuseWithoutKvCache(asked.kvCache);
      return openOllama(asked.url ?? OLLAMA_URL, asked.model, asked.signal);
    case 'openai':
      refuseWithoutKvCache(asked.kvCache);
      return openOpenAi(asked.url ?? OPENAI_URL, asked.model, asked.signal);
    default:
      throw new LabError(
        'bad-setting',
        `There is no engine "${String(asked.engine)}". Nothing was started.`,
        `Choose from ${ENGINE_KINDS.join(', ')}.`,
      );
  }
}

/**
 * Servers always keep the keys and values of the sequence they work on.
 * @throws LabError "bad-setting"
 */
function refuseWithoutKvCache(kvCache: boolean | undefined): void {
  if (kvCache !== false) return;
  throw new LabError(
    'bad-setting',
    'A server cannot run without its KV cache. Nothing was sent.',
    'Use the embedded engine for that, or leave the KV cache on.',
  );
}

async function openEmbeddedModel(asked: AskedEngine): Promise<Engine> {
  const { model, cacheFolder, kvCache = true, threads, onProgress, signal, workerFile } = asked;
  if (workerFile === undefined && !embeddedIsHere()) {
    throw new LabError(
      'engine-missing',
      'This copy of Crossover came without the embedded engine. Nothing was measured.',
      'Choose a server (--engine openai --url …), or a collector that was built with --embedded.',
    );
  }
  const synthetic = isSynthetic(model) ? parseSynthetic(model) : undefined;
  // Before gigabytes are written that could never be loaded.
  if (synthetic) checkMemory(model, estimateSynthetic(synthetic).bytes, 'Nothing was made.');
  const file = synthetic
    ? await ensureSynthetic(synthetic, cacheFolder, {
        signal,
        onProgress: (fraction) => onProgress?.({ what: 'making', fraction }),
      })
    : model;
  await checkModelFile(file);
  return openEmbedded({
    file,
    kvCache,
    signal,
    ...(synthetic && {
      model: {
        id: synthetic.shape.id,
        name: estimateSynthetic(synthetic).name,
        quantisation: synthetic.quantisation,
        synthetic: true,
      },
    }),
    ...(threads !== undefined && { threads }),
    ...(onProgress && { onProgress }),
    ...(workerFile !== undefined && { workerFile }),
  });
}

/**
 * What made-up weights will take, without making them.
 * @throws LabError "bad-model", "bad-setting"
 */
export function estimateModel(model: string): SyntheticEstimate {
  return estimateSynthetic(parseSynthetic(model));
}

/**
 * Whether a server answers and has the model, without having it load or run anything.
 * @throws LabError "engine-unreachable", "engine-failed", "bad-model", "bad-setting", "interrupted"
 */
export async function lookAtServer(
  engine: Exclude<EngineKind, 'embedded'>,
  url: string | undefined,
  model: string,
  signal: AbortSignal,
): Promise<EngineInfo> {
  switch (engine) {
    case 'llama-server':
      return (await openLlamaServer(url ?? LLAMA_SERVER_URL, signal)).info;
    case 'ollama':
      return lookAtOllama(url ?? OLLAMA_URL, model, signal);
    case 'openai':
      return lookAtOpenAi(url ?? OPENAI_URL, model, signal);
  }
}
