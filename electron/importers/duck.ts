/**
 * DuckDB as a reader of tables (CSV, JSON, Parquet): in this process, in memory, with a limit, shut off from the
 * network and from every file but those that are named. Meant for the importing process (`importWorker.ts`), so that
 * neither a long query nor a fault of the library reaches the window.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { DuckDBConnection, DuckDBDataChunk, DuckDBInstance, DuckDBValue, Json } from '@duckdb/node-api';
import { LabError, type ErrorKind } from '#core/errors';
import { checkReadable } from './readable.ts';

/** Values for the `$name` in a query. */
export type DuckValues = Record<string, DuckDBValue>;

/** A row as JSON has it: whole numbers beyond 32 bits, decimals and times are texts. */
export type DuckRow = Readonly<Record<string, Json>>;

export interface DuckOptions {
  /** the files that queries may read, and nothing else may be read or written */
  readonly files: readonly string[];
  /** what to call the files in messages; by default their names without folders */
  readonly names?: readonly string[];
  /** the kind of error for content that cannot be understood */
  readonly badContent: ErrorKind;
  /** MiB that DuckDB may use before it spills to the scratch folder; by default 512 */
  readonly memoryMiB?: number;
  /** by default 2 */
  readonly threads?: number;
  /** rows come in the order of the file where a query does not say otherwise; by default in any order */
  readonly ordered?: boolean;
  /** a folder for what does not fit into memory; by default one that is made, and removed at the end */
  readonly scratch?: string;
  /** stops the query under way, which then fails with "interrupted" */
  readonly signal?: AbortSignal;
  /** the share of the query under way that is done, 0 to 1; not every query knows */
  readonly onProgress?: (fraction: number) => void;
}

/** Every method throws LabErrors that name the files. */
export interface Duck {
  /** all rows; for results that are small */
  readonly rows: (sql: string, values?: DuckValues) => Promise<DuckRow[]>;
  /** the only row */
  readonly row: (sql: string, values?: DuckValues) => Promise<DuckRow>;
  /** portions of about 2,000 rows, each a list of columns as plain JavaScript values; for results of any size */
  readonly portions: (sql: string, values?: DuckValues) => AsyncGenerator<(readonly DuckDBValue[])[]>;
  /** the same of numbers alone, in arrays that are good until the next portion; NULL is NaN, and slower than NaN */
  readonly numbers: (sql: string, values?: DuckValues) => AsyncGenerator<readonly Float64Array[]>;
  readonly run: (sql: string, values?: DuckValues) => Promise<void>;
  readonly close: () => void;
}

/** what a query may be ahead of whoever takes its rows */
const STREAM_MIB = 8;
const PROGRESS_MS = 50;
const INTERRUPT_MS = 50;

/** A text as SQL has it. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** The name of a column or a table as SQL has it. */
export function sqlName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/**
 * Opens DuckDB on some files.
 * @throws LabError "file-not-readable", "disk-full"
 */
export async function openDuck(options: DuckOptions): Promise<Duck> {
  await Promise.all(options.files.map(checkReadable));
  // Loaded when the first file is read: every command and the window would start later with it.
  const duckdb = await import('@duckdb/node-api');
  const { files, memoryMiB = 512, threads = 2, ordered = false, signal, onProgress } = options;
  const made = options.scratch === undefined ? mkdtempSync(path.join(tmpdir(), 'crossover-')) : undefined;
  const scratch = options.scratch ?? made!;
  const removeScratch = (): void => {
    if (made !== undefined) rmSync(made, { recursive: true, force: true, maxRetries: 3 });
  };

  const attempt = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      signal?.throwIfAborted();
      return await work();
    } catch (thrown) {
      throw duckError(thrown, options, signal?.aborted === true);
    }
  };

  let instance: DuckDBInstance | undefined;
  let connection: DuckDBConnection;
  try {
    connection = await attempt(async () => {
      instance = await duckdb.DuckDBInstance.create(':memory:', {
        memory_limit: `${memoryMiB}MiB`,
        threads: String(threads),
        temp_directory: scratch,
        extension_directory: scratch,
        autoinstall_known_extensions: 'false',
        autoload_known_extensions: 'false',
        allow_community_extensions: 'false',
        // Without an order of its own a large result need not be held.
        preserve_insertion_order: String(ordered),
      });
      const opened = await instance.connect();
      await opened.run(`
        SET enable_progress_bar = true;
        SET enable_progress_bar_print = false;
        SET streaming_buffer_size = '${STREAM_MIB} MiB';
        SET allowed_paths = [${files.map((file) => sqlText(file)).join(', ')}];
        SET enable_external_access = false;
        SET lock_configuration = true;
      `);
      return opened;
    });
  } catch (thrown) {
    instance?.closeSync();
    removeScratch();
    throw thrown;
  }

  /** Runs a query: told to stop when asked to, and asked how far it is. */
  const watched = async <T>(work: () => Promise<T>): Promise<T> => {
    // An interruption that comes before the query has begun is lost: it is repeated until the query has ended.
    let interrupting: ReturnType<typeof setInterval> | undefined;
    const interrupt = (): void => {
      connection.interrupt();
      interrupting = setInterval(() => connection.interrupt(), INTERRUPT_MS);
    };
    signal?.addEventListener('abort', interrupt, { once: true });
    const asking =
      onProgress &&
      setInterval(() => {
        const { percentage } = connection.progress;
        if (percentage > 0) onProgress(Math.min(1, percentage / 100));
      }, PROGRESS_MS);
    try {
      return await attempt(work);
    } finally {
      clearInterval(asking);
      clearInterval(interrupting);
      signal?.removeEventListener('abort', interrupt);
    }
  };

  const rows = (sql: string, values?: DuckValues): Promise<DuckRow[]> =>
    watched(async () => (await connection.runAndReadAll(sql, values)).getRowObjectsJson());

  /** One chunk is fetched while the one before is worked on. */
  async function* chunks(sql: string, values?: DuckValues): AsyncGenerator<DuckDBDataChunk> {
    const result = await watched(() => connection.stream(sql, values));
    const fetch = (): Promise<DuckDBDataChunk | null> => watched(() => result.fetchChunk());
    let next = fetch();
    try {
      for (;;) {
        const chunk = await next;
        if (chunk === null || chunk.rowCount === 0) return;
        next = fetch();
        yield chunk;
      }
    } finally {
      // Whoever stops in the middle leaves a fetch under way, of which nobody else would hear.
      await next.catch(() => undefined);
    }
  }

  return {
    rows,
    row: async (sql, values) => (await rows(sql, values))[0] ?? {},
    run: (sql, values) => watched(async () => void (await connection.run(sql, values))),
    async *portions(sql, values) {
      for await (const chunk of chunks(sql, values)) yield chunk.getColumns();
    },
    async *numbers(sql, values) {
      for await (const chunk of chunks(sql, values)) {
        yield Array.from({ length: chunk.columnCount }, (_, column) => numbersOf(chunk, column));
      }
    },
    close: () => {
      connection.closeSync();
      instance?.closeSync();
      removeScratch();
    },
  };
}

/**
 * A column of numbers as an array. The library gives items one by one, which for tens of millions of them takes longer
 * than reading them did: where none is NULL, its own array is taken, if it has one as this version does.
 */
function numbersOf(chunk: DuckDBDataChunk, column: number): Float64Array {
  const vector: object = chunk.getColumnVector(column);
  if ('items' in vector && vector.items instanceof Float64Array && 'validity' in vector) {
    const { items, validity } = vector;
    const allValid =
      typeof validity === 'object' && validity !== null && 'data' in validity && !validity.data;
    if (allValid && items.length === chunk.rowCount) return items;
  }
  const numbers = new Float64Array(chunk.rowCount);
  const items = chunk.getColumnVector(column);
  for (let row = 0; row < numbers.length; row++) {
    const value = items.getItem(row);
    numbers[row] = typeof value === 'number' ? value : NaN;
  }
  return numbers;
}

/**
 * What DuckDB threw, as a sentence. Its messages begin with their kind, and the first line says what is wrong; what
 * follows describes the query, which its user has not written.
 */
function duckError(thrown: unknown, duck: DuckOptions, aborted: boolean): unknown {
  if (thrown instanceof LabError) return thrown;
  const { files, badContent } = duck;
  const called = duck.names ?? files.map((file) => path.basename(file));
  const names =
    called.length > 3 ? `${called.slice(0, 3).join(', ')} and ${called.length - 3} more` : called.join(', ');
  const options = { cause: thrown };
  if (aborted) {
    return new LabError(
      'interrupted',
      `Reading ${names} was stopped. Nothing was kept of it.`,
      undefined,
      options,
    );
  }
  if (!(thrown instanceof Error)) return thrown;
  const message = files.reduce((text, file, i) => text.replaceAll(file, called[i] ?? ''), thrown.message);
  const { kind, reason } = readMessage(message);
  if (/No space left|failed to offload|exceeds? the? ?(max|limit).*temp/i.test(reason)) {
    return new LabError(
      'disk-full',
      `The disk for temporary files is full while reading ${names}. Nothing was kept of it.`,
      'Free some space and try again.',
      options,
    );
  }
  if (kind === 'Out of Memory') {
    return new LabError(
      badContent,
      `${names} needs more memory than reading it may take. Nothing was kept of it.`,
      'Split the file, or add its rows up before.',
      options,
    );
  }
  return new LabError(
    badContent,
    `${names} cannot be read as a table: ${reason}. Nothing was kept of it.`,
    'Check the file, or say which format and columns it has.',
    options,
  );
}

function readMessage(message: string): { kind: string; reason: string } {
  const [, kind = '', rest = message] = /^([A-Za-z ]+?) Error: ([^]*)$/.exec(message) ?? [];
  const inCsv = /^CSV Error on Line: (\d+)\n[^]*?^((?:Invalid|Error|Expected|Value|Maximum|The)[^\n]*)/m.exec(
    rest,
  );
  if (inCsv) return { kind, reason: `line ${inCsv[1]}: ${shortened(inCsv[2]!)}` };
  const line = rest.split('\n').find((each) => each.trim() !== '') ?? rest;
  return { kind, reason: shortened(line) };
}

/** A line of the file may be quoted in a message, at any length. */
function shortened(line: string): string {
  return (line.length > 300 ? `${line.slice(0, 300)}…` : line).trim().replace(/[.:]$/, '');
}
