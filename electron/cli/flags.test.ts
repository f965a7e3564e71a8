import { expect, test } from 'vitest';
import { labErrorOf } from '../test/thrown.ts';
import { parseChoice } from './choice.ts';
import { parseFraction } from './fraction.ts';

test('a fraction is a number between 0 and 1, or a percentage', () => {
  expect(parseFraction('--lambda', '0.5')).toBe(0.5);
  expect(parseFraction('--lambda', '1')).toBe(1);
  expect(parseFraction('--lambda', '-0')).toBe(0);
  expect(parseFraction('--lambda', '.25')).toBe(0.25);
  expect(parseFraction('--lambda', '5e-2')).toBe(0.05);
  expect(parseFraction('--min-saving', '2 %')).toBe(0.02);
});

test.each(['2', '-0.1', '101%', '1e9', 'abc', '', '0x1', '1,5', 'Infinity', 'NaN', '0.5.5'])(
  '"%s" is no fraction',
  (text) => {
    const error = labErrorOf(() => parseFraction('--lambda', text));
    expect(error.kind).toBe('bad-setting');
    expect(error.message).toMatch(/^--lambda .*\.$/);
  },
);

test('a word that is no choice is answered with those there are', () => {
  const choices = ['small', 'large', 'threshold-in'] as const;
  expect(parseChoice('--policy', choices, 'large')).toBe('large');
  expect(labErrorOf(() => parseChoice('--policy', choices, 'treshold-in'))).toMatchObject({
    kind: 'bad-setting',
    hint: 'Did you mean threshold-in? The choices are small, large, threshold-in.',
  });
  expect(labErrorOf(() => parseChoice('--policy', choices, 'oracle')).hint).toBe(
    'The choices are small, large, threshold-in.',
  );
});
