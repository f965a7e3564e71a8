import { readFile, stat } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import path from 'node:path';
import { Tokenizer as HuggingFaceTokenizer } from '@huggingface/tokenizers';
import { LabError } from '#core/errors';
import { notReadable } from '../readable.ts';
import { aroundText, type Tokenizer } from './tokenizer.ts';

/** Large vocabularies come to some 20 MB. */
const MOST_BYTES = 200e6;

/**
 * The tokenizer of a tokenizer.json, as Hugging Face's models have it. Special tokens that a text spells out are
 * special tokens, as there.
 * @throws LabError "file-not-readable", "bad-setting"
 */
export async function tokenizerJson(file: string): Promise<Tokenizer> {
  const bytes = await contentOf(file);
  const refused = (why: string, cause?: unknown): LabError =>
    new LabError(
      'bad-setting',
      `${path.basename(file)} cannot be used as a tokenizer: ${why}. Nothing was written.`,
      'Choose the tokenizer.json of a Hugging Face model, a GGUF, or llama-2.',
      { cause },
    );
  let library: HuggingFaceTokenizer;
  let pieces: number;
  let kind: string;
  try {
    const document: unknown = JSON.parse(bytes.toString('utf8'));
    if (typeof document !== 'object' || document === null || !('model' in document)) {
      throw refused('it has no model of pieces');
    }
    library = new HuggingFaceTokenizer(document, {});
    pieces = library.get_vocab(true).size;
    const { type } = (document.model ?? {}) as { type?: unknown };
    kind = typeof type === 'string' ? type : 'pieces';
    library.encode('A text to try it with: 123, äöü, 東京.');
  } catch (thrown) {
    if (thrown instanceof LabError) throw thrown;
    throw refused(thrown instanceof Error ? firstLine(thrown.message) : String(thrown), thrown);
  }
  const countInside = (text: string): number =>
    text === '' ? 0 : library.encode(text, { add_special_tokens: false }).ids.length;
  const added = library.encode('').ids.length;
  return {
    name: `${path.basename(file)} (${kind}, ${pieces.toLocaleString('en-US')} pieces)`,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    around: aroundText(added, false),
    count: (text) => (text === '' ? added : library.encode(text).ids.length),
    countInside,
    close: () => Promise.resolve(),
  };
}

async function contentOf(file: string): Promise<Buffer> {
  try {
    const { size } = await stat(file);
    if (size > MOST_BYTES) {
      throw new LabError(
        'bad-setting',
        `${path.basename(file)} is too large to be a tokenizer.json. Nothing was written.`,
        'Choose the tokenizer.json of a Hugging Face model, a GGUF, or llama-2.',
      );
    }
    return await readFile(file);
  } catch (thrown) {
    throw thrown instanceof LabError ? thrown : notReadable(file, thrown);
  }
}

function firstLine(message: string): string {
  return message.split('\n')[0]!.slice(0, 200).replace(/[.:]$/, '');
}
