import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { canonicalJson } from '#core/canonicalJson';
import { firstIssues } from '#core/profile';
import type { ReadDb, WriteDb } from './sqlite.ts';
import { damaged } from './storeError.ts';

export { canonicalJson };

/** SHA-256 in hexadecimal. */
export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/**
 * Keeps a document under the hash of its content; the same content is kept once.
 * @returns the hash
 */
export function putContent(db: WriteDb, document: unknown): string {
  const text = canonicalJson(document);
  const hash = sha256(text);
  db.prepare('INSERT INTO content (hash, document) VALUES (?, ?) ON CONFLICT DO NOTHING').run(hash, text);
  return hash;
}

/** Keeps a document whose hash is known, where it is no longer kept: what referred to it may have gone meanwhile. */
export function keepContent(db: WriteDb, hash: string, document: unknown): void {
  if (db.prepare('SELECT 1 FROM content WHERE hash = ?').get(hash) === undefined) putContent(db, document);
}

/**
 * The document with this hash.
 * @param what what it is, for the message
 * @throws LabError "database-damaged" when it is not there or not what it should be
 */
export function getContent<S extends z.ZodType>(
  db: ReadDb,
  hash: string,
  schema: S,
  what: string,
): z.output<S> {
  const text = db.prepare<[string], string>('SELECT document FROM content WHERE hash = ?').pluck().get(hash);
  if (text === undefined) throw damaged(db.name, `${what} is missing`);
  return parseStored(db, text, schema, what);
}

/**
 * Reads JSON that the store wrote.
 * @throws LabError "database-damaged" when it is not what it should be
 */
export function parseStored<S extends z.ZodType>(
  db: ReadDb,
  text: string,
  schema: S,
  what: string,
): z.output<S> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw damaged(db.name, `${what} is not readable`);
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw damaged(db.name, `${what}: ${firstIssues(result.error)}`);
}

/** Drops the documents that no profile, workload, study or comparison refers to any more. */
export function dropUnusedContent(db: WriteDb): void {
  db.exec(`
    DELETE FROM content WHERE hash NOT IN (
      SELECT content_hash FROM profile
      UNION SELECT content_hash FROM workload
      UNION SELECT small_hash FROM study
      UNION SELECT large_hash FROM study
      UNION SELECT workload_hash FROM study
      UNION SELECT workload_hash FROM comparison
      UNION SELECT hash FROM comparison_profile
    )
  `);
}
