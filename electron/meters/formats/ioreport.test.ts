import { expect, test } from 'vitest';
import { railsOfChannels, type EnergyChannel } from './ioreport.ts';

const channel = (name: string, value: number, unit = 'mJ', group = 'Energy Model'): EnergyChannel => ({
  group,
  name,
  unit,
  value,
});

test.each([
  ['mJ', 1e-3],
  ['uJ', 1e-6],
  ['\u00b5J', 1e-6],
  ['\u03bcJ', 1e-6],
  ['nJ', 1e-9],
  [' mJ   ', 1e-3],
])('a unit as it may be written: "%s"', (unit, factor) => {
  expect(railsOfChannels([channel('GPU Energy', 5e6, unit)]).gpu).toBeCloseTo(5e6 * factor, 12);
});

test('an unknown unit, another group and parts of a part are not measured', () => {
  expect(
    railsOfChannels([
      channel('GPU Energy', 5, 'J'),
      channel('CPU Energy', 5, 'mJ', 'CPU Stats'),
      channel('PCPU', 5),
      channel('GPU SRAM', 5),
      channel('DIE_0_CPU Energy SRAM', 5),
    ]),
  ).toEqual({});
});

test('where the whole CPU has a channel its dies are not added to it', () => {
  expect(railsOfChannels([channel('CPU Energy', 100), channel('DIE_0_CPU Energy', 60)])).toEqual({
    cpu: 0.1,
  });
  const dies = railsOfChannels([channel('DIE_0_CPU Energy', 60), channel('DIE_1_CPU Energy', 50)]);
  expect(dies.cpu).toBeCloseTo(0.11, 12);
});
