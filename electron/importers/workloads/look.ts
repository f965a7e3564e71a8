/** A first look at a file: what kind of content it has, told by its bytes, and text made readable where it is not. */
import { createReadStream, createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createGunzip, gunzipSync } from 'node:zlib';
import { LabError } from '#core/errors';
import { checkReadable, notReadable } from '../readable.ts';

/** How much of a file is looked at. */
const HEAD_BYTES = 1 << 20;

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

/** What a file turned out to be. */
export interface Look {
  /** what to read: the file itself, or its text as UTF-8 in the scratch folder */
  readonly file: string;
  /** for messages: the name without its folder */
  readonly name: string;
  readonly kind: 'parquet' | 'text';
  readonly gzip: boolean;
  readonly encoding: Encoding;
  /** the beginning as text, without a byte-order mark */
  readonly head: string;
  /** whether the head is all of it */
  readonly whole: boolean;
  /** on disk, compressed where it is */
  readonly bytes: number;
}

/** Content that is something else, by its first bytes. */
const OTHERS: readonly (readonly [string, readonly number[]])[] = [
  ['a ZIP archive (or an Excel file)', [0x50, 0x4b, 0x03, 0x04]],
  ['a Zstandard archive', [0x28, 0xb5, 0x2f, 0xfd]],
  ['a 7z archive', [0x37, 0x7a, 0xbc, 0xaf]],
  ['a bzip2 archive', [0x42, 0x5a, 0x68]],
  ['an xz archive', [0xfd, 0x37, 0x7a, 0x58]],
  ['an SQLite database', [0x53, 0x51, 0x4c, 0x69, 0x74, 0x65, 0x20]],
  ['a PDF', [0x25, 0x50, 0x44, 0x46]],
  ['an Arrow file', [0x41, 0x52, 0x52, 0x4f, 0x57, 0x31]],
  ['a GGUF model', [0x47, 0x47, 0x55, 0x46]],
];

/**
 * Looks at a file.
 * @throws LabError "file-not-readable", "bad-workload"
 */
export async function lookAt(file: string): Promise<Look> {
  const name = path.basename(file);
  const { start, bytes } = await beginningOf(file);
  if (bytes === 0) throw refused(name, 'is empty', 'Choose another file.');
  const found = OTHERS.find(([, magic]) => magic.every((byte, i) => start[i] === byte));
  if (found !== undefined) {
    throw refused(name, `is ${found[0]}`, 'Unpack it, or export it as CSV, JSON lines or Parquet.');
  }
  if (start.subarray(0, 4).toString('latin1') === 'PAR1') {
    return { file, name, kind: 'parquet', gzip: false, encoding: 'utf-8', head: '', whole: false, bytes };
  }
  const gzip = start[0] === 0x1f && start[1] === 0x8b;
  const content = gzip ? unpacked(start, name) : start;
  const whole = bytes <= HEAD_BYTES && (!gzip || content.length < HEAD_BYTES);
  const encoding = encodingOf(content, whole);
  const head = new TextDecoder(encoding).decode(content, { stream: !whole });
  if (head.trim() === '') throw refused(name, 'holds nothing but empty lines', 'Choose another file.');
  // eslint-disable-next-line no-control-regex
  const odd = head.slice(0, 10_000).match(/[\u0000-\u0008\u000e-\u001f]/g)?.length ?? 0;
  if (odd > 0) throw refused(name, 'is no text and no Parquet', 'Export it as CSV, JSON lines or Parquet.');
  return { file, name, kind: 'text', gzip, encoding, head, whole, bytes };
}

async function beginningOf(file: string): Promise<{ start: Buffer; bytes: number }> {
  await checkReadable(file);
  try {
    const handle = await open(file, 'r');
    try {
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
      return { start: buffer.subarray(0, bytesRead), bytes: (await handle.stat()).size };
    } finally {
      await handle.close();
    }
  } catch (cause) {
    throw notReadable(file, cause);
  }
}

/** The beginning of what is compressed; never more than ten times the head, whatever it unpacks to. */
function unpacked(start: Buffer, name: string): Buffer {
  try {
    return gunzipSync(start, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 10 * HEAD_BYTES });
  } catch (cause) {
    // It unpacks to more, as text that repeats does: a smaller piece of it shows the same.
    if (cause instanceof RangeError && start.length > 1024) {
      return unpacked(start.subarray(0, start.length >> 2), name);
    }
    throw refused(name, 'is compressed, and damaged', 'Unpack it, or make it anew.', cause);
  }
}

function encodingOf(content: Buffer, whole: boolean): Encoding {
  if (content[0] === 0xff && content[1] === 0xfe) return 'utf-16le';
  if (content[0] === 0xfe && content[1] === 0xff) return 'utf-16be';
  // UTF-16 without a mark: every other byte of plain letters is 0.
  const sample = content.subarray(0, 200);
  const zeros = [0, 1].map((side) => sample.filter((byte, i) => byte === 0 && i % 2 === side).length);
  if (zeros[1]! > sample.length / 4 && zeros[0] === 0) return 'utf-16le';
  if (zeros[0]! > sample.length / 4 && zeros[1] === 0) return 'utf-16be';
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(content, { stream: !whole });
    return 'utf-8';
  } catch {
    return 'windows-1252';
  }
}

/**
 * The same content as UTF-8: the file itself, or a copy in the scratch folder.
 * @param encoding what it is in, where that is known better by now
 * @throws LabError "bad-workload", "disk-full"
 */
export async function asUtf8(look: Look, scratch: string, encoding = look.encoding): Promise<Look> {
  if (encoding === 'utf-8' || look.kind === 'parquet') return look;
  const file = path.join(scratch, `${encoding}-${Buffer.from(look.name).toString('hex').slice(0, 60)}`);
  const decoder = new TextDecoder(encoding);
  const recode = new Transform({
    transform: (chunk: Buffer, _encoding, done) => done(null, decoder.decode(chunk, { stream: true })),
    flush: (done) => done(null, decoder.decode()),
  });
  try {
    const source = createReadStream(look.file);
    const target = createWriteStream(file, 'utf8');
    await (look.gzip ? pipeline(source, createGunzip(), recode, target) : pipeline(source, recode, target));
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    if (code === 'ENOSPC' || code === 'EDQUOT') {
      throw new LabError(
        'disk-full',
        `The disk for temporary files is full while reading ${look.name}. Nothing was written.`,
        'Free some space, or save the file as UTF-8.',
        { cause },
      );
    }
    throw refused(look.name, 'cannot be read to its end', 'Make it anew, as UTF-8.', cause);
  }
  return { ...look, file, gzip: false, encoding };
}

/** The error for a file that is not what it should be. */
export function refused(name: string, what: string, hint: string, cause?: unknown): LabError {
  return new LabError('bad-workload', `${name} ${what}. Nothing was written.`, hint, { cause });
}
