import { expect, test } from 'vitest';
import { moved, withPair } from './systemOrder.ts';

test('the pair of a study stands at both ends at first, and others between them stay', () => {
  expect(withPair([], 'mac', 'gpu')).toEqual(['mac', 'gpu']);
  expect(withPair(['mac', 'v100', 'gpu'], 'mac', 'gpu')).toEqual(['mac', 'v100', 'gpu']);
});

test('another pair takes the places of the one before', () => {
  const order = ['v100', 'gpu', 'mac'];
  expect(withPair(order, 'mini', 'gpu', ['mac', 'gpu'])).toEqual(['v100', 'gpu', 'mini']);
  // one that was compared already is there once
  expect(withPair(['mac', 'v100', 'gpu'], 'mac', 'v100', ['mac', 'gpu'])).toEqual(['mac', 'v100']);
  // both at once, and swapped
  expect(withPair(['mac', 'gpu'], 'gpu', 'mac', ['mac', 'gpu'])).toEqual(['gpu', 'mac']);
});

test('a system moves by one place', () => {
  expect(moved(['a', 'b', 'c'], 0, 1)).toEqual(['b', 'a', 'c']);
  expect(moved(['a', 'b', 'c'], 2, -1)).toEqual(['a', 'c', 'b']);
});
