import { accessSync, constants, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { LabError } from '#core/errors';
import { openSqlite, sqliteCode, type ReadDb } from './sqlite.ts';
import { guarded } from './storeError.ts';

/** Which of Crossover's two programs uses a data folder. */
export type Program = 'window' | 'command line';

/** The right to write to a data folder; one program at a time has it. */
export interface WriterLock {
  /** Gives the right back; a second call does nothing. */
  release(): void;
}

/** The locks of this process. One that nothing referred to would be collected as garbage, and given back with it. */
const held = new Set<ReadDb>();

/** How long to wait for a command that is about to end, in milliseconds. */
const PATIENCE_MS = 250;

const writerSchema = z.object({ pid: z.number().int(), program: z.enum(['window', 'command line']) });

/**
 * Takes the right to write to a data folder. It is an exclusive transaction on a small SQLite file of its own,
 * which the system ends with the process, however that ends.
 * @param folder the data folder, made when missing
 * @throws LabError "database-in-use" naming the program that has it; "database-read-only" without write access
 */
export function takeWriterLock(folder: string, program: Program, patienceMs = PATIENCE_MS): WriterLock {
  const file = path.join(folder, 'writer.lock');
  const note = path.join(folder, 'writer.json');
  return guarded(file, () => {
    mkdirSync(folder, { recursive: true });
    const lock = openSqlite(file, { timeoutMs: patienceMs });
    try {
      // On a file that may only be read, SQLite would take the transaction for granted.
      accessSync(file, constants.W_OK);
      lock.exec('BEGIN EXCLUSIVE');
    } catch (thrown) {
      lock.close();
      throw sqliteCode(thrown)?.startsWith('SQLITE_BUSY') === true ? inUse(folder, note) : thrown;
    }
    held.add(lock);
    leaveNote(note, program);
    return {
      release: () => {
        if (!lock.open) return;
        removeNote(note);
        held.delete(lock);
        lock.close();
      },
    };
  });
}

/**
 * Whether a program has the right to write to a data folder now, this one included. To find out nothing is written,
 * and nobody is kept from taking the right for longer than a look. Where the system does not let us look, one may
 * have it.
 */
export function hasWriter(folder: string): boolean {
  const file = path.join(folder, 'writer.lock');
  if (statSync(file, { throwIfNoEntry: false }) === undefined) return false;
  let lock: ReadDb | undefined;
  try {
    lock = openSqlite(file, { readonly: true, timeoutMs: 0 });
    lock.prepare('SELECT 1 FROM sqlite_schema').get();
    return false;
  } catch {
    return true;
  } finally {
    lock?.close();
  }
}

/** Says who has the right, for the message to others; a full disk is no reason to give it up. */
function leaveNote(note: string, program: Program): void {
  try {
    writeFileSync(note, `${JSON.stringify({ pid: process.pid, program })}\n`);
  } catch {
    removeNote(note);
  }
}

function removeNote(note: string): void {
  try {
    rmSync(note, { force: true });
  } catch {
    // It is only read by those who find the folder in use.
  }
}

function inUse(folder: string, note: string): LabError {
  const writer = readWriter(note);
  const who =
    writer === undefined
      ? 'another Crossover'
      : `${writer.program === 'window' ? "Crossover's window" : 'a crossover command'} (process ${writer.pid})`;
  return new LabError(
    'database-in-use',
    `The data folder ${folder} is in use by ${who}. Nothing was changed.`,
    writer?.program === 'command line'
      ? 'Wait until it has ended, or choose another folder with --data.'
      : 'Close it, or choose another folder with --data.',
  );
}

function readWriter(note: string): z.output<typeof writerSchema> | undefined {
  try {
    return writerSchema.safeParse(JSON.parse(readFileSync(note, 'utf8'))).data;
  } catch {
    return undefined;
  }
}
