import { LabError, type ErrorKind } from '#core/errors';
import { databaseFile, openForReading, openForWriting } from '../store/database.ts';
import { hasWriter, takeWriterLock, type Program, type WriterLock } from '../store/lock.ts';
import { purgeComparisons } from '../store/comparisons.ts';
import { purgeRemoved } from '../store/projects.ts';
import { markInterrupted } from '../store/runs.ts';
import { bundleFolder, isSeeded, seed } from '../store/seed.ts';
import type { ReadDb, WriteDb } from '../store/sqlite.ts';
import { guarded } from '../store/storeError.ts';

export interface StoreOptions {
  readonly dataFolder: string;
  readonly bundle?: string;
  readonly program: Program;
  readonly readonly?: boolean;
  /** told which bundled items were left out */
  readonly log?: (message: string) => void;
}

/** An open database, with the right to write to it or without. */
export interface Store {
  readonly db: ReadDb;
  /** @throws LabError "database-read-only" when the store was opened for reading */
  writable(): WriteDb;
  /** whether another program may be writing now; never while this store can itself */
  othersWrite(): boolean;
  /** a second call does nothing */
  close(): void;
}

/** What keeps a database from being brought up to date, but not from being read as it is. */
const OBSTACLES: ReadonlySet<ErrorKind> = new Set(['database-in-use', 'database-read-only', 'disk-full']);

/**
 * Opens the database of a data folder, brings it up to date and takes in the bundled items. Who only reads gives
 * the right to write back at once, and goes on without where another program has it or the folder cannot be
 * written.
 * @throws LabError see `openLab`
 */
export function openStore(options: StoreOptions): Store {
  if (options.readonly !== true) {
    const { db, lock } = bringUpToDate(options);
    const close = (): void => {
      db.close();
      lock.release();
    };
    try {
      tidy(db);
    } catch (thrown) {
      close();
      throw thrown;
    }
    return { db, writable: () => db, othersWrite: () => false, close };
  }
  const db = openReadable(options);
  return {
    db,
    writable: () => {
      throw new LabError(
        'database-read-only',
        'The lab was opened for reading alone, so nothing was stored.',
        'Open it for writing.',
      );
    },
    othersWrite: () => hasWriter(options.dataFolder),
    close: () => void db.close(),
  };
}

/**
 * Runs whose program died are told from those under way by who holds the lock, which is us: none is under way. What was
 * removed the last time can no longer be taken back, and goes.
 */
function tidy(db: WriteDb): void {
  try {
    markInterrupted(db);
    purgeRemoved(db);
    purgeComparisons(db);
  } catch (thrown) {
    // A full disk keeps nobody from opening the lab; the next start says so.
    if (!(thrown instanceof LabError) || thrown.kind !== 'disk-full') throw thrown;
  }
}

function openReadable(options: StoreOptions): ReadDb {
  let obstacle: LabError;
  try {
    const { db, lock } = bringUpToDate(options);
    db.pragma('query_only = ON');
    lock.release();
    return db;
  } catch (thrown) {
    if (!(thrown instanceof LabError) || !OBSTACLES.has(thrown.kind)) throw thrown;
    obstacle = thrown;
  }
  return openAsItIs(options.dataFolder, obstacle);
}

/** Where there is nothing to read yet, the reason why it could not be made says more. */
function openAsItIs(folder: string, obstacle: LabError): ReadDb {
  let db: ReadDb;
  try {
    db = openForReading(folder);
  } catch (thrown) {
    throw thrown instanceof LabError && thrown.kind === 'missing' ? obstacle : thrown;
  }
  if (guarded(databaseFile(folder), () => isSeeded(db))) return db;
  db.close();
  throw obstacle;
}

function bringUpToDate({ dataFolder, bundle = bundleFolder(), program, log }: StoreOptions): {
  db: WriteDb;
  lock: WriterLock;
} {
  const lock = takeWriterLock(dataFolder, program);
  let db: WriteDb | undefined;
  try {
    const opened = (db = openForWriting(dataFolder));
    const { skipped } = guarded(databaseFile(dataFolder), () => seed(opened, bundle));
    for (const id of skipped) {
      log?.(`The bundled ${id} is left out, because an item of your own has that id.`);
    }
    return { db, lock };
  } catch (thrown) {
    db?.close();
    lock.release();
    throw thrown;
  }
}
