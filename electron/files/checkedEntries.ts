/** Entries of an archive that a manifest names: each is checked against it while it is read. */
import { createHash } from 'node:crypto';
import type { z } from 'zod';
import type { LabError } from '#core/errors';
import { firstIssues } from '#core/profile';
import type { ZipPiece } from './unzip.ts';

/** Makes the error that says why an archive is not sound. */
export type Broken = (reason: string) => LabError;

/** What a manifest says of an entry. */
export interface NamedEntry<N extends string = string> {
  readonly name: N;
  /** length, bytes */
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * The text of the entry that must come first, such as the manifest itself.
 * @param most bytes that it may have
 * @throws what `broken` makes of another entry, one that is cut short or one that is too long
 */
export function firstEntry(pieces: Generator<ZipPiece>, name: string, most: number, broken: Broken): string {
  const parts: Uint8Array[] = [];
  let length = 0;
  for (let last = false; !last;) {
    const { value, done } = pieces.next();
    if (done === true || value.name !== name) {
      throw broken(parts.length === 0 ? `it does not begin with ${name}` : `${name} is cut short`);
    }
    length += value.bytes.length;
    if (length > most) throw broken(`${name} is too long`);
    parts.push(value.bytes);
    last = value.last;
  }
  return Buffer.concat(parts).toString('utf8');
}

/**
 * The content of the next entry, which must be the one that the manifest names here, as long and with its hash.
 * @throws what `broken` makes of any other
 */
export function* entryBytes(
  pieces: Generator<ZipPiece>,
  { name, bytes, sha256 }: NamedEntry,
  broken: Broken,
): Generator<Uint8Array> {
  const hash = createHash('sha256');
  let length = 0;
  for (let last = false; !last;) {
    const { value, done } = pieces.next();
    if (done === true) throw broken(`${name} is missing or cut short`);
    if (value.name !== name) throw broken(`${quoted(value.name)} stands where ${name} belongs`);
    length += value.bytes.length;
    if (length > bytes) throw broken(`${name} is longer than the ${bytes} bytes that its manifest says`);
    hash.update(value.bytes);
    if (value.bytes.length > 0) yield value.bytes;
    last = value.last;
  }
  if (length < bytes) throw broken(`${name} is shorter than the ${bytes} bytes that its manifest says`);
  if (hash.digest('hex') !== sha256) throw broken(`the checksum of ${name} is wrong`);
}

/** @throws what `broken` makes of an entry that comes after all those of the manifest */
export function noMoreEntries(pieces: Generator<ZipPiece>, broken: Broken): void {
  const more = pieces.next();
  if (more.done !== true) {
    throw broken(`it holds ${quoted(more.value.name)}, which its manifest does not name`);
  }
}

/**
 * A JSON text of an entry, in its form.
 * @throws what `broken` makes of a text that is no JSON, or of another form
 */
export function parseEntry<S extends z.ZodType>(
  text: string,
  schema: S,
  entry: string,
  broken: Broken,
): z.output<S> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw broken(`${entry} is not readable`);
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw broken(`${entry}: ${firstIssues(result.error)}`);
}

function quoted(name: string): string {
  return JSON.stringify(name.length > 60 ? `${name.slice(0, 60)}…` : name);
}
