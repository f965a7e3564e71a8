import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bundledWorkload, madeWorkload } from '../../test/bundled.ts';
import { LabError } from '../errors.ts';
import { marginal, queryCount } from '../workload.ts';
import { MOST_TOKENS, pairTable, productIndex } from './pairs.ts';
import { sortOrder } from './sortOrder.ts';

const triples = fc.array(
  fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 9 })),
  { minLength: 1, maxLength: 60 },
);

describe('the joint table', () => {
  test('merges pairs that occur twice and sorts by m, then n', () => {
    const table = pairTable(
      madeWorkload([
        [7, 2, 1],
        [3, 9, 2],
        [7, 2, 4],
        [3, 1, 3],
      ]),
    );
    expect([...table.m]).toEqual([3, 3, 7]);
    expect([...table.n]).toEqual([1, 9, 2]);
    expect([...table.count]).toEqual([3, 2, 5]);
    expect(table.queries).toBe(10);
    expect([...table.input.values]).toEqual([3, 7]);
    expect([...table.output.values]).toEqual([1, 2, 9]);
    expect([...table.output.of]).toEqual([0, 2, 1]);
    expect([...productIndex(table).values]).toEqual([3, 14, 27]);
  });

  test('holds the same queries as the workload, whatever it is', () => {
    fc.assert(
      fc.property(triples, (pairs) => {
        const workload = madeWorkload(pairs);
        const table = pairTable(workload);
        const expected = new Map<string, number>();
        for (const [m, n, count] of pairs) {
          expected.set(`${m} ${n}`, (expected.get(`${m} ${n}`) ?? 0) + count);
        }
        expect(table.size).toBe(expected.size);
        table.count.forEach((count, i) => expect(count).toBe(expected.get(`${table.m[i]} ${table.n[i]}`)));
        expect([...table.input.values]).toEqual(marginal(workload, 'input').map(([length]) => length));
        table.output.of.forEach((at, i) => expect(table.output.values[at]).toBe(table.n[i]));
      }),
    );
  });

  test('of Alpaca has its 9,010 pairs and 51,941 queries', () => {
    const workload = bundledWorkload('alpaca-davinci');
    const table = pairTable(workload);
    expect([table.size, table.queries]).toEqual([9010, queryCount(workload)]);
    expect(table.input.values.length).toBe(207);
    expect(table.output.values.length).toBe(500);
  });

  test.each([
    [[], 'has no queries'],
    [[[1.5, 2, 1]], '1.5 input tokens'],
    [[[1, -2, 1]], '-2 output tokens'],
    [[[1, MOST_TOKENS + 1, 1]], 'output tokens'],
    [[[NaN, 1, 1]], 'NaN input tokens'],
    [[[1, 1, 0]], 'counts 0 queries'],
    [[[1, 1, NaN]], 'counts NaN queries'],
    [[[1, 1, Infinity]], 'counts Infinity queries'],
  ] as [[number, number, number][], string][])('of %j is refused', (pairs, words) => {
    const build = (): unknown => pairTable({ ...madeWorkload([[1, 1, 1]]), pairs });
    expect(build).toThrow(LabError);
    expect(build).toThrow(words);
  });
});

describe('the order of whole numbers', () => {
  test('is the stable ascending one, few or many', () => {
    const numbers = fc.oneof(
      fc.array(fc.integer({ min: 0, max: 2 ** 31 }), { maxLength: 400 }),
      fc.array(fc.maxSafeNat(), { minLength: 250, maxLength: 600 }),
      fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 250, maxLength: 600 }),
    );
    fc.assert(
      fc.property(numbers, (values) => {
        const expected = values.map((_, i) => i).sort((a, b) => values[a]! - values[b]! || a - b);
        expect([...sortOrder(values)]).toEqual(expected);
      }),
    );
  });

  test('keeps an order that it begins with among equals', () => {
    for (const length of [5, 500]) {
      const values = Array.from({ length }, (_, i) => i % 2);
      const start = Uint32Array.from({ length }, (_, i) => length - 1 - i);
      const expected = [0, 1].flatMap((bit) => [...start].filter((i) => i % 2 === bit));
      expect([...sortOrder(values, start)]).toEqual(expected);
    }
  });
});
