import path from 'node:path';
import type { LlamaModel } from 'node-llama-cpp';
import { LabError } from '#core/errors';
import { readGgufVocabulary } from './ggufVocabulary.ts';
import { aroundText, type Tokenizer } from './tokenizer.ts';

/**
 * The tokenizer in a GGUF, as llama.cpp applies it: only the vocabulary is loaded, not the weights. What looks like a
 * special token in a text is text.
 * @throws LabError "bad-setting"
 */
export async function ggufTokenizer(file: string): Promise<Tokenizer> {
  try {
    const vocabulary = await readGgufVocabulary(file);
    const { getLlama, LlamaLogLevel } = await loadLlamaCpp();
    const llama = await getLlama({ build: 'never', gpu: false, logLevel: LlamaLogLevel.disabled });
    const model = await llama.loadModel({ modelPath: file, vocabOnly: true });
    const { pieces, sha256 } = vocabulary;
    const own = vocabulary.name ?? path.basename(file, '.gguf');
    return counterOf(model, {
      name: `${own} (its GGUF's own, ${vocabulary.model}, ${pieces.toLocaleString('en-US')} pieces)`,
      sha256,
      close: () => llama.dispose(),
    });
  } catch (cause) {
    throw new LabError(
      'bad-setting',
      `The tokenizer of ${path.basename(file)} cannot be used: ${reasonOf(cause)}. Nothing was written.`,
      'Choose another GGUF, a tokenizer.json, or llama-2.',
      { cause },
    );
  }
}

/** node-llama-cpp fails while it is loaded where a variable of the environment, such as CI, is set to nothing. */
function loadLlamaCpp() {
  for (const [name, value] of Object.entries(process.env)) {
    if (value === '') Reflect.deleteProperty(process.env, name);
  }
  return import('node-llama-cpp');
}

function counterOf(
  model: LlamaModel,
  { name, sha256, close }: Pick<Tokenizer, 'name' | 'close'> & { readonly sha256: string },
): Tokenizer {
  const bos = model.tokens.shouldPrependBosToken;
  const added = Number(bos) + Number(model.tokens.shouldAppendEosToken);
  const countInside = (text: string): number => (text === '' ? 0 : model.tokenize(text).length);
  return {
    name,
    sha256,
    around: aroundText(added, bos),
    count: (text) => added + countInside(text),
    countInside,
    close,
  };
}

function reasonOf(thrown: unknown): string {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return message.split('\n')[0]!.slice(0, 200).replace(/[.:]$/, '');
}
