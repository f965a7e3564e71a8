/**
 * The shapes of the models whose weights can be made up. What a query costs depends on a model's shape and on how its
 * weights are stored, not on what they say.
 *
 * Sources: the `config.json` that each publisher gives with the weights: TinyLlama/TinyLlama-1.1B-Chat-v1.0,
 * meta-llama/Llama-2-7b-hf, mistralai/Mistral-7B-v0.1, meta-llama/Llama-3.1-8B. `tiny` is the lab's own.
 */
import { LabError } from './errors.ts';
import { ggufTensorBytes, type GgufTensor, type GgufType } from './gguf.ts';

/** How the weights can be stored; the norms are always F32. */
export const QUANTISATIONS = ['F16', 'Q8_0', 'Q4_0'] as const;
export type Quantisation = (typeof QUANTISATIONS)[number];

/** The dimensions of a model of the Llama family. */
export interface ModelShape {
  /** the id in profiles and in `synthetic:…` */
  readonly id: string;
  readonly name: string;
  readonly layers: number;
  /** length of a token's vector */
  readonly embedding: number;
  readonly heads: number;
  /** heads that share keys and values; fewer than `heads` with grouped queries */
  readonly kvHeads: number;
  readonly feedForward: number;
  readonly vocabulary: number;
  readonly contextTokens: number;
  readonly ropeBase: number;
  readonly normEpsilon: number;
  /** how the weights are stored where nothing is said: as published, or for `tiny` what makes it small */
  readonly usualQuantisation: Quantisation;
}

export const MODEL_SHAPES = {
  tiny: {
    id: 'tiny',
    name: 'Tiny',
    layers: 4,
    embedding: 256,
    heads: 8,
    kvHeads: 8,
    feedForward: 704,
    vocabulary: 32_000,
    contextTokens: 4096,
    ropeBase: 10_000,
    normEpsilon: 1e-5,
    usualQuantisation: 'Q8_0',
  },
  'tinyllama-1.1b': {
    id: 'tinyllama-1.1b',
    name: 'TinyLlama 1.1B',
    layers: 22,
    embedding: 2048,
    heads: 32,
    kvHeads: 4,
    feedForward: 5632,
    vocabulary: 32_000,
    contextTokens: 2048,
    ropeBase: 10_000,
    normEpsilon: 1e-5,
    usualQuantisation: 'F16',
  },
  'llama-2-7b': {
    id: 'llama-2-7b',
    name: 'Llama 2 7B',
    layers: 32,
    embedding: 4096,
    heads: 32,
    kvHeads: 32,
    feedForward: 11_008,
    vocabulary: 32_000,
    contextTokens: 4096,
    ropeBase: 10_000,
    normEpsilon: 1e-5,
    usualQuantisation: 'F16',
  },
  'mistral-7b': {
    id: 'mistral-7b',
    name: 'Mistral 7B',
    layers: 32,
    embedding: 4096,
    heads: 32,
    kvHeads: 8,
    feedForward: 14_336,
    vocabulary: 32_000,
    contextTokens: 32_768,
    ropeBase: 10_000,
    normEpsilon: 1e-5,
    usualQuantisation: 'F16',
  },
  'llama-3.1-8b': {
    id: 'llama-3.1-8b',
    name: 'Llama 3.1 8B',
    layers: 32,
    embedding: 4096,
    heads: 32,
    kvHeads: 8,
    feedForward: 14_336,
    vocabulary: 128_256,
    contextTokens: 131_072,
    ropeBase: 500_000,
    normEpsilon: 1e-5,
    usualQuantisation: 'F16',
  },
} as const satisfies Record<string, ModelShape>;

export type ShapeId = keyof typeof MODEL_SHAPES;
export const SHAPE_IDS = Object.keys(MODEL_SHAPES) as ShapeId[];

/** Made-up weights, by the two things that matter. */
export interface SyntheticModel {
  readonly shape: ModelShape;
  readonly quantisation: Quantisation;
}

const PREFIX = 'synthetic:';

/** Whether a model's name asks for made-up weights. */
export function isSynthetic(model: string): boolean {
  return model.startsWith(PREFIX);
}

/**
 * Reads `synthetic:SHAPE[:QUANTISATION]`, in any case.
 * @throws LabError "bad-model" for an unknown shape or form, "bad-setting" for an unknown quantisation
 */
export function parseSynthetic(model: string): SyntheticModel {
  const [id = '', quantisation, ...rest] = model.slice(isSynthetic(model) ? PREFIX.length : 0).split(':');
  const shape = SHAPE_IDS.find((known) => known === id.toLowerCase());
  if (!shape || rest.length > 0) {
    throw new LabError(
      'bad-model',
      `There is no made-up model "${model}". Nothing was written.`,
      `Name it as ${PREFIX}SHAPE or ${PREFIX}SHAPE:QUANTISATION, with a shape of ${SHAPE_IDS.join(', ')}.`,
    );
  }
  if (quantisation === undefined) {
    return { shape: MODEL_SHAPES[shape], quantisation: MODEL_SHAPES[shape].usualQuantisation };
  }
  const known = QUANTISATIONS.find((name) => name === quantisation.toUpperCase());
  if (!known) {
    throw new LabError(
      'bad-setting',
      `Weights cannot be made up in "${quantisation}". Nothing was written.`,
      `Choose from ${QUANTISATIONS.join(', ')}.`,
    );
  }
  return { shape: MODEL_SHAPES[shape], quantisation: known };
}

/** The name that `parseSynthetic` reads. */
export function syntheticName({ shape, quantisation }: SyntheticModel): string {
  return `${PREFIX}${shape.id}:${quantisation}`;
}

/** The tensors of a model in the order of its file, by the names that llama.cpp looks for. */
export function modelTensors({ shape, quantisation }: SyntheticModel): GgufTensor[] {
  const { embedding, feedForward, vocabulary } = shape;
  const kvEmbedding = (embedding / shape.heads) * shape.kvHeads;
  const norm = (name: string): GgufTensor => ({ name, type: 'F32', dimensions: [embedding] });
  const matrix = (name: string, columns: number, rows: number): GgufTensor => ({
    name,
    type: quantisation satisfies GgufType,
    dimensions: [columns, rows],
  });
  const tensors = [matrix('token_embd.weight', embedding, vocabulary)];
  for (let layer = 0; layer < shape.layers; layer += 1) {
    const block = `blk.${layer}`;
    tensors.push(
      norm(`${block}.attn_norm.weight`),
      matrix(`${block}.attn_q.weight`, embedding, embedding),
      matrix(`${block}.attn_k.weight`, embedding, kvEmbedding),
      matrix(`${block}.attn_v.weight`, embedding, kvEmbedding),
      matrix(`${block}.attn_output.weight`, embedding, embedding),
      norm(`${block}.ffn_norm.weight`),
      matrix(`${block}.ffn_gate.weight`, embedding, feedForward),
      matrix(`${block}.ffn_up.weight`, embedding, feedForward),
      matrix(`${block}.ffn_down.weight`, feedForward, embedding),
    );
  }
  tensors.push(norm('output_norm.weight'), matrix('output.weight', embedding, vocabulary));
  return tensors;
}

/** Weights of a model, as publishers count them. */
export function parameterCount(shape: ModelShape): number {
  return modelTensors({ shape, quantisation: 'F16' })
    .map(({ dimensions }) => dimensions.reduce((product, length) => product * length, 1))
    .reduce((sum, count) => sum + count, 0);
}

/** Bytes of a model's weights; its file is larger by the header, which holds the vocabulary. */
export function weightBytes(model: SyntheticModel): number {
  return modelTensors(model)
    .map(ggufTensorBytes)
    .reduce((sum, bytes) => sum + bytes, 0);
}
