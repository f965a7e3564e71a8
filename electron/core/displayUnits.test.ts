import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import {
  BASES,
  basisSize,
  DEFAULT_UNITS,
  energyIn,
  ENERGY_UNITS,
  fromUnit,
  shownQuantity,
  studyUnits,
  toUnit,
  WHOLE_WORKLOAD,
} from './displayUnits.ts';
import {
  decimalSign,
  energyReadout,
  formatCount,
  formatFixed,
  formatNumber,
  formatPercent,
  PLAIN_LOCALE,
  readoutText,
  timeReadout,
  writeNumbersAs,
} from './format.ts';
import { joules } from './units.ts';

/** 4 queries of 10 tokens each in all, and 1 of 60: 5 queries, 100 tokens */
const workload = { pairs: [[4, 6, 4] as [number, number, number], [20, 40, 1] as [number, number, number]] };

afterEach(() => writeNumbersAs(PLAIN_LOCALE));

test('1 kWh is 1000 Wh is 3.6 MJ', () => {
  expect(toUnit(joules(3.6e6), 'kWh')).toBe(1);
  expect(toUnit(joules(3.6e6), 'Wh')).toBe(1000);
  expect(toUnit(joules(42), 'J')).toBe(42);
  expect(fromUnit(2, 'kWh')).toBe(7.2e6);
});

test('an energy in another unit and back is what it was', () => {
  fc.assert(
    fc.property(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.constantFrom(...ENERGY_UNITS),
      (energy, unit) => {
        const back = fromUnit(toUnit(joules(energy), unit), unit);
        expect(Math.abs(back - energy)).toBeLessThanOrEqual(Math.abs(energy) * 4e-16 + 1e-300);
      },
    ),
  );
});

test('without a choice, everything is shown as in reports', () => {
  for (const energy of [0.02, 42, 3600, 2_676_252, 9e9]) {
    expect(energyIn(DEFAULT_UNITS, energy)).toEqual(energyReadout(energy));
    expect(WHOLE_WORKLOAD.energy(energy)).toEqual(energyReadout(energy));
    expect(WHOLE_WORKLOAD.time(energy)).toEqual(timeReadout(energy));
  }
  expect(WHOLE_WORKLOAD.column('energy', 5)).toEqual({
    label: 'energy of the workload',
    title: 'energy of the workload, kWh',
    unit: 'kWh',
    scale: 1 / 3.6e6,
  });
  expect(WHOLE_WORKLOAD.column('runtime', 5)).toEqual({
    label: 'runtime of the workload',
    title: 'runtime of the workload, h',
    unit: 'h',
    scale: 1 / 3600,
  });
  expect(shownQuantity(DEFAULT_UNITS, 'energyPerToken')).toEqual({
    label: 'Energy per token',
    title: 'Energy per token, J/token',
    unit: 'J/token',
    scale: 1,
  });
});

test('a chosen unit holds for every energy, and for nothing else', () => {
  const units = { ...DEFAULT_UNITS, energy: 'Wh' } as const;
  expect(readoutText(energyIn(units, 36))).toBe('0.01 Wh');
  expect(shownQuantity(units, 'energy')).toEqual({
    label: 'Energy per query',
    title: 'Energy per query, Wh',
    unit: 'Wh',
    scale: 1 / 3600,
  });
  expect(shownQuantity(units, 'energyPerToken').unit).toBe('Wh/token');
  expect(shownQuantity(units, 'power')).toEqual({
    label: 'Mean power',
    title: 'Mean power, W',
    unit: 'W',
    scale: 1,
  });
  expect(studyUnits(units, workload).column('energy', 1).unit).toBe('Wh');
  expect(studyUnits(units, workload).column('runtime', 1).unit).toBe('h');
});

test('totals are divided by what the workload has of the basis', () => {
  expect(BASES.map((basis) => basisSize(basis, workload))).toEqual([1, 5, 0.005, 100]);
  const per = (basis: (typeof BASES)[number]) => studyUnits({ ...DEFAULT_UNITS, basis }, workload);
  expect(readoutText(per('query').energy(500))).toBe('100 J/query');
  expect(readoutText(per('query').time(1000))).toBe('3.33 min/query');
  expect(readoutText(per('thousand-queries').energy(500))).toBe('27.78 Wh/1,000 queries');
  expect(readoutText(per('token').energy(500))).toBe('5 J/token');
  expect(per('token').column('energy', 500)).toEqual({
    label: 'energy per token',
    title: 'energy per token, J',
    unit: 'J/token',
    scale: 0.01,
  });
  expect(per('query').column('runtime', 5)).toEqual({
    label: 'runtime per query',
    title: 'runtime per query, s',
    unit: 's/query',
    scale: 0.2,
  });
});

test('a column and a readout in the same unit say the same', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 1e-3, max: 1e9, noNaN: true }),
      fc.constantFrom(...BASES),
      fc.constantFrom('automatic' as const, ...ENERGY_UNITS),
      (energyJ, basis, energy) => {
        const shown = studyUnits({ ...DEFAULT_UNITS, energy, basis }, workload);
        const column = shown.column('energy', energyJ);
        const readout = shown.energy(energyJ);
        if (column.unit === readout.unit)
          expect(formatNumber(energyJ * column.scale, 4)).toBe(readout.number);
        else expect([energy, basis]).toEqual(['automatic', 'workload']);
      },
    ),
  );
});

test('numbers take the signs of a language, with digits 0 to 9', () => {
  writeNumbersAs('de-DE');
  expect(formatNumber(1234.56)).toBe('1.235');
  expect(formatNumber(-0.5)).toBe('−0,5');
  expect(formatPercent(0.0736)).toBe('7,4%');
  expect(formatPercent(-1e-7)).toBe('0,00%');
  expect(formatCount(51941)).toBe('51.941');
  expect(decimalSign()).toBe(',');
  writeNumbersAs('fr-FR');
  expect(formatFixed(1234.5, 1)).toBe('1\u202f234,5');
  writeNumbersAs('ar-EG-u-nu-arab');
  expect(formatNumber(12.5)).toBe('12.5');
});

test('a language that nobody knows, and none at all, leave the signs of English', () => {
  for (const tag of ['zz-not-a-tag-!', '', PLAIN_LOCALE]) {
    writeNumbersAs(tag);
    expect(formatNumber(1234.5, 5)).toBe('1,234.5');
    expect(decimalSign()).toBe('.');
  }
});
