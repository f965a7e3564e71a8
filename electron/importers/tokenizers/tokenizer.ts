import type { TextCounter } from '#core/workloadImport/chats';

/** Counts tokens as one model's tokenizer does. A text is only text: what looks like a special token in it may not be one. */
export interface Tokenizer extends TextCounter {
  /** what it is, for people and for the workload's file */
  readonly name: string;
  /** tells a tokenizer of the user's own from every other */
  readonly sha256?: string;
  /** what it puts around a text, as a sentence's part: "a BOS token before each text" */
  readonly around: string;
  readonly close: () => Promise<void>;
}

/** What a tokenizer adds to a text, in words. */
export function aroundText(added: number, bos: boolean): string {
  if (added === 0) return 'nothing added to a text';
  if (added === 1 && bos) return 'each with a BOS token';
  return `each with ${added} special ${added === 1 ? 'token' : 'tokens'}`;
}
