/**
 * Makes model files whose weights are made up. Memory does not depend on the size of the file: one pool of random
 * blocks is written again and again, from another place for each piece.
 */
import { statSync } from 'node:fs';
import { mkdir, open, rename, rm, statfs, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { LabError } from '#core/errors';
import { ggufFileBytes, ggufHeader, ggufTensorBytes, padded, type GgufTensor } from '#core/gguf';
import { modelTensors, parameterCount, type SyntheticModel } from '#core/modelShapes';
import { fileFailure } from './fileFailure.ts';
import { syntheticMetadata } from './syntheticMetadata.ts';
import { randomBlocks } from './randomBlocks.ts';

/** Changes whenever the same name would give another file, so that an older one is not taken for it. */
export const FORMAT_VERSION = 1;
export const EXTENSION = '.gguf';
export const PARTIAL = '.partial';
/** the most that is in memory of the weights: as a pool for each type, and written at once */
export const POOL_BYTES = 8 * 1024 * 1024;

export interface SyntheticEstimate {
  /** of the file */
  readonly bytes: number;
  readonly parameters: number;
  readonly name: string;
}

/** What a file of made-up weights will be, without making it. */
export function estimateSynthetic(model: SyntheticModel): SyntheticEstimate {
  const tensors = modelTensors(model);
  return {
    bytes: ggufFileBytes(ggufHeader(syntheticMetadata(model), tensors), tensors),
    parameters: parameterCount(model.shape),
    name: `${model.shape.name} ${model.quantisation} (made-up weights)`,
  };
}

export interface MakeOptions {
  /** the same seed gives the same file */
  readonly seed?: number;
  /** 0 to 1 */
  readonly onProgress?: (fraction: number) => void;
  readonly signal: AbortSignal;
  /** free bytes on the disk of a folder; for tests */
  readonly freeBytes?: (folder: string) => Promise<number>;
}

/**
 * The file of a made-up model in the cache folder; made when it is not there yet. It appears whole or not at all.
 * @throws LabError "disk-full", "file-not-writable", "interrupted"; the half-made file is removed
 */
export async function ensureSynthetic(
  model: SyntheticModel,
  folder: string,
  { seed = 1, onProgress, signal, freeBytes = freeBytesOf }: MakeOptions,
): Promise<string> {
  const file = syntheticFile(model, folder, seed);
  const tensors = modelTensors(model);
  const header = ggufHeader(syntheticMetadata(model), tensors);
  const bytes = ggufFileBytes(header, tensors);
  const partial = `${file}.${process.pid}${PARTIAL}`;
  try {
    if (statSync(file, { throwIfNoEntry: false })?.size === bytes) return file;
    await mkdir(folder, { recursive: true });
    await checkSpace(folder, bytes, freeBytes);
    const handle = await open(partial, 'w');
    try {
      const writer = new PieceWriter(handle, bytes, signal, onProgress);
      await writer.write(header);
      for (const [index, tensor] of tensors.entries()) await writeTensor(writer, tensor, index, seed);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(partial, file);
    return file;
  } catch (thrown) {
    await rm(partial, { force: true }).catch(() => {});
    throw fileFailure(thrown, folder, 'The half-made model was removed.');
  }
}

/** Where a made-up model is kept, made or not. */
export function syntheticFile({ shape, quantisation }: SyntheticModel, folder: string, seed = 1): string {
  const variant = seed === 1 ? '' : `-seed${seed}`;
  return path.join(folder, `synthetic-${shape.id}-${quantisation}-v${FORMAT_VERSION}${variant}${EXTENSION}`);
}

async function checkSpace(
  folder: string,
  needed: number,
  freeBytes: (folder: string) => Promise<number>,
): Promise<void> {
  const free = await freeBytes(folder);
  if (free >= needed) return;
  throw new LabError(
    'disk-full',
    `The model takes ${gigabytes(needed)} and the disk with ${folder} has ${gigabytes(free)} free. Nothing was written.`,
    'Free some space, or choose a smaller shape or quantisation.',
  );
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toPrecision(3)} GB`;
}

async function freeBytesOf(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/** Writes in order, watches for an abort, and tells how far it is. */
class PieceWriter {
  #written = 0;

  constructor(
    private readonly handle: FileHandle,
    private readonly total: number,
    private readonly signal: AbortSignal,
    private readonly onProgress: ((fraction: number) => void) | undefined,
  ) {}

  async write(piece: Uint8Array): Promise<void> {
    for (let at = 0; at < piece.length;) {
      if (this.signal.aborted) {
        throw new LabError(
          'interrupted',
          'Making the model was interrupted. The half-made model was removed.',
          'Start again to make it.',
        );
      }
      const { bytesWritten } = await this.handle.write(piece, at, piece.length - at);
      at += bytesWritten;
      this.#written += bytesWritten;
      this.onProgress?.(this.#written / this.total);
    }
  }
}

async function writeTensor(
  writer: PieceWriter,
  tensor: GgufTensor,
  index: number,
  seed: number,
): Promise<void> {
  const bytes = ggufTensorBytes(tensor);
  if (tensor.type === 'F32') {
    await writer.write(new Uint8Array(new Float32Array(bytes / 4).fill(1).buffer));
  } else {
    const { pool, blockBytes } = randomBlocks(tensor.type, POOL_BYTES, seed);
    // Each piece starts at another block, so that no two rows of the model lie over the same part of the pool.
    let start = (index * 7919 * blockBytes) % pool.length;
    for (let left = bytes; left > 0;) {
      const piece = pool.subarray(start, Math.min(pool.length, start + left));
      await writer.write(piece);
      left -= piece.length;
      start = 0;
    }
  }
  await writer.write(new Uint8Array(padded(bytes) - bytes));
}
