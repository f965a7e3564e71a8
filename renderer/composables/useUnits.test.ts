import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { DEFAULT_UNITS } from '#core/displayUnits';
import { formatNumber, PLAIN_LOCALE, writeNumbersAs } from '#core/format';
import { createUnits } from './useUnits.ts';

afterEach(() => writeNumbersAs(PLAIN_LOCALE));

test('units that were chosen before are taken up, and numbers are written with them at once', () => {
  const told: string[] = [];
  const units = createUnits((tag) => told.push(tag));
  units.begin({ energy: 'Wh', basis: 'token', numbers: 'system' }, 'de-DE');
  expect(units.chosen.value.energy).toBe('Wh');
  expect(formatNumber(0.5)).toBe('0,5');
  units.change({ numbers: 'plain' });
  expect(units.chosen.value).toEqual({ energy: 'Wh', basis: 'token', numbers: 'plain' });
  expect(formatNumber(0.5)).toBe('0.5');
  // Whoever makes sentences for the window hears of it, once for each change.
  units.change({ energy: 'J' });
  expect(told).toEqual(['de-DE', PLAIN_LOCALE]);
});

test('without a choice numbers are plain, whatever the system is set to', () => {
  const units = createUnits(() => {});
  units.begin(undefined, 'de-DE');
  expect(units.chosen.value).toEqual(DEFAULT_UNITS);
  expect(formatNumber(0.5)).toBe('0.5');
});

test('outside of the window numbers are written otherwise than plainly only for what it shows', () => {
  const folder = fileURLToPath(new URL('../../electron/', import.meta.url));
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !file.endsWith('format.ts'),
  );
  expect(sources.length).toBeGreaterThan(100);
  const ways = /\b(writeNumbersAs|askNumbersOf|withNumbersOf)\b/;
  expect(
    sources
      .filter((file) => ways.test(readFileSync(`${folder}${file}`, 'utf8')))
      .map((file) => file.replaceAll('\\', '/'))
      .sort(),
  ).toEqual(['lab/profileReader.ts', 'main/shownNumbers.ts', 'workers/analysisWorker.ts']);
});
