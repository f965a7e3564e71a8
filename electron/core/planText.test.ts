import { expect, test } from 'vitest';
import { aboutRange, aboutText, amountText, energyText, estimateText } from './planText.ts';
import { makePlan } from './sweep.ts';

test('times are said as people say them', () => {
  expect(aboutText(20)).toBe('less than a minute');
  expect(aboutText(190)).toBe('about 3 min');
  expect(aboutText(3 * 3600)).toBe('about 3 h');
  expect(aboutRange(190, 540)).toBe('about 3 to 9 min');
  expect(aboutRange(20, 40)).toBe('less than a minute');
  expect(aboutRange(20, 190)).toBe('less than a minute to 3 min');
  expect(aboutRange(4000, 9000)).toBe('about 67 min to 2.5 h');
  expect(estimateText({ seconds: 190 })).toBe('about 3 min, judged by earlier runs');
  expect(estimateText({ seconds: 190, mostSeconds: 540, scaledFrom: 'A' })).toBe(
    'roughly 3 to 9 min or more, scaled from A',
  );
});

test('where nothing tells, only what the plan alone takes is said', () => {
  expect(estimateText({ seconds: 20, onlyLeast: true })).toBe('known after the first trials');
  expect(estimateText({ seconds: 100, onlyLeast: true })).toBe(
    'more than 2 min; how much is known after the first trials',
  );
  expect(energyText({ seconds: 100, onlyLeast: true })).toBeUndefined();
  expect(energyText({ seconds: 100, energyJ: 247.5, onlyLeast: true })).toBe('more than 250 J');
});

test('energy is said to two digits, from the least to the most', () => {
  expect(energyText({ seconds: 1, energyJ: 472.3 })).toBe('about 470 J');
  expect(energyText({ seconds: 1, energyJ: 12_340, mostEnergyJ: 56_780, scaledFrom: 'A' })).toBe(
    'roughly 3.3 to 16 Wh',
  );
  expect(energyText({ seconds: 1 })).toBeUndefined();
});

test('a cell that two sweeps share is one', () => {
  expect(amountText(makePlan('quick', { seed: 1 }))).toBe('11 cells, 3 to 5 trials each, to ±5%');
  expect(amountText(makePlan('paper', { seed: 1 }))).toBe(
    '15 cells, 3 to 25 trials each, to ±0.5 s of runtime, as the paper did',
  );
  expect(amountText(makePlan('8,4', { seed: 1, maxTrials: 1 }))).toBe('1 cell, 1 trial each, to ±5%');
});
