import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { DEFAULT_UNITS } from '#core/displayUnits';
import { formatNumber, PLAIN_LOCALE, writeNumbersAs } from '#core/format';
import { createUnits } from './useUnits.ts';

afterEach(() => writeNumbersAs(PLAIN_LOCALE));

test('units that were chosen before are taken up, and numbers are written with them at once', () => {
  const units = createUnits();
  units.begin({ energy: 'Wh', basis: 'token', numbers: 'system' }, 'de-DE');
  expect(units.chosen.value.energy).toBe('Wh');
  expect(formatNumber(0.5)).toBe('0,5');
  units.change({ numbers: 'plain' });
  expect(units.chosen.value).toEqual({ energy: 'Wh', basis: 'token', numbers: 'plain' });
  expect(formatNumber(0.5)).toBe('0.5');
});

test('without a choice numbers are plain, whatever the system is set to', () => {
  const units = createUnits();
  units.begin(undefined, 'de-DE');
  expect(units.chosen.value).toEqual(DEFAULT_UNITS);
  expect(formatNumber(0.5)).toBe('0.5');
});

test('nothing outside of the window writes numbers otherwise than plainly', () => {
  const folder = fileURLToPath(new URL('../../electron/', import.meta.url));
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !file.endsWith('format.ts'),
  );
  expect(sources.length).toBeGreaterThan(100);
  expect(
    sources.filter((file) => readFileSync(`${folder}${file}`, 'utf8').includes('writeNumbersAs')),
  ).toEqual([]);
});
