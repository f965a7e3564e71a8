import { expect, test } from 'vitest';
import { checkConditions, type Conditions } from './preflight.ts';

const quiet: Conditions = {
  powerSource: 'ac',
  lowPowerMode: false,
  thermal: 'Nominal',
  backgroundCores: 0.1,
  cores: 8,
  freeBytes: 50e9,
  keepsAwake: true,
};
const verdictOf = (found: Conditions, id: string) => checkConditions(found).find((check) => check.id === id);

test('a quiet computer on mains passes everything', () => {
  expect(checkConditions(quiet).map((check) => check.verdict)).toEqual(['ok', 'ok', 'ok', 'ok', 'ok']);
});

test('what is wrong is a warning with something to do, a full disk is a stop', () => {
  expect(verdictOf({ ...quiet, powerSource: 'battery' }, 'power-source')).toMatchObject({
    verdict: 'warning',
  });
  expect(verdictOf({ ...quiet, lowPowerMode: true }, 'low-power-mode')?.todo).toMatch(/Switch it off/);
  expect(verdictOf({ ...quiet, thermal: 'Serious' }, 'thermal')?.verdict).toBe('warning');
  expect(verdictOf({ ...quiet, backgroundCores: 2 }, 'background')?.verdict).toBe('warning');
  expect(verdictOf({ ...quiet, freeBytes: 1e8 }, 'disk')?.verdict).toBe('stop');
  expect(verdictOf({ ...quiet, keepsAwake: false }, 'awake')?.verdict).toBe('warning');
});

test('what could not be found out is not taken for fine', () => {
  const unknown: Conditions = { cores: 8, keepsAwake: true };
  expect(verdictOf(unknown, 'background')?.verdict).toBe('warning');
});
