import { describe, expect, test } from 'vitest';
import { gpuRounds } from './gpuRounds.ts';

type Row = readonly [atS: number, powerW: number, gpu?: number];

function rounds(rows: readonly Row[]): { found: [number, number][]; turns: number } {
  const found: [number, number][] = [];
  const reader = gpuRounds((atS, powerW) => found.push([atS, powerW]));
  for (const [atS, powerW, gpu] of rows) reader.push(atS, powerW, gpu);
  reader.end();
  return { found, turns: reader.turns() };
}

/** Rows of four GPUs at 10, 20, 30 and 40 W, a hundredth of a second apart, every second. */
const four = (seconds: number, withIndex: boolean): Row[] =>
  Array.from({ length: 4 * seconds }, (_, i): Row => {
    const gpu = i % 4;
    const row = [Math.floor(i / 4) + gpu / 100, 10 * (gpu + 1)] as const;
    return withIndex ? [...row, gpu] : row;
  });

describe.each([
  ['with an index', true],
  ['without one', false],
])('four GPUs %s', (_, withIndex) => {
  const all = four(40, withIndex);

  test('are added up, each round at the time of its last row', () => {
    const { found } = rounds(all);
    expect(found).toHaveLength(40);
    expect(found[0]).toEqual([0.03, 100]);
    expect(found.every(([, powerW]) => powerW === 100)).toBe(true);
  });

  test('a log that begins or ends in the middle of a round has no round of less than all', () => {
    const { found } = rounds(all.slice(2, -1));
    expect(found.length).toBeGreaterThanOrEqual(38);
    expect(found.every(([, powerW]) => powerW === 100)).toBe(true);
  });

  test('a row that is lost makes them neither one GPU nor fewer', () => {
    const { found } = rounds(all.toSpliced(21, 1));
    expect(found.length).toBeGreaterThanOrEqual(38);
    expect(found.every(([, powerW]) => powerW === 100)).toBe(true);
  });
});

test('how many take turns without an index is told, also where a row is lost or a round cut', () => {
  const all = four(40, false);
  expect(rounds(all).turns).toBe(4);
  expect(rounds(all.slice(3)).turns).toBe(4);
  expect(rounds(all.toSpliced(21, 1)).turns).toBe(4);
});

test('one GPU is one, whatever its rows do', () => {
  const even = Array.from({ length: 100 }, (_, i): Row => [i / 10, 50]);
  expect(rounds(even)).toMatchObject({ turns: 1 });
  expect(rounds(even).found).toHaveLength(100);
  // Two rows at once after a stall.
  const stalled = even.map(([atS, powerW], i): Row => [i === 30 ? atS + 0.099 : atS, powerW]);
  expect(rounds(stalled).found).toHaveLength(100);
  const indexed = even.map(([atS, powerW]): Row => [atS, powerW, 0]);
  expect(rounds(indexed).found).toEqual(even.map(([atS, powerW]) => [atS, powerW]));
  expect(rounds([[0, 50, 0]]).found).toEqual([[0, 50]]);
});

test('sixteen GPUs are not taken for one, although few of the steps between rows are pauses', () => {
  const all = Array.from({ length: 16 * 20 }, (_, i): Row => [Math.floor(i / 16) + (i % 16) / 1000, 50]);
  const { found, turns } = rounds(all);
  expect(turns).toBe(16);
  expect(found.every(([, powerW]) => powerW === 800)).toBe(true);
});
