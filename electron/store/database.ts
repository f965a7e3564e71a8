import { mkdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { LabError } from '#core/errors';
import { MIGRATIONS, type Migration } from './migrations/index.ts';
import { openSqlite, type ReadDb, type WriteDb } from './sqlite.ts';
import { damaged, guarded, storeError } from './storeError.ts';

/** The database inside a data folder. */
export function databaseFile(folder: string): string {
  return path.join(folder, 'crossover.db');
}

/**
 * Opens the database of a data folder for writing, makes it when there is none, and brings it up to date. The
 * caller holds the folder's writer lock.
 * @param folder the data folder, made when missing
 * @throws LabError "database-newer", "database-damaged", "database-read-only", "disk-full" or "database-in-use";
 * the file is then as it was before
 */
export function openForWriting(folder: string, migrations: readonly Migration[] = MIGRATIONS): WriteDb {
  const file = databaseFile(folder);
  return guarded(file, () => {
    mkdirSync(folder, { recursive: true });
    const interrupted = sizeOf(`${file}-wal`) > 0;
    const db = openSqlite(file) as WriteDb;
    return orClose(db, () => {
      refuseNewer(db, file, migrations);
      if (interrupted) checkWhole(db, file);
      db.pragma('journal_mode = WAL');
      db.pragma('synchronous = FULL');
      db.pragma('foreign_keys = ON');
      migrate(db, file, migrations);
    });
  });
}

/**
 * Opens the database of a data folder for reading alone: beside a program that writes, or in a folder that
 * cannot be written.
 * @throws LabError "missing" when there is no database, "database-in-use" when its form is still being brought up
 * to date, and as `openForWriting`
 */
export function openForReading(folder: string, migrations: readonly Migration[] = MIGRATIONS): ReadDb {
  const file = databaseFile(folder);
  return guarded(file, () => {
    if (sizeOf(file) === 0) {
      throw new LabError(
        'missing',
        `There is no database in ${folder} yet, and it cannot be made there now.`,
        'Choose a folder that you may write to with --data, or close the program that is using this one.',
      );
    }
    const db = openReadOnly(file);
    return orClose(db, () => {
      refuseNewer(db, file, migrations);
      if (databaseVersion(db) < newest(migrations)) {
        throw new LabError(
          'database-in-use',
          `${file} has the form of an older version of Crossover, and cannot be brought up to date now. ` +
            'Nothing was changed.',
          'Close the other Crossover, or give yourself write access to the folder, and try again.',
        );
      }
    });
  });
}

/** The version of the database's form: the number of the last migration. */
export function databaseVersion(db: ReadDb): number {
  return Number(db.pragma('user_version', { simple: true }));
}

/** A connection that never writes; where nothing can be put beside the file, one to a copy in memory. */
function openReadOnly(file: string): ReadDb {
  const db = openSqlite(file, { readonly: true });
  try {
    db.prepare('SELECT 1 FROM sqlite_schema').get();
    return db;
  } catch (thrown) {
    db.close();
    const known = storeError(thrown, file);
    const noRoomBeside =
      known instanceof LabError && (known.kind === 'database-read-only' || known.kind === 'disk-full');
    // What is still in the log beside the file would be missing from the copy.
    if (!noRoomBeside || sizeOf(`${file}-wal`) > 0) throw thrown;
    return openCopy(file);
  }
}

/** In write-ahead mode even reading needs a file beside the database, where there may be none. */
function openCopy(file: string): ReadDb {
  const bytes = readFileSync(file);
  // Bytes 18 and 19 of the header say which journal is in use: 2 for write-ahead, 1 for none of it.
  bytes.fill(1, 18, 20);
  const db = openSqlite(bytes, { readonly: true });
  db.pragma('query_only = ON');
  return db;
}

function refuseNewer(db: ReadDb, file: string, migrations: readonly Migration[]): void {
  const version = databaseVersion(db);
  if (version <= newest(migrations)) return;
  throw new LabError(
    'database-newer',
    `${file} was written by a newer version of Crossover (form ${version}; this version knows up to ` +
      `${newest(migrations)}). It was left as it is.`,
    'Start the newer version, or choose another folder with --data.',
  );
}

/** Looks for damage after a writer ended without closing the database. */
function checkWhole(db: ReadDb, file: string): void {
  const found = db.prepare<[], string>('PRAGMA quick_check(1)').pluck().get();
  if (found !== 'ok') throw damaged(file, found);
}

/** Carries out the pending migrations, each in one transaction; an existing database is copied first. */
function migrate(db: WriteDb, file: string, migrations: readonly Migration[]): void {
  migrations.forEach(({ version, name }, index) => {
    if (version !== index + 1) throw new Error(`migration ${name} has version ${version}, not ${index + 1}`);
  });
  const before = databaseVersion(db);
  const pending = migrations.filter(({ version }) => version > before);
  const first = pending[0];
  if (first === undefined) return;
  const backup = before > 0 ? backUp(db, file, first.version) : undefined;
  for (const migration of pending) {
    try {
      db.transaction(() => {
        db.exec(migration.sql);
        db.pragma(`user_version = ${migration.version}`);
      })();
    } catch (thrown) {
      throw migrationError(thrown, file, migration, backup);
    }
  }
}

function migrationError(thrown: unknown, file: string, migration: Migration, backup?: string): unknown {
  const known = storeError(thrown, file);
  if (known instanceof LabError || !(thrown instanceof Error)) return known;
  return new LabError(
    'database-damaged',
    `${file} could not be brought up to date (step ${migration.version}, ${migration.name}: ${thrown.message}). ` +
      'That step was undone; nothing is lost.',
    backup === undefined
      ? 'Move it aside and start again.'
      : `A copy from before is kept as ${backup}. Start the version of Crossover that you used before.`,
    { cause: thrown },
  );
}

/**
 * Copies the database to `crossover.db.before-v2`, named after the version it is about to get. The copy appears
 * whole or not at all, and takes the place of an earlier copy of the same step.
 * @returns the copy's path
 */
function backUp(db: ReadDb, file: string, version: number): string {
  const backup = `${file}.before-v${version}`;
  const partial = `${backup}.partial`;
  rmSync(partial, { force: true });
  try {
    db.prepare('VACUUM INTO ?').run(partial);
    renameSync(partial, backup);
  } finally {
    rmSync(partial, { force: true });
  }
  return backup;
}

function newest(migrations: readonly Migration[]): number {
  return migrations.at(-1)?.version ?? 0;
}

function orClose<T extends ReadDb>(db: T, work: () => void): T {
  try {
    work();
    return db;
  } catch (thrown) {
    db.close();
    throw thrown;
  }
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
