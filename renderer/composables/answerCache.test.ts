import { expect, test } from 'vitest';
import { LabError } from '#core/errors';
import { createAnswerCache } from './answerCache.ts';

test('a question is asked once, also while its answer is on its way', async () => {
  const cache = createAnswerCache<number>();
  let asked = 0;
  const work = () => Promise.resolve(++asked);
  expect(cache.known('a')).toBeUndefined();
  expect(await Promise.all([cache.ask('a', work), cache.ask('a', work)])).toEqual([1, 1]);
  expect(await cache.ask('a', work)).toBe(1);
  expect(cache.known('a')).toBe(1);
  expect(await cache.ask('b', work)).toBe(2);
});

test('a failure is forgotten, and the oldest answer gives way', async () => {
  const cache = createAnswerCache<string>(2);
  const failing = () => Promise.reject(new LabError('interrupted', 'It was stopped.'));
  await expect(cache.ask('a', failing)).rejects.toThrow('It was stopped.');
  for (const key of ['a', 'b', 'c']) await cache.ask(key, () => Promise.resolve(`${key}!`));
  expect(['a', 'b', 'c'].map(cache.known)).toEqual([undefined, 'b!', 'c!']);
});
