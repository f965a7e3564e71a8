import { expect, test } from 'vitest';
import {
  bytesText,
  decimalsFor,
  energyReadout,
  formatCount,
  formatFixed,
  formatNumber,
  formatPercent,
  readoutText,
  timeReadout,
} from './format.ts';

test('a number keeps its significant digits, and thousands are grouped', () => {
  expect(formatNumber(0.0123456)).toBe('0.0123');
  expect(formatNumber(12.3456)).toBe('12.3');
  expect(formatNumber(1234.56)).toBe('1,235');
  expect(formatNumber(2_676_253.2, 4)).toBe('2,676,253');
  expect(formatNumber(0)).toBe('0');
});

test('a negative number has a true minus sign', () => {
  expect(formatNumber(-1.5)).toBe('−1.5');
  expect(formatFixed(-2, 1)).toBe('−2.0');
  expect(formatCount(-3)).toBe('−3');
  expect(formatPercent(-0.0706)).toBe('−7.1%');
});

test('what is not a number is said in words', () => {
  expect(formatNumber(NaN)).toBe('not known');
  expect(formatNumber(Infinity)).toBe('not known');
});

test('percentages have one decimal, and two below 1%', () => {
  expect(formatPercent(0.073649)).toBe('7.4%');
  expect(formatPercent(0.00399)).toBe('0.40%');
  expect(formatPercent(0)).toBe('0.0%');
  expect(formatPercent(1)).toBe('100.0%');
  expect(formatPercent(0.5, 0)).toBe('50%');
});

test('a loss too small to show is no "−0%"', () => {
  expect(formatPercent(-0.0000001)).toBe('0.00%');
  expect(formatPercent(-0)).toBe('0.0%');
  expect(formatPercent(-0.0001)).toBe('−0.01%');
});

test('a count is whole, a weight has one decimal', () => {
  expect(formatCount(51941)).toBe('51,941');
  expect(formatCount(999.99984)).toBe('1,000');
  expect(formatCount(12.34)).toBe('12.3');
});

test('energy takes the unit that suits its size', () => {
  expect(readoutText(energyReadout(42))).toBe('42 J');
  expect(readoutText(energyReadout(3600))).toBe('1 Wh');
  expect(readoutText(energyReadout(359_999))).toBe('100 Wh');
  expect(readoutText(energyReadout(360_000))).toBe('0.1 kWh');
  expect(readoutText(energyReadout(2_676_252.14))).toBe('0.7434 kWh');
  expect(energyReadout(-7200)).toEqual({ number: '−2', unit: 'Wh' });
});

test('time takes the unit that suits its size', () => {
  expect(readoutText(timeReadout(9.21))).toBe('9.21 s');
  expect(readoutText(timeReadout(120))).toBe('2 min');
  expect(readoutText(timeReadout(7200))).toBe('2 h');
  expect(readoutText(timeReadout(172_800))).toBe('2 days');
});

test('a size on disk takes the unit that suits it', () => {
  expect(bytesText(20.4e6)).toBe('20.4 MB');
  expect(bytesText(13.5e9)).toBe('13.5 GB');
  expect(bytesText(12)).toBe('1 kB');
  expect(bytesText(0)).toBe('0 kB');
});

test('a column has as many decimals as its largest number needs', () => {
  expect(decimalsFor([0.2088, 0.07], 4)).toBe(4);
  expect(decimalsFor([10.4, -9.9], 4)).toBe(2);
  expect(decimalsFor([12_345], 4)).toBe(0);
  expect(decimalsFor([], 4)).toBe(0);
  expect(decimalsFor([0, 1e-20], 4)).toBe(9);
});
