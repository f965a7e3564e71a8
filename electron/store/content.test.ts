import { expect, test } from 'vitest';
import { z } from 'zod';
import { temporaryFolder } from '../test/temporaryFolder.ts';
import { labErrorOf } from '../test/thrown.ts';
import { canonicalJson, dropUnusedContent, getContent, putContent, sha256 } from './content.ts';
import { openForWriting } from './database.ts';

test('equal content is equal text, whatever the order of its keys', () => {
  expect(canonicalJson({ b: 1, a: { d: [2, { f: 3, e: 4 }], c: null } })).toBe(
    '{"a":{"c":null,"d":[2,{"e":4,"f":3}]},"b":1}',
  );
});

test('a hash is SHA-256 in hexadecimal', () => {
  // The example of FIPS 180-2.
  expect(sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});

test('the same content is kept once, and dropped when nothing refers to it', () => {
  const db = openForWriting(temporaryFolder());
  const hash = putContent(db, { a: 1, b: 2 });
  expect(putContent(db, { b: 2, a: 1 })).toBe(hash);
  expect(getContent(db, hash, z.object({ a: z.number() }), 'it')).toEqual({ a: 1 });
  dropUnusedContent(db);
  expect(labErrorOf(() => getContent(db, hash, z.unknown(), 'it')).kind).toBe('database-damaged');
  db.close();
});

test('content of another form is damage, and the message says of what', () => {
  const db = openForWriting(temporaryFolder());
  const hash = putContent(db, { a: 'text' });
  const error = labErrorOf(() => getContent(db, hash, z.object({ a: z.number() }), 'the profile x'));
  expect(error.kind).toBe('database-damaged');
  expect(error.message).toContain('the profile x: a:');
  db.close();
});
