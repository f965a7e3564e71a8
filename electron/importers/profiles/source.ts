import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { LabError } from '#core/errors';
import type { Source, SourceHead } from './importFormat.ts';
import { binaryKind, decodeText, encodingOf, type TextEncoding } from './text/decode.ts';

/** bytes by which a file is recognised */
const HEAD_BYTES = 64 * 1024;
/** the largest file that is held in memory as one text; larger ones are streamed */
export const WHOLE_TEXT_BYTES = 16 * 1024 * 1024;
/** the largest document (YAML, or JSON that is one value) that is taken at all */
export const DOCUMENT_BYTES = 128 * 1024 * 1024;

export interface SourceWatch {
  readonly signal: AbortSignal;
  readonly progress: (fraction: number) => void;
}

/** Looks at the beginning of a file, and throws where that is enough to know that no reader takes it. */
export type Look = (file: {
  readonly name: string;
  readonly head: SourceHead;
  readonly beginning: Uint8Array;
}) => void;

/**
 * Looks at a file: what it begins with, how large it is and its hash. The file is read once, piece by piece.
 * @param look before the whole is read
 * @throws LabError "file-not-readable", "bad-profile" when it is empty, "interrupted"
 */
export async function openSource(
  file: string,
  { signal, progress }: SourceWatch,
  look: Look = () => {},
): Promise<Source> {
  const name = path.basename(file);
  const tried = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (thrown) {
      if (signal.aborted) throw stopped(name, thrown);
      throw notReadable(name, thrown);
    }
  };
  const bytes = await tried(async () => {
    const facts = await stat(file);
    if (facts.isDirectory()) throw Object.assign(new Error('a folder'), { code: 'EISDIR' });
    // A pipe or a device has no end that one could wait for.
    if (!facts.isFile()) throw Object.assign(new Error('it is no plain file'), { code: 'EISPIPE' });
    return facts.size;
  });
  if (bytes === 0) throw emptyFile(name);
  const head = await tried(async () => {
    const handle = await open(file);
    try {
      const buffer = Buffer.alloc(Math.min(HEAD_BYTES, bytes));
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  });
  const known = headOf(head, bytes <= head.length);
  look({ name, head: known, beginning: head });
  const sha256 = await tried(async () => {
    const hash = createHash('sha256');
    let done = 0;
    for await (const piece of createReadStream(file, { highWaterMark: 1 << 20, signal })) {
      hash.update(piece as Buffer);
      done += (piece as Buffer).length;
      progress(done / bytes);
    }
    return hash.digest('hex');
  });
  return {
    path: file,
    file: { name, bytes, sha256 },
    head: known,
    signal,
    progress,
    bytes: async (most) => {
      if (bytes > most) throw tooLarge(name, bytes, most);
      return tried(() => readFile(file, { signal }));
    },
    text: async (most = DOCUMENT_BYTES) => {
      if (bytes > most) throw tooLarge(name, bytes, most);
      const whole = await tried(() => readFile(file, { signal }));
      return decodeText(whole, encodingOf(whole, true));
    },
  };
}

/** A source that is in memory already; for tests, and for what comes out of an archive. */
export function memorySource(name: string, content: string | Uint8Array, watch?: SourceWatch): Source {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const most = (limit: number): void => {
    if (bytes.length > limit) throw tooLarge(name, bytes.length, limit);
  };
  return {
    path: '',
    file: { name, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') },
    head: headOf(bytes.subarray(0, HEAD_BYTES), bytes.length <= HEAD_BYTES),
    signal: watch?.signal ?? new AbortController().signal,
    progress: watch?.progress ?? (() => {}),
    bytes: (limit) => Promise.resolve().then(() => (most(limit), bytes)),
    text: (limit = DOCUMENT_BYTES) =>
      Promise.resolve().then(() => (most(limit), decodeText(bytes, encodingOf(bytes, true)))),
  };
}

function headOf(bytes: Uint8Array, whole: boolean): SourceHead {
  const binary = binaryKind(bytes);
  if (binary !== null) return { text: '', whole, binary, encoding: 'utf-8' };
  const encoding: TextEncoding = encodingOf(bytes, whole);
  return { text: decodeText(bytes, encoding).replace(/\uFFFD+$/, ''), whole, binary: null, encoding };
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EACCES: 'its permissions do not allow it',
  EPERM: 'its permissions do not allow it',
  EISDIR: 'it is a folder',
  EISPIPE: 'it is no plain file',
};

function notReadable(name: string, thrown: unknown): LabError {
  if (thrown instanceof LabError) return thrown;
  const { code = '', message } = thrown as NodeJS.ErrnoException;
  return new LabError(
    'file-not-readable',
    `${name} cannot be read: ${REASONS[code] ?? message}.`,
    'Nothing was imported. Check the name.',
    { cause: thrown },
  );
}

function stopped(name: string, cause: unknown): LabError {
  return new LabError('interrupted', `Reading ${name} was stopped. Nothing was imported.`, undefined, {
    cause,
  });
}

function emptyFile(name: string): LabError {
  return new LabError(
    'bad-profile',
    `${name} is empty.`,
    'Nothing was imported. Choose a file with measurements.',
  );
}

function tooLarge(name: string, bytes: number, most: number): LabError {
  const mib = (value: number): string => `${Math.round(value / 2 ** 20)} MiB`;
  return new LabError(
    'bad-profile',
    `${name} has ${mib(bytes)}; a document that has to be read as one piece may have ${mib(most)}.`,
    'Nothing was imported. Bring it as a table (CSV, JSON lines, Parquet), which is read in pieces.',
  );
}
