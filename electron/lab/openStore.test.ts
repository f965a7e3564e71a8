import { onTestFinished, expect, test } from 'vitest';
import { openForWriting } from '../store/database.ts';
import { takeWriterLock } from '../store/lock.ts';
import { temporaryFolder } from '../test/temporaryFolder.ts';
import { labErrorOf } from '../test/thrown.ts';
import { openStore } from './openStore.ts';

const reader = { program: 'command line', readonly: true } as const;

test('a database into which the bundle was never taken is not read as an empty lab', () => {
  const dataFolder = temporaryFolder();
  openForWriting(dataFolder).close();
  const lock = takeWriterLock(dataFolder, 'window');
  onTestFinished(() => lock.release());
  expect(labErrorOf(() => openStore({ ...reader, dataFolder })).kind).toBe('database-in-use');
});

test('what is opened for reading gives no right to write, and keeps nobody from it', () => {
  const dataFolder = temporaryFolder();
  const store = openStore({ ...reader, dataFolder });
  expect(labErrorOf(() => store.writable()).kind).toBe('database-read-only');
  expect(() => store.db.exec('DELETE FROM preference')).toThrow('readonly');
  takeWriterLock(dataFolder, 'window', 0).release();
  store.close();
  store.close();
});

test('bundled items that are left out are told of', () => {
  const dataFolder = temporaryFolder();
  const first = openStore({ program: 'window', dataFolder });
  first.db.exec("UPDATE workload SET kind = 'imported' WHERE id = 'gsm8k'");
  first.db.exec("UPDATE bundled_file SET file_hash = 'older' WHERE item_id = 'gsm8k'");
  first.close();
  const told: string[] = [];
  openStore({ program: 'window', dataFolder, log: (message) => told.push(message) }).close();
  expect(told).toEqual(['The bundled gsm8k is left out, because an item of your own has that id.']);
});
