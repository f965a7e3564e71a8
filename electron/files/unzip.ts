import { closeSync, openSync, readSync, statSync } from 'node:fs';
import path from 'node:path';
import { Unzip, UnzipInflate } from 'fflate';
import { LabError } from '#core/errors';

/** A piece of an entry of a zip. An entry without content is one empty piece. */
export interface ZipPiece {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** the entry's last piece */
  readonly last: boolean;
}

/** Read at a time. Deflate makes a thousand times as much of it at the most, so whoever counts can stop in time. */
const PIECE_BYTES = 16 * 1024;

/**
 * The entries of a zip, one after the other in the order in which they lie in it, piece by piece: neither the file
 * nor an entry is ever in memory as a whole. Whoever reads decides how much is too much, and simply stops.
 * @throws LabError "file-not-readable", or what `broken` makes of a file that is no whole zip
 */
export function* zipPieces(file: string, broken: (reason: string) => LabError): Generator<ZipPiece> {
  const waiting: ZipPiece[] = [];
  const unzip = new Unzip((entry) => {
    entry.ondata = (error, bytes, last) => {
      if (error !== null) throw error;
      waiting.push({ name: entry.name, bytes, last });
    };
    entry.start();
  });
  unzip.register(UnzipInflate);
  const inflate = (bytes: Uint8Array, end: boolean): void => {
    try {
      unzip.push(bytes, end);
    } catch (thrown) {
      throw broken(thrown instanceof Error ? thrown.message : String(thrown));
    }
  };
  for (const bytes of fileBytes(file)) {
    inflate(bytes, false);
    yield* waiting.splice(0);
  }
  inflate(new Uint8Array(), true);
  yield* waiting.splice(0);
}

/**
 * The bytes of a file, piece by piece; each piece is a buffer of its own.
 * @throws LabError "file-not-readable"
 */
export function* fileBytes(file: string, pieceBytes = PIECE_BYTES): Generator<Uint8Array> {
  const name = path.basename(file);
  const read = <T>(work: () => T): T => {
    try {
      return work();
    } catch (cause) {
      throw unreadable(name, cause);
    }
  };
  // Looked at first: opening a pipe that nobody writes to would wait for ever.
  if (!read(() => statSync(file)).isFile()) throw unreadable(name, undefined);
  const handle = read(() => openSync(file, 'r'));
  try {
    for (;;) {
      const buffer = new Uint8Array(pieceBytes);
      const length = read(() => readSync(handle, buffer, 0, pieceBytes, null));
      if (length === 0) return;
      yield buffer.subarray(0, length);
    }
  } finally {
    closeSync(handle);
  }
}

function unreadable(name: string, cause: unknown): LabError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  const reason =
    code === 'ENOENT'
      ? 'is not there'
      : code === 'EACCES' || code === 'EPERM'
        ? 'may not be read'
        : cause === undefined || code === 'EISDIR'
          ? 'is no file'
          : `cannot be read (${String(code ?? cause)})`;
  return new LabError(
    'file-not-readable',
    `${name} ${reason}. Nothing was read.`,
    'Check the path and your rights to it.',
    { cause },
  );
}
