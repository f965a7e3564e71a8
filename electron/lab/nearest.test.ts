import { expect, test } from 'vitest';
import { editDistance, nearestIds } from './nearest.ts';

test('the distance of two words is the number of letters to change', () => {
  // The textbook example of Levenshtein's distance.
  expect(editDistance('kitten', 'sitting')).toBe(3);
  expect(editDistance('', 'abc')).toBe(3);
  expect(editDistance('abc', 'abc')).toBe(0);
});

test('the nearest ids come first, and a part of an id is near', () => {
  const known = ['gsm8k', 'alpaca-davinci', 'alpaca-gpt4', 'azure-code'];
  expect(nearestIds('gsm8', known, 1)).toEqual(['gsm8k']);
  expect(nearestIds('Alpaca', known, 2)).toEqual(['alpaca-davinci', 'alpaca-gpt4']);
  expect(nearestIds('anything', [])).toEqual([]);
});
