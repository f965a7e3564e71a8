import { expect, test } from 'vitest';
import { LabError } from '#core/errors';
import { chosenText, parseChosen } from './chosenText.ts';

test('a policy that was settled on is written as it is read', () => {
  for (const text of [
    'small',
    'large',
    'threshold-in:32',
    'threshold-both:33,81',
    'threshold-product:1264',
  ]) {
    expect(chosenText(parseChosen(text))).toBe(text);
  }
});

test.each([
  '',
  'oracle',
  'threshold-in',
  'threshold-in:3.5',
  'threshold-both:3',
  'small:3',
  'threshold-in:1,2',
])('"%s" is refused with what can be given', (text) => {
  expect(() => parseChosen(text)).toThrow(LabError);
  expect(() => parseChosen(text)).toThrow(/cannot read/);
});
