import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import Database from 'better-sqlite3';
import { LabError } from '#core/errors';

declare const writes: unique symbol;

/** A connection that a function may read from. */
export type ReadDb = Database.Database;

/** A connection that a function may also write to; a signature tells which of the two it needs. */
export type WriteDb = ReadDb & { readonly [writes]: true };

/** The Node-API version from which on better-sqlite3's prebuilt binaries run. */
const PREBUILT_NEEDS = 10;

/**
 * Refuses a runtime in which SQLite's prebuilt part would crash the process instead of failing with an error.
 * @throws LabError "missing" when the runtime is too old for it and no compiled one is there
 */
export function requireSqlite(
  nodeApi = Number(process.versions.napi),
  packageFolder: () => string = installedPackage,
): void {
  if (nodeApi >= PREBUILT_NEEDS) return;
  const compiled = ['Release', 'Debug'].map((kind) =>
    path.join(packageFolder(), 'build', kind, 'better_sqlite3.node'),
  );
  if (compiled.some((file) => existsSync(file))) return;
  throw new LabError(
    'missing',
    `SQLite has to be compiled for this runtime (Node-API ${nodeApi}), and is not yet. Nothing was opened.`,
    'Run npm start or npm run -s lab -- doctor, which compile it, or use Node 22.14 or newer.',
  );
}

function installedPackage(): string {
  try {
    return path.dirname(createRequire(import.meta.url).resolve('better-sqlite3/package.json'));
  } catch (cause) {
    throw new LabError('missing', 'The better-sqlite3 package is not installed.', 'Run npm ci.', { cause });
  }
}

/**
 * Opens a SQLite file.
 * @param file a path, or the bytes of a database
 * @throws LabError "missing" where SQLite cannot be loaded; SqliteError where the file cannot be opened
 */
export function openSqlite(
  file: string | Buffer,
  options: { readonly?: boolean; timeoutMs?: number } = {},
): ReadDb {
  requireSqlite();
  const { readonly = false, timeoutMs = 5000 } = options;
  return new Database(file, { readonly, timeout: timeoutMs });
}

/** SQLite's own code of a thrown value, as in "SQLITE_FULL"; undefined when it is something else. */
export function sqliteCode(thrown: unknown): string | undefined {
  return thrown instanceof Database.SqliteError ? thrown.code : undefined;
}

/** The version of SQLite behind a connection. */
export function sqliteVersion(db: ReadDb): string {
  return db.prepare<[], string>('SELECT sqlite_version()').pluck().get() ?? 'not known';
}
