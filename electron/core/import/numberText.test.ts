import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decimalSignOf, readNumber, readQuantity } from './numberText.ts';

test.each([
  ['12.5', '.', 12.5],
  [' -3 ', '.', -3],
  ['1e-3', '.', 0.001],
  ['.5', '.', 0.5],
  ['1,234.5', '.', 1234.5],
  ['1 234,5', '.', 1234.5],
  ["1'234.5", '.', 1234.5],
  ['12,5', ',', 12.5],
  ['1.234,5', ',', 1234.5],
  ['7', ',', 7],
  ['7.5', ',', 7.5],
  ['inf', '.', Infinity],
  ['-Infinity', '.', -Infinity],
  ['1e999', '.', Infinity],
] as const)('"%s" with a decimal "%s" is %d', (text, decimal, value) => {
  expect(readNumber(text, decimal)).toBe(value);
});

test('what says that there is no number is NaN, and what is none is undefined', () => {
  for (const text of ['', '  ', 'n/a', 'NaN', 'null', 'None', '-']) expect(readNumber(text)).toBeNaN();
  for (const text of ['=1+1', '12,5', '0x10', 'abc', '1.2.3', '--1', '9'.repeat(100)]) {
    expect(readNumber(text), text).toBeUndefined();
  }
});

test('a unit in the cell stands above that of the column', () => {
  expect(readQuantity('52.88 W', null)).toBe(52.88);
  expect(readQuantity('261955', 'mJ')).toBe(261.955);
  expect(readQuantity('261955 mJ', 'J')).toBe(261.955);
  expect(readQuantity('0,5 kWh', null, ',')).toBe(1.8e6);
  expect(readQuantity('0 %', null)).toBeUndefined();
});

test('every number that JavaScript writes is read back', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      // JavaScript writes -0 as "0".
      expect(readNumber(String(value))).toBe(value + 0);
      expect(readNumber(String(value).replace('.', ','), ',')).toBe(value + 0);
    }),
  );
});

test('a decimal comma is told by the numbers themselves', () => {
  expect(decimalSignOf(['12,5', '3,25'], false)).toBe(',');
  expect(decimalSignOf(['1,234', '2,345'], false)).toBe('.');
  expect(decimalSignOf(['1,234', '2,345'], true)).toBe(',');
  expect(decimalSignOf(['0,123', '2,345'], false)).toBe(',');
  expect(decimalSignOf(['1.234,5'], false)).toBe(',');
  expect(decimalSignOf(['1,234.5', '12.5'], true)).toBe('.');
  expect(decimalSignOf(['7', 'text', ''], true)).toBe('.');
});
