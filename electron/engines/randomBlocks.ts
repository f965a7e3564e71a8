/** Random blocks of weights: finite, small, and the same for the same seed. */
import { ggufBlockBytes } from '#core/gguf';
import type { Quantisation } from '#core/modelShapes';

/** Half-precision scales that give weights a spread of about 0.02, as trained ones have. */
const SCALES = { Q4_0: 0x1c66, Q8_0: 0x0c7c } as const;
/** Half-precision numbers between 2^-7 and 2^-5: the exponent's field is 8 or 9. */
const F16_EXPONENT = 8 << 10;

export interface RandomBlocks {
  /** whole blocks */
  readonly pool: Uint8Array;
  readonly blockBytes: number;
}

let last: { readonly key: string; readonly blocks: RandomBlocks } | undefined;

/** A pool of at most `bytes`; the last one asked for is kept, since a model's tensors ask for the same one. */
export function randomBlocks(type: Quantisation, bytes: number, seed: number): RandomBlocks {
  const key = `${type} ${bytes} ${seed}`;
  if (last?.key !== key) last = { key, blocks: makeBlocks(type, bytes, seed) };
  return last.blocks;
}

function makeBlocks(type: Quantisation, bytes: number, seed: number): RandomBlocks {
  const blockBytes = ggufBlockBytes(type);
  const words = new Uint32Array(Math.floor(bytes / 4));
  const random = randomWords(seed);
  for (let at = 0; at < words.length; at += 1) words[at] = random();
  const all = new Uint8Array(words.buffer);
  const pool = all.subarray(0, Math.floor(all.length / blockBytes) * blockBytes);
  const view = new DataView(pool.buffer, 0, pool.length);
  for (let at = 0; at < pool.length; at += blockBytes) {
    const half = type === 'F16' ? smallHalf(view.getUint16(at, true)) : SCALES[type];
    view.setUint16(at, half, true);
  }
  return { pool, blockBytes };
}

/** Keeps the sign, the last bit of the exponent and the fraction of random bits. */
function smallHalf(bits: number): number {
  return (bits & 0x87ff) | F16_EXPONENT;
}

/** Marsaglia's xorshift with 32 bits: https://doi.org/10.18637/jss.v008.i14 */
export function randomWords(seed: number): () => number {
  let state = (Math.imul(seed, 0x9e3779b9) ^ 0x85ebca6b) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state;
  };
}
