/** A look at a model file before anything loads it. */
import { open } from 'node:fs/promises';
import { availableMemoryBytes, type MemoryBytes } from './memory.ts';
import { LabError } from '#core/errors';
import { bytesText } from '#core/format';

const KEPT = 'Nothing was loaded.';

/**
 * Checks that a file is a GGUF model that this computer's memory can hold.
 * @returns its size in bytes
 * @throws LabError "file-not-readable" or "bad-model"
 */
export async function checkModelFile(
  file: string,
  memory: () => MemoryBytes = availableMemoryBytes,
): Promise<number> {
  const { start, bytes } = await beginningOf(file);
  const version = start.length === 8 ? start.readUInt32LE(4) : 0;
  if (start.toString('latin1', 0, 4) !== 'GGUF') {
    throw new LabError(
      'bad-model',
      `${file} is not a GGUF model. ${KEPT}`,
      'Choose a .gguf file, or made-up weights such as synthetic:tiny.',
    );
  }
  if (version < 2 || version > 3) {
    throw new LabError(
      'bad-model',
      `${file} is GGUF version ${version}, which cannot be read. ${KEPT}`,
      'Convert it to GGUF version 3 with a current llama.cpp.',
    );
  }
  checkMemory(file, bytes, KEPT, memory);
  return bytes;
}

/**
 * Checks that this computer's memory can hold a model of so many bytes.
 * @param kept a sentence on what has not been done
 * @throws LabError "bad-model"
 */
export function checkMemory(
  model: string,
  bytes: number,
  kept: string,
  memory: () => MemoryBytes = availableMemoryBytes,
): void {
  const { available, total } = memory();
  if (bytes <= available) return;
  throw new LabError(
    'bad-model',
    `${model} has ${bytesText(bytes)}, and ${bytesText(available)} of this computer's ${bytesText(total)} of memory can be had. ${kept}`,
    bytes > total
      ? 'Choose a smaller model or a smaller quantisation, such as Q4_0.'
      : 'Close other programs, or choose a smaller model or quantisation.',
  );
}

async function beginningOf(file: string): Promise<{ start: Buffer; bytes: number }> {
  try {
    const handle = await open(file, 'r');
    try {
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(8), 0, 8, 0);
      return { start: buffer.subarray(0, bytesRead), bytes: (await handle.stat()).size };
    } finally {
      await handle.close();
    }
  } catch (thrown) {
    throw new LabError(
      'file-not-readable',
      `The model ${file} cannot be read. ${KEPT}`,
      'Check that the file is there and that you may read it.',
      { cause: thrown },
    );
  }
}
