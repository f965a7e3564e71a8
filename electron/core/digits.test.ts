import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatPercentWithin, formatWithin, lastPlace } from './digits.ts';

test('a value ends where its uncertainty does: two digits of it below 3, one from there on', () => {
  expect(formatWithin(3.14159, 0.0123)).toBe('3.142');
  expect(formatWithin(3.14159, 0.0299)).toBe('3.14');
  expect(formatWithin(3.14159, 0.05)).toBe('3.14');
  expect(formatWithin(3.14159, 0.5)).toBe('3.1');
  expect(formatWithin(52.881, 1.4)).toBe('52.9');
  expect(formatWithin(52.881, 4)).toBe('53');
});

test('beyond the point whole places are rounded, and grouped', () => {
  expect(formatWithin(12_345, 678)).toBe('12,300');
  expect(formatWithin(12_345, 123)).toBe('12,350');
  expect(formatWithin(-987_654, 30_000)).toBe('−990,000');
});

test('zeros that are known are shown, those that are not are not', () => {
  expect(formatWithin(2, 0.01)).toBe('2.000');
  expect(formatWithin(2, 0.4)).toBe('2.0');
});

test('an uncertainty that rounds up to the next power of ten counts as that', () => {
  expect(formatWithin(3.14159, 0.0996)).toBe('3.14');
  expect(formatWithin(3.14159, 0.0994)).toBe('3.14');
});

test('a value far below its uncertainty is 0, without a minus sign', () => {
  expect(formatWithin(-0.001, 20)).toBe('0');
  expect(formatPercentWithin(-0.0004, [-0.05, 0.05], 2)).toBe('0%');
});

test('without an interval, or with one of no width, the digits are those that were asked for', () => {
  expect(formatWithin(3.14159, undefined)).toBe('3.14');
  expect(formatWithin(3.14159, 0, 4)).toBe('3.142');
  expect(formatWithin(3.14159, NaN, 2)).toBe('3.1');
  expect(formatPercentWithin(0.07364, undefined, 2)).toBe('7.36%');
  expect(formatPercentWithin(0.07364, [0.0736, 0.0736], 1)).toBe('7.4%');
});

test('a percentage follows its interval', () => {
  expect(formatPercentWithin(0.07364, [0.071, 0.076], 2)).toBe('7.36%');
  expect(formatPercentWithin(0.07364, [0.04, 0.12], 2)).toBe('7%');
  expect(formatPercentWithin(0.07364, [0.0731, 0.0741], 2)).toBe('7.36%');
  expect(formatPercentWithin(0.07364, [0.0735, 0.0738], 2)).toBe('7.364%');
});

test('no interval, however narrow, shows more than six digits', () => {
  expect(formatWithin(3.14159265358, 1e-9)).toBe('3.14159');
});

test('the energy of one short query in kWh is a number', () => {
  expect(formatWithin(1.4e-7, 5e-8)).toBe('0.00000014');
  expect(formatWithin(-1.4e-7, 5e-8)).toBe('−0.00000014');
  expect(formatWithin(3e-9, 5e-7)).toBe('0.0000000');
  expect(formatPercentWithin(5e-10, [1e-10, 9e-10], 2)).toBe('0.00000005%');
});

const value = fc.double({ min: 1e-12, max: 1e9, noNaN: true });

test('what is shown is nearer to the value than a fifth of the half-width more than it can say', () => {
  fc.assert(
    fc.property(value, fc.double({ min: 1e-3, max: 1, noNaN: true }), (mean, share) => {
      const half = mean * share;
      const shown = Number(formatWithin(mean, half).replaceAll(',', ''));
      // Half of the last place is at most 1/6 of a half-width: 0.5 of 3 parts, 0.05 of 1.
      expect(Math.abs(shown - mean)).toBeLessThanOrEqual(half / 5.9 + mean * 1e-5);
    }),
  );
});

test('the narrower the interval, the more digits', () => {
  fc.assert(
    fc.property(value, value, value, (mean, a, b) => {
      const [narrow, wide] = [Math.min(a, b), Math.max(a, b)];
      expect(lastPlace(mean, narrow)!).toBeLessThanOrEqual(lastPlace(mean, wide)!);
    }),
  );
});
