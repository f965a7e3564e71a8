import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MOST_PAIRS } from '#core/workloadImport/joint';
import type { WorkloadRequest } from '#core/workloadImport/request';
import { droppedOf, pairsOf, readMade, warningsOf } from '../../test/readMade.ts';

/** R's type 7, of values written out one by one. */
function quantile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const position = (sorted.length - 1) * p;
  const low = Math.floor(position);
  return sorted[low]! + ((sorted[low + 1] ?? sorted[low]!) - sorted[low]!) * (position - low);
}

describe('a table of token counts', () => {
  const count = fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: 0, max: 40 }).map(String) },
    { weight: 1, arbitrary: fc.constantFrom('', '-3', '2.5', 'x', '1e2', '1e300', ' 7 ', '12.0') },
  );
  const time = fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: 0, max: 5000 }).map((ms) => String(ms / 8)) },
    { weight: 1, arbitrary: fc.constantFrom('', 'x') },
  );
  const rows = fc.array(fc.tuple(count, count, time), { minLength: 1, maxLength: 60 });

  test('comes to the same inside DuckDB and row by row, faults and arrivals too', async () => {
    await fc.assert(
      fc.asyncProperty(rows, async (table) => {
        fc.pre(table.some(([m, n]) => /^\d+$/.test(m) && /^\d+$/.test(n)));
        const wishes: Omit<WorkloadRequest, 'files'> = {
          input: ['a'],
          output: 'b',
          arrival: 't',
          format: 'counts',
          timeUnit: 's',
        };
        const csv = ['t,a,b', ...table.map(([m, n, t]) => `${t},${m},${n}`)].join('\n');
        // A document, which is read without DuckDB.
        const json = JSON.stringify(
          { rows: 'below', data: table.map(([a, b, t]) => ({ t, a, b })) },
          null,
          1,
        );
        const [inside, outside] = [
          await readMade('t.csv', csv, wishes),
          await readMade('t.json', json, wishes),
        ];
        expect(pairsOf(inside)).toEqual(pairsOf(outside));
        expect(inside.rows).toBe(outside.rows);
        expect(inside.percentiles).toEqual(outside.percentiles);
        expect(warningsOf(inside)).toEqual(warningsOf(outside));
        const [a, b] = [inside.workload.arrivals, outside.workload.arrivals];
        expect(a === undefined).toBe(b === undefined);
        if (a && b) {
          expect({ ...a, gapCv: 0, ratePerS: 0, spanS: 0 }).toEqual({
            ...b,
            gapCv: 0,
            ratePerS: 0,
            spanS: 0,
          });
          expect(a.spanS).toBeCloseTo(b.spanS, 9);
          expect(a.gapCv ?? -1).toBeCloseTo(b.gapCv ?? -1, 9);
        }
        const reasons = (read: typeof inside): number =>
          droppedOf(read).reduce((sum, each) => sum + Number(each.split(':')[0]), 0);
        expect(reasons(inside)).toBe(reasons(outside));
      }),
      { numRuns: 60 },
    );
  });

  test('has the percentiles of its queries, R type 7', async () => {
    const lengths = fc.array(fc.tuple(fc.integer({ min: 0, max: 5000 }), fc.integer({ min: 1, max: 300 })), {
      minLength: 1,
      maxLength: 80,
    });
    await fc.assert(
      fc.asyncProperty(lengths, async (queries) => {
        const csv = `m,n,count\n${queries.map(([m, n]) => `${m},${n},1`).join('\n')}\n`;
        const { percentiles } = await readMade('t.csv', csv);
        for (const [axis, i] of [
          ['input', 0],
          ['output', 1],
        ] as const) {
          const values = queries.map((query) => query[i]);
          for (const [name, p] of [
            ['min', 0],
            ['p5', 0.05],
            ['p25', 0.25],
            ['median', 0.5],
            ['p75', 0.75],
            ['p90', 0.9],
            ['p95', 0.95],
            ['p99', 0.99],
            ['max', 1],
          ] as const) {
            expect(percentiles[axis][name], `${axis} ${name}`).toBeCloseTo(quantile(values, p), 9);
          }
        }
      }),
      { numRuns: 30 },
    );
  });
});

test('more pairs than the lab keeps are merged, and that is said; the percentiles are of the very lengths', async () => {
  const most = MOST_PAIRS + 1000;
  const rows = Array.from({ length: most }, (_, i) => `${100_000 + i},${1 + (i % 7)}`);
  const read = await readMade('many.csv', `prompt_tokens,completion_tokens\n${rows.join('\n')}\n`);
  expect(warningsOf(read)).toEqual(['coarsened']);
  expect(read.workload.modelled).toBe(true);
  const pairs = pairsOf(read);
  expect(pairs.length).toBeLessThanOrEqual(MOST_PAIRS);
  expect(pairs.reduce((sum, [, , count]) => sum + count!, 0)).toBe(most);
  expect(read.percentiles.input).toMatchObject({
    min: 100_000,
    max: 100_000 + most - 1,
    median: 100_000 + (most - 1) / 2,
  });
});
