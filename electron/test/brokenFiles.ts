/** For tests that break files. */
import fc from 'fast-check';

const NASTY = [
  '=cmd|" /C calc"!A0',
  '@SUM(1+1)*cmd',
  '+1e308',
  '-1e999',
  '9'.repeat(400),
  '1e308,1e308,1e308',
  'NaN',
  'Infinity',
  '-0',
  '""',
  '"',
  '\u0000',
  '\uFEFF',
  '\u2028',
  '\n',
  '\r',
  ';',
  ',,,,,,,,',
  '[[[[[[[[',
  '{"a":',
  '}',
  'null',
  '{}',
  '[]',
  '"__proto__":1,',
  '1,234.5',
  '0x1F',
  '𝟙',
  '{"a":'.repeat(3000),
  '['.repeat(20_000),
];

/** A way to break a file. */
export type Mutation = (bytes: Buffer) => Buffer;
const place = fc.double({ min: 0, max: 1, noNaN: true });
const text =
  (change: (value: string) => string): Mutation =>
  (bytes) =>
    Buffer.from(change(bytes.toString('utf8')));
/** What happens to files: cut, flipped, put in another encoding, filled with what nobody expects. */
export const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  place.map(
    (at): Mutation =>
      (bytes) =>
        bytes.subarray(0, Math.floor(at * bytes.length)),
  ),
  place.map(
    (at): Mutation =>
      (bytes) =>
        bytes.subarray(Math.floor(at * bytes.length)),
  ),
  fc.tuple(place, fc.integer({ min: 1, max: 255 })).map(([at, mask]): Mutation => (bytes) => {
    const changed = Buffer.from(bytes);
    const index = Math.floor(at * changed.length);
    if (index < changed.length) changed[index]! ^= mask;
    return changed;
  }),
  fc.tuple(place, fc.constantFrom(...NASTY)).map(([at, what]) =>
    text((value) => {
      const index = Math.floor(at * value.length);
      return value.slice(0, index) + what + value.slice(index);
    }),
  ),
  // A number, a text or a word is exchanged for something else.
  fc.tuple(place, fc.constantFrom(...NASTY)).map(([at, what]) =>
    text((value) => {
      const tokens = [...value.matchAll(/[\d.]+|"[^"]*"|\w+/g)];
      const token = tokens[Math.floor(at * tokens.length)];
      return token === undefined
        ? value
        : value.slice(0, token.index) + what + value.slice(token.index + token[0].length);
    }),
  ),
  fc
    .tuple(place, place)
    .map(([from, to]) =>
      text((value) => value + value.slice(Math.floor(from * value.length), Math.floor(to * value.length))),
    ),
  fc.constantFrom<Mutation>(
    text((value) => value.replaceAll('\n', '\r\n')),
    text((value) => value.replaceAll('\n', '\r')),
    text((value) => value.replaceAll(',', ';').replaceAll('.', ',')),
    text((value) => value.replaceAll(/\d+/g, (digits) => `${digits}e300`)),
    text((value) => value.replaceAll(/\d+/g, '')),
    text((value) => value.replaceAll(/\d+/g, '-1')),
    text((value) => value.replaceAll('"', "'")),
    text((value) => `\uFEFF${value}`),
    (bytes) => Buffer.from(`\uFEFF${bytes.toString('utf8')}`, 'utf16le'),
    (bytes) => Buffer.from(bytes.toString('utf8'), 'utf16le'),
    (bytes) => Buffer.from(bytes.toString('utf8'), 'utf16le').swap16(),
    () => Buffer.alloc(0),
  ),
);

/** Every number within a value. */
export function numbersIn(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersIn) : [];
}
