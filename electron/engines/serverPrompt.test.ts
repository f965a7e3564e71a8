import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ServerPrompts, firstTokenTimeS, wordsFor } from './serverPrompt.ts';

test('words for m tokens, where each word is one and some are added at the start', () => {
  fc.assert(
    fc.property(fc.integer({ min: 4, max: 5000 }), fc.integer({ min: 0, max: 3 }), (m, added) => {
      const counted = (words: number) => ({ words, tokens: words + added });
      expect(wordsFor(m, counted(8), counted(40))).toBe(m - added);
    }),
  );
});

test('where words are more than a token, or nothing is known, it is a guess of at least one word', () => {
  expect(wordsFor(100, { words: 8, tokens: 16 }, { words: 40, tokens: 80 })).toBe(50);
  expect(wordsFor(1, { words: 8, tokens: 12 }, { words: 40, tokens: 44 })).toBe(1);
  expect(wordsFor(30, { words: 8, tokens: 8 }, { words: 40, tokens: 8 })).toBe(30);
});

test('no first token comes twice in thousands', () => {
  const prompts = new ServerPrompts();
  const firsts = Array.from({ length: 5000 }, () => prompts.tokens(2, 1)[0]);
  expect(new Set(firsts).size).toBe(5000);
});

test('the first token is never before the start nor after it was received', () => {
  expect(firstTokenTimeS(10, 20, 4, 18)).toBe(16);
  expect(firstTokenTimeS(10, 20, 4, 15)).toBe(15);
  expect(firstTokenTimeS(10, 20, 40, undefined)).toBe(10);
  expect(firstTokenTimeS(10, 20, 0, undefined)).toBe(20);
});
