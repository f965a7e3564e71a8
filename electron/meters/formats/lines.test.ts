import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LabError } from '#core/errors';
import { splitter } from './lines.ts';

test('however a text is cut, its pieces are those of the whole', () => {
  const text = fc.array(fc.constantFrom('<', '/', 'p', '>', '</p>', 'text', '\n'), { maxLength: 40 });
  const mark = fc.constantFrom('</p>', '\n', '<<');
  const cuts = fc.array(fc.integer({ min: 0, max: 200 }), { maxLength: 20 });
  fc.assert(
    fc.property(text, mark, cuts, (parts, at, made) => {
      const whole = parts.join('');
      const edges = [0, ...made.filter((cut) => cut < whole.length).sort((a, b) => a - b), whole.length];
      const { push, rest } = splitter(at);
      const pieces = edges.slice(1).flatMap((edge, i) => push(whole.slice(edges[i], edge)));
      expect([...pieces, rest()]).toEqual(whole.split(at));
    }),
    { numRuns: 500 },
  );
});

test('a piece without an end is no sample', () => {
  const { push } = splitter('</p>');
  const much = 'x'.repeat(1024 * 1024);
  expect(() => {
    for (let i = 0; i < 17; i++) push(much);
  }).toThrow(LabError);
});
