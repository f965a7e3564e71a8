/** What a model file of made-up weights says about itself, its tokenizer included. */
import type { GgufMetadata, GgufValue } from '#core/gguf';
import { parameterCount, type Quantisation, type SyntheticModel } from '#core/modelShapes';

/** llama.cpp's numbers of the ways in which most of a file's weights are stored */
const FILE_TYPES: Record<Quantisation, number> = { F16: 1, Q4_0: 2, Q8_0: 7 };

/** The first pieces of every made-up vocabulary: unknown, start, end, and the 256 bytes. */
export const SPECIAL_PIECES = 259;

const uint32 = (value: number): GgufValue => ({ type: 'uint32', value });
const float32 = (value: number): GgufValue => ({ type: 'float32', value });
const string = (value: string): GgufValue => ({ type: 'string', value });

/** Everything that llama.cpp asks of a model of the Llama family. */
export function syntheticMetadata({ shape, quantisation }: SyntheticModel): GgufMetadata {
  const headLength = shape.embedding / shape.heads;
  return [
    ['general.architecture', string('llama')],
    ['general.name', string(`${shape.name} (made-up weights)`)],
    ['general.description', string(`${parameterCount(shape)} made-up weights in the shape of ${shape.id}`)],
    ['general.file_type', uint32(FILE_TYPES[quantisation])],
    ['general.quantization_version', uint32(2)],
    ['llama.block_count', uint32(shape.layers)],
    ['llama.context_length', uint32(shape.contextTokens)],
    ['llama.embedding_length', uint32(shape.embedding)],
    ['llama.feed_forward_length', uint32(shape.feedForward)],
    ['llama.attention.head_count', uint32(shape.heads)],
    ['llama.attention.head_count_kv', uint32(shape.kvHeads)],
    ['llama.attention.layer_norm_rms_epsilon', float32(shape.normEpsilon)],
    ['llama.rope.dimension_count', uint32(headLength)],
    ['llama.rope.freq_base', float32(shape.ropeBase)],
    ['llama.vocab_size', uint32(shape.vocabulary)],
    ...tokenizer(shape.vocabulary),
  ];
}

/** A made-up vocabulary of the kind that Llama 2 has. Queries are token arrays and never use it. */
function tokenizer(vocabulary: number): GgufMetadata {
  const pieces = Array.from({ length: vocabulary }, (_, id) => piece(id));
  const types = Array.from({ length: vocabulary }, (_, id) => pieceType(id));
  const scores = Array.from({ length: vocabulary }, (_, id) => -id);
  return [
    ['tokenizer.ggml.model', string('llama')],
    ['tokenizer.ggml.pre', string('default')],
    ['tokenizer.ggml.tokens', { type: 'strings', value: pieces }],
    ['tokenizer.ggml.scores', { type: 'float32s', value: scores }],
    ['tokenizer.ggml.token_type', { type: 'int32s', value: types }],
    ['tokenizer.ggml.bos_token_id', uint32(1)],
    ['tokenizer.ggml.eos_token_id', uint32(2)],
    ['tokenizer.ggml.unknown_token_id', uint32(0)],
  ];
}

function piece(id: number): string {
  const special = ['<unk>', '<s>', '</s>'][id];
  if (special !== undefined) return special;
  if (id < SPECIAL_PIECES) return `<0x${(id - 3).toString(16).toUpperCase().padStart(2, '0')}>`;
  return `piece${id}`;
}

/** llama.cpp's numbers: 1 ordinary, 2 unknown, 3 control, 6 byte */
function pieceType(id: number): number {
  if (id === 0) return 2;
  if (id < 3) return 3;
  return id < SPECIAL_PIECES ? 6 : 1;
}
