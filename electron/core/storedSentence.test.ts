import { afterEach, expect, test } from 'vitest';
import { PLAIN_LOCALE, writeNumbersAs } from './format.ts';
import { storedSentence } from './storedSentence.ts';

afterEach(() => writeNumbersAs(PLAIN_LOCALE));

const SENTENCE =
  'Send queries of GPT-3.5 v1.10 with T_in ≤ 33 to the M1 Pro. That saves 3.40% (95% interval −1.2% to 1,234.5%) of the ' +
  'cost at λ = 0.25 against the A100 alone.';

test('percentages and λ of a stored sentence take the signs of a language, and names keep theirs', () => {
  writeNumbersAs('de');
  expect(storedSentence(SENTENCE)).toBe(
    'Send queries of GPT-3.5 v1.10 with T_in ≤ 33 to the M1 Pro. That saves 3,40% (95% interval −1,2% to 1.234,5%) of ' +
      'the cost at λ = 0,25 against the A100 alone.',
  );
});

test('with the signs of English it stays as it is', () => {
  expect(storedSentence(SENTENCE)).toBe(SENTENCE);
});
