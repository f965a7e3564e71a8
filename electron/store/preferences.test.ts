import { expect, test } from 'vitest';
import { preferencesSchema } from '#core/preferences';
import { temporaryFolder } from '../test/temporaryFolder.ts';
import { openForWriting } from './database.ts';
import { loadPreferences, savePreferences } from './preferences.ts';

const saved = preferencesSchema.parse({
  theme: 'dark',
  place: 'threshold',
  overlay: ['a', 'b'],
  window: { width: 1280, height: 800, x: -5 },
});

test('preferences come back as they were saved, and a forgotten one is gone', () => {
  const db = openForWriting(temporaryFolder());
  expect(loadPreferences(db)).toEqual(preferencesSchema.parse({}));
  savePreferences(db, saved);
  expect(loadPreferences(db)).toEqual(saved);
  savePreferences(db, { theme: 'light', place: 'start', overlay: undefined });
  expect(loadPreferences(db)).toEqual({ theme: 'light', place: 'start' });
  db.close();
});

test('a damaged preference gives way to its default alone, and is told of', () => {
  const db = openForWriting(temporaryFolder());
  savePreferences(db, saved);
  db.exec("UPDATE preference SET value = '{' WHERE key = 'theme'");
  db.exec("UPDATE preference SET value = '{\"width\":1}' WHERE key = 'window'");
  db.exec("INSERT INTO preference VALUES ('mood', '1')");
  const told: string[] = [];
  expect(loadPreferences(db, (message) => told.push(message))).toEqual({
    theme: 'system',
    place: 'threshold',
    overlay: ['a', 'b'],
  });
  expect(told.map((message) => /"(\w+)"/.exec(message)?.[1]).sort()).toEqual(['mood', 'theme', 'window']);
  db.close();
});
