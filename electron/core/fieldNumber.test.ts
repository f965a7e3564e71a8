import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decimalSign, formatFixed, formatPercent, withNumbersOf } from './format.ts';
import { readField } from './fieldNumber.ts';

const value = (text: string, decimal: '.' | ',' = '.'): number | undefined => readField(text, decimal).value;

test('a point and a comma are both decimal signs where they cannot group', () => {
  for (const decimal of ['.', ','] as const) {
    expect(value('0.5', decimal)).toBe(0.5);
    expect(value('0,5', decimal)).toBe(0.5);
    expect(value('12,34', decimal)).toBe(12.34);
    expect(value('0,125', decimal)).toBe(0.125);
    expect(value(',5', decimal)).toBe(0.5);
    expect(value('-3,25', decimal)).toBe(-3.25);
    expect(value('−3.25', decimal)).toBe(-3.25);
    expect(value('1234,5', decimal)).toBe(1234.5);
    expect(value('1,5e3', decimal)).toBe(1500);
    expect(readField('0,5', decimal).note).toBeUndefined();
  }
});

test('with both signs the last one is the decimal sign, and many of one group', () => {
  for (const decimal of ['.', ','] as const) {
    expect(value('1.234,5', decimal)).toBe(1234.5);
    expect(value('1,234.5', decimal)).toBe(1234.5);
    expect(value('1,234,567', decimal)).toBe(1_234_567);
    expect(value('1.234.567', decimal)).toBe(1_234_567);
    expect(value("1'234.5", decimal)).toBe(1234.5);
    expect(value('1 234,5', decimal)).toBe(1234.5);
    expect(value('1\u202f234\u202f567', decimal)).toBe(1_234_567);
  }
});

test('"1,234" is understood by the numbers that are shown, and it is said how', () => {
  expect(readField('1,234', '.')).toEqual({
    value: 1234,
    note: 'Understood as 1,234: the comma groups thousands. For a fraction type 1.234.',
  });
  expect(readField('1,234', ',')).toEqual({
    value: 1.234,
    note: 'Understood as 1.234: the comma stands before the fraction.',
  });
  expect(readField('1.234', ',')).toEqual({
    value: 1234,
    note: 'Understood as 1,234: the point groups thousands. For a fraction type 1,234.',
  });
  expect(readField('1.234', '.')).toEqual({ value: 1.234 });
});

test('what is no number, or groups wrongly, is none', () => {
  for (const text of [
    '',
    'abc',
    '1,23,45',
    '1.2.3',
    '1,2.3,4',
    '12 34',
    '5 W',
    '0,123,456',
    '--1',
    '.',
    '1e999',
  ])
    expect(value(text)).toBeUndefined();
});

test('a number written in either way is read as itself', () => {
  fc.assert(
    fc.property(
      fc.double({ min: -1e9, max: 1e9, noNaN: true }),
      fc.constantFrom('.' as const, ',' as const),
      (number, decimal) => {
        const plain = Math.round(number * 100) / 100 + 0;
        const text = plain.toFixed(2);
        expect(value(decimal === ',' ? text.replace('.', ',') : text, decimal)).toBe(plain);
        const locale = decimal === ',' ? 'de-DE' : 'en-US';
        expect(
          value(new Intl.NumberFormat(locale, { minimumFractionDigits: 2 }).format(plain), decimal),
        ).toBe(plain);
      },
    ),
  );
});

test('Arabic and Persian digits and signs are understood', () => {
  for (const decimal of ['.', ','] as const) {
    expect(value('١٫٥', decimal)).toBe(1.5);
    expect(value('۱۲', decimal)).toBe(12);
    expect(value('١٬٢٣٤٫٥', decimal)).toBe(1234.5);
    expect(value('1٫234', decimal)).toBe(1.234);
    expect(value('\u200e−3', decimal)).toBe(-3);
    expect(value('١٫٢٫٣', decimal)).toBeUndefined();
  }
});

test('a number of any language that is shown is read as itself', () => {
  for (const tag of ['de-DE', 'fr-FR', 'de-CH', 'ar', 'ar-EG', 'ar-MA', 'fa'])
    withNumbersOf(tag, () => {
      for (const number of [1234.5, -0.25, 12, -1234567.5])
        expect(value(formatFixed(number, 2), decimalSign()), tag).toBe(number);
      expect(formatPercent(-0.000001), tag).not.toContain('−');
    });
});
