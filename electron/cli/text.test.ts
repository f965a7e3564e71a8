import { expect, test } from 'vitest';
import { bullets, facts, paragraphs, sameDecimals, table, wrap } from './text.ts';

test('a table has its names to the left, its numbers to the right, and no trailing spaces', () => {
  const text = table(
    [{ title: 'policy' }, { title: 'energy, J', align: 'right' }, { title: '' }],
    [
      ['small', '1,234', ''],
      ['threshold-in', '−5', '←'],
    ],
  );
  expect(text.split('\n')).toEqual([
    'policy        energy, J',
    '────────────  ─────────  ─',
    'small             1,234',
    'threshold-in         −5  ←',
  ]);
});

test('a table without rows is its head', () => {
  expect(table([{ title: 'id' }], [])).toBe('id\n──');
});

test('lines are wrapped at words, and a word that is too long stays whole', () => {
  expect(wrap('one two three', 9)).toBe('one two\nthree');
  expect(wrap('one two three', 9, 2)).toBe('  one two\n  three');
  expect(wrap('https://a-very-long-address.example', 10)).toBe('https://a-very-long-address.example');
  expect(wrap('', 10)).toBe('');
});

test('facts are set beside their names', () => {
  const text = facts(
    [
      ['id', 'm1'],
      ['system', 'a Mac with a chip'],
    ],
    20,
  );
  expect(text.split('\n')).toEqual(['id      m1', 'system  a Mac with a', '        chip']);
});

test('marks stand before paragraphs', () => {
  expect(bullets([{ mark: '!', text: 'a warning of some words' }], 18)).toBe(
    '  ! a warning of\n    some words',
  );
});

test('empty parts leave no gap', () => {
  expect(paragraphs('a', '', 'b')).toBe('a\n\nb');
});

test('a column has as many decimals as its largest number allows', () => {
  expect(sameDecimals([0.746549, 0.8])).toEqual(['0.746549', '0.800000']);
  expect(sameDecimals([12.3456, 1000], 5)).toEqual(['12.3', '1,000.0']);
  expect(sameDecimals([1e9])).toEqual(['1,000,000,000']);
});
