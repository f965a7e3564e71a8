import { writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { zipSync, type Zippable } from 'fflate';
import { expect, test } from 'vitest';
import { LabError } from '#core/errors';
import { randomOf } from '#core/sweep';
import { temporaryFolder } from '../test/temporaryFolder.ts';
import { labErrorOf } from '../test/thrown.ts';
import { zipPieces } from './unzip.ts';

const broken = (reason: string): LabError => new LabError('bad-bundle', reason);

function saved(bytes: Uint8Array): string {
  const file = path.join(temporaryFolder(), 'a.zip');
  writeFileSync(file, bytes);
  return file;
}

test('entries come in their order, whole, however large they are', () => {
  const file = path.join(temporaryFolder(), 'a.zip');
  const entry = fc.record({
    length: fc.oneof(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 60_000 })),
    seed: fc.nat(),
    level: fc.constantFrom(0 as const, 6 as const),
  });
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 4 }), (asked) => {
      const contents = asked.map(({ length, seed }) => {
        const random = randomOf(seed);
        return Buffer.from(Array.from({ length }, () => random() * 4));
      });
      const files: Zippable = {};
      asked.forEach(({ level }, i) => (files[`entry-${i}`] = [contents[i]!, { level }]));
      writeFileSync(file, zipSync(files));
      const found: { name: string; parts: Uint8Array[]; ends: number }[] = [];
      for (const { name, bytes, last } of zipPieces(file, broken)) {
        if (found.at(-1)?.name !== name) found.push({ name, parts: [], ends: 0 });
        const latest = found.at(-1)!;
        latest.parts.push(bytes);
        if (last) latest.ends += 1;
      }
      expect(found.map(({ name, ends }) => [name, ends])).toEqual(contents.map((_, i) => [`entry-${i}`, 1]));
      found.forEach(({ parts }, i) => expect(Buffer.compare(Buffer.concat(parts), contents[i]!)).toBe(0));
    }),
    { numRuns: 50 },
  );
});

test('whoever reads can stop a bomb after a piece of it', () => {
  const size = 40 * 1024 * 1024;
  const file = saved(zipSync({ bomb: new Uint8Array(size) }));
  const pieces = zipPieces(file, broken);
  const first = pieces.next();
  expect(first.value?.bytes.length).toBeLessThan(size / 2);
  expect(pieces.return(undefined).done).toBe(true);
});

test('a zip that is cut, or packed in a way that is not known, is broken', () => {
  const bytes = zipSync({ entry: new Uint8Array(100).fill(7) }, { level: 0 });
  const whole = (file: string) => () => [...zipPieces(file, broken)];
  expect(labErrorOf(whole(saved(bytes.slice(0, 80)))).kind).toBe('bad-bundle');
  const unknown = bytes.slice();
  unknown[8] = 93;
  expect(labErrorOf(whole(saved(unknown))).message).toContain('unknown compression type');
});
