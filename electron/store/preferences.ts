import type { z } from 'zod';
import { preferencesSchema, type Preferences } from '#core/preferences';
import type { ReadDb, WriteDb } from './sqlite.ts';

/**
 * What the window remembers. A value that cannot be read gives way to its default alone.
 * @param onDamage told about each value that could not be read
 */
export function loadPreferences(db: ReadDb, onDamage: (message: string) => void = () => {}): Preferences {
  const rows = db.prepare<[], { key: string; value: string }>('SELECT key, value FROM preference').all();
  const kept: Record<string, unknown> = {};
  for (const { key, value } of rows) {
    const schema = (preferencesSchema.shape as Record<string, z.ZodType | undefined>)[key];
    try {
      if (schema === undefined) throw new Error('unknown');
      kept[key] = schema.parse(JSON.parse(value));
    } catch {
      onDamage(`The preference "${key}" could not be read; its default is used.`);
    }
  }
  return preferencesSchema.parse(kept);
}

/** Remembers the preferences, all of them; one that is undefined is forgotten. */
export function savePreferences(db: WriteDb, preferences: Preferences): void {
  const put = db.prepare('INSERT INTO preference (key, value) VALUES (?, ?)');
  db.transaction(() => {
    db.exec('DELETE FROM preference');
    for (const [key, value] of Object.entries(preferences)) {
      if (value !== undefined) put.run(key, JSON.stringify(value));
    }
  })();
}
