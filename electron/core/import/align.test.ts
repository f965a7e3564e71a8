import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EnergySample, Span } from '../meter.ts';
import { busySpans, coarseShift, fineShift, lookedAt, onClock, shareWithin, zoneShifts } from './align.ts';

const HOUR = 3600;
const utc = { kind: 'utc', slackS: 2 } as const;
const local = { kind: 'local', slackS: 5 } as const;

/** 50 W, and 250 W while it works, a sample each 0.1 s. */
function logOf(work: readonly Span[], startS: number, endS: number): EnergySample[] {
  return Array.from({ length: Math.round((endS - startS) * 10) }, (_, i) => {
    const [from, to] = [startS + i / 10, startS + (i + 1) / 10];
    const busy = work.reduce(
      (sum, span) => sum + Math.max(0, Math.min(to, span.endS) - Math.max(from, span.startS)),
      0,
    );
    return { startS: from, endS: to, energyJ: { gpu: 5 + 200 * busy } };
  });
}
const uneven = [3, 9, 11, 20, 22.5, 31].map((startS, i) => ({
  startS: 100 + startS,
  endS: 101.5 + startS + (i % 3) * 0.4,
}));

test('work that overlaps or touches is put together', () => {
  expect(
    busySpans([
      { startS: 5, endS: 6 },
      { startS: 0, endS: 2 },
      { startS: 1, endS: 3 },
      { startS: 3, endS: 4 },
      { startS: 9, endS: 9 },
    ]),
  ).toEqual([
    { startS: 0, endS: 4 },
    { startS: 5, endS: 6 },
  ]);
  expect(shareWithin([{ startS: 0, endS: 4 }], { startS: 1, endS: 3 }, 0)).toBe(0.5);
  expect(shareWithin([{ startS: 0, endS: 4 }], { startS: 1, endS: 3 }, -1)).toBe(0.5);
  expect(shareWithin([{ startS: 0, endS: 4 }], { startS: 1, endS: 3 }, 3)).toBe(0);
});

describe('time zones', () => {
  const busy = [{ startS: 100_000, endS: 100_300 }];
  const within = (hours: number): Span => ({ startS: 99_900 - hours * HOUR, endS: 100_400 - hours * HOUR });

  test('are found by the dates where the log is short', () => {
    expect(zoneShifts(busy, within(5), utc, local)).toEqual([5 * HOUR]);
    expect(zoneShifts(busy, within(-9.5), local, utc)).toEqual([-9.5 * HOUR]);
    expect(zoneShifts(busy, within(0), local, local)).toEqual([0]);
  });
  test('are several where it is long', () => {
    const day = { startS: 100_000 - 12 * HOUR, endS: 100_000 + 12 * HOUR };
    expect(zoneShifts(busy, day, utc, local).length).toBeGreaterThan(40);
    // Two clocks without a zone are in the same one where that works.
    expect(zoneShifts(busy, day, local, local)).toEqual([0]);
  });
  test('do not help a log of another day, nor two clocks that know theirs', () => {
    expect(zoneShifts(busy, within(24 * 3), utc, local)).toEqual([]);
    expect(zoneShifts(busy, within(1), utc, utc)).toEqual([]);
    expect(zoneShifts(busy, within(0), utc, utc)).toEqual([0]);
  });
});

describe('small shifts', () => {
  test('are found where the power speaks for one', () => {
    fc.assert(
      fc.property(fc.integer({ min: -40, max: 40 }), (tenths) => {
        const shiftS = tenths / 10;
        const log = onClock(logOf(uneven, 90, 150), -shiftS);
        const found = fineShift(log, uneven, 5)!;
        expect(Math.abs(found.shiftS - shiftS)).toBeLessThan(0.15);
        expect(found.confidence).toBeGreaterThan(0.4);
      }),
      { numRuns: 20 },
    );
  });
  test('are none where it does not', () => {
    const flat = logOf([], 90, 150);
    expect(fineShift(flat, uneven, 5)).toBeUndefined();
    expect(fineShift(logOf(uneven, 90, 150), uneven, 0)).toBeUndefined();
    expect(fineShift(logOf(uneven, 90, 150), uneven, 5)).toMatchObject({ shiftS: 0 });
  });
  test('need no more than a part of long work', () => {
    const long = Array.from({ length: 1000 }, (_, i) => ({ startS: i * 10, endS: i * 10 + 4 }));
    const look = lookedAt(long, 5)!;
    expect(look.busy).toHaveLength(400);
    expect(look.around.endS).toBeLessThan(long[400]!.startS);
    expect(lookedAt([], 5)).toBeUndefined();
  });
});

describe('clocks that have nothing in common', () => {
  test('are put together by the shape of power and work', () => {
    fc.assert(
      fc.property(fc.integer({ min: -5000, max: 5000 }), (shiftS) => {
        const log = onClock(logOf(uneven, 60, 240), -shiftS);
        const found = coarseShift(log, uneven)!;
        expect(Math.abs(found.shiftS - shiftS)).toBeLessThanOrEqual(0.2);
        expect(found.confidence).toBeGreaterThan(0.3);
      }),
      { numRuns: 20 },
    );
  });
  test('stay apart where nothing can be told', () => {
    expect(coarseShift([], uneven)).toBeUndefined();
    expect(coarseShift(logOf([], 60, 240), uneven)).toBeUndefined();
    expect(coarseShift(logOf(uneven, 60, 240), [])).toBeUndefined();
  });
});
