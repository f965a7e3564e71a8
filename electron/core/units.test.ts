import { expect, test } from 'vitest';
import { joules, kilowattHours, meanPower, seconds, watts } from './units.ts';

test('a kilowatt-hour is 3.6 MJ', () => {
  expect(kilowattHours(joules(3.6e6))).toBe(1);
  expect(kilowattHours(joules(900_000))).toBe(0.25);
});

test('30 J over 3 s is a mean power of 10 W', () => {
  expect(meanPower(joules(30), seconds(3))).toBe(watts(10));
});
