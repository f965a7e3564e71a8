import { LlamaTokenizer } from 'llama-tokenizer-js';
import { aroundText, type Tokenizer } from './tokenizer.ts';

/** SentencePiece's space */
const SPACE = '\u2581';
/** words whose number of tokens is remembered; the common ones come early */
const REMEMBERED = 200_000;

/**
 * The tokenizer of Llama 1 and 2 (and of Vicuna, Alpaca and others that were trained from them). A text counts its
 * BOS, so an empty one counts 1, as the reference tokenizer has it: llama-tokenizer-js gives nothing for it.
 *
 * Counting is exact and much faster than encoding whole texts: merges only ever make pieces of the vocabulary, so no
 * merge goes over two characters that stand side by side in no piece. Texts fall apart there, and the parts, mostly
 * words, repeat.
 */
export function llama2Tokenizer(): Tokenizer {
  const library = new LlamaTokenizer();
  const neighbours = neighboursIn(library.vocabById);
  const known = new Map<string, number>();

  const countPart = (part: string): number => library.encode(part, false, false).length;
  const countWord = (word: string): number => {
    let tokens = 0;
    let part = '';
    let last = '';
    for (const character of word) {
      if (part !== '' && !neighbours.has(last + character)) {
        tokens += countPart(part);
        part = '';
      }
      part += character;
      last = character;
    }
    return part === '' ? tokens : tokens + countPart(part);
  };
  const countInside = (text: string): number => {
    if (text === '') return 0;
    let tokens = 0;
    for (const word of wordsOf(text)) {
      let count = known.get(word);
      if (count === undefined) {
        count = countWord(word);
        if (known.size >= REMEMBERED) known.clear();
        // A slice of a long text keeps the whole text in memory; only short words are worth remembering.
        if (word.length <= 40) known.set(word, count);
      }
      tokens += count;
    }
    return tokens;
  };
  return {
    name: 'Llama-2 (llama-tokenizer-js)',
    around: aroundText(1, true),
    count: (text) => 1 + countInside(text),
    countInside,
    close: () => Promise.resolve(),
  };
}

/** Words with the spaces before them; a space is put before the first one, as the reference tokenizer does. */
function wordsOf(text: string): string[] {
  const spaced = `${SPACE}${text.replaceAll(' ', SPACE)}`;
  // No piece has anything before a space but spaces.
  return spaced.match(/\u2581*[^\u2581]+|\u2581+$/g) ?? [];
}

/** Every two characters that stand side by side in a piece. */
function neighboursIn(pieces: readonly string[]): Set<string> {
  const found = new Set<string>();
  for (const piece of pieces) {
    let last = '';
    for (const character of piece) {
      if (last !== '') found.add(last + character);
      last = character;
    }
  }
  return found;
}
