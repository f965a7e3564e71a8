/** Prompts of known length for servers, each different from all before from its first token on, so that no cache helps. */
import { randomInt } from 'node:crypto';
import { randomWords } from './randomBlocks.ts';

/**
 * Token ids that are ordinary text in the vocabularies in use: special tokens lie below 1000 (Mistral, Gemma) or at
 * the end (Llama 3, Qwen), and no vocabulary in use is smaller than 32,000.
 */
const FIRST_ORDINARY = 1000;
const USUAL_VOCABULARY = 32_000;
/** share of a vocabulary that is certainly before the special tokens at its end */
const ORDINARY_SHARE = 0.95;

/** English words that are one token each, with the space before them, in the vocabularies in use. */
const WORDS = (
  'the of and to in is that for it as was with be by on not he his but at are this have from or had an they which ' +
  'one you were all her she there would their we him been has when who will no more if out so up said what its ' +
  'about than into them can only other time new some could these two may first then do any like my now over such ' +
  'our man me even most made after also did many before must through years where much your way well down should ' +
  'because each just those people how too good very make world still see own work men long here get both between ' +
  'life being under never day same another know while last might us great old year off come since against go came ' +
  'right used take three'
).split(' ');

/** Makes prompts; the seed decides all but the first token, which is never the same twice in a row of thousands. */
export class ServerPrompts {
  #next = randomInt(2 ** 31);

  /** @param vocabulary pieces of the model's vocabulary, where the server tells */
  tokens(m: number, seed: number, vocabulary = USUAL_VOCABULARY): number[] {
    const span = Math.max(1, Math.floor(vocabulary * ORDINARY_SHARE) - FIRST_ORDINARY);
    const random = randomWords(seed);
    return Array.from(
      { length: m },
      (_, at) => FIRST_ORDINARY + ((at === 0 ? this.#next++ : random()) % span),
    );
  }

  /** `count` words, by a space between them. */
  text(count: number, seed: number): string {
    const random = randomWords(seed);
    return Array.from(
      { length: count },
      (_, at) => WORDS[(at === 0 ? this.#next++ : random()) % WORDS.length]!,
    ).join(' ');
  }
}

/** How many words make how many tokens, by two prompts that a server counted. */
export interface WordCount {
  readonly words: number;
  readonly tokens: number;
}

/**
 * Words for m tokens: each word is a token, and the server may add some at the start. Where a word is not one token,
 * the rule of three is the best guess, and the counts of each answer decide.
 */
export function wordsFor(m: number, short: WordCount, long: WordCount): number {
  const tokensPerWord = (long.tokens - short.tokens) / (long.words - short.words);
  if (!(tokensPerWord > 0)) return m;
  const added = short.tokens - tokensPerWord * short.words;
  return Math.max(1, Math.round((m - added) / tokensPerWord));
}

/**
 * When the first token was there: the end, less the time that the server says it decoded. A server can hold text back
 * (half a character), so that the first piece of its answer comes later than the first token; never the other way.
 */
export function firstTokenTimeS(
  startS: number,
  endS: number,
  decodeS: number,
  receivedS: number | undefined,
): number {
  return Math.min(receivedS ?? endS, Math.max(startS, endS - decodeS));
}
