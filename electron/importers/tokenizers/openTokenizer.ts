import { open } from 'node:fs/promises';
import { DEFAULT_TOKENIZER } from '#core/workloadImport/request';
import { checkReadable } from '../readable.ts';
import type { Tokenizer } from './tokenizer.ts';

/**
 * The tokenizer that was asked for: the one that comes with Crossover, or a file, told by its content.
 * @param asked `llama-2`, or the path of a tokenizer.json or a GGUF
 * @throws LabError "file-not-readable", "bad-setting"
 */
export async function openTokenizer(asked: string = DEFAULT_TOKENIZER): Promise<Tokenizer> {
  // Each is loaded when it is needed: the vocabularies are large.
  if (asked === DEFAULT_TOKENIZER) return (await import('./llama2.ts')).llama2Tokenizer();
  await checkReadable(asked);
  return (await isGguf(asked))
    ? (await import('./gguf.ts')).ggufTokenizer(asked)
    : (await import('./tokenizerJson.ts')).tokenizerJson(asked);
}

async function isGguf(file: string): Promise<boolean> {
  const handle = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    return bytesRead === 4 && buffer.toString('latin1') === 'GGUF';
  } finally {
    await handle.close();
  }
}
