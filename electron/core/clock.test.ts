import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { estimateOffset, receiptClock, shifted } from './clock.ts';
import { energyIn, totalOf, type EnergySample, type Span } from './meter.ts';

/** A machine that draws 30 W in its windows and 2 W beside them, sampled evenly; its samples come late by `delayS`. */
function sampled(busy: readonly Span[], untilS: number, cadenceS: number, delayS: number): EnergySample[] {
  return Array.from({ length: Math.floor(untilS / cadenceS) }, (_, i) => {
    const [startS, endS] = [i * cadenceS, (i + 1) * cadenceS];
    const work = busy.reduce(
      (total, span) => total + Math.max(0, Math.min(endS, span.endS) - Math.max(startS, span.startS)),
      0,
    );
    return {
      startS: startS + delayS,
      endS: endS + delayS,
      energyJ: { cpu: 2 * (endS - startS) + 28 * work },
    };
  });
}

describe('the offset between samples and windows', () => {
  test('a delayed clock is found, and the energies are then right', () => {
    const windows = fc.array(
      fc.record({
        idleS: fc.double({ min: 1, max: 7, noNaN: true }),
        workS: fc.double({ min: 1, max: 6, noNaN: true }),
      }),
      { minLength: 4, maxLength: 8 },
    );
    const delays = fc.double({ min: -3, max: 3, noNaN: true });
    fc.assert(
      fc.property(
        windows,
        delays,
        fc.double({ min: 0.05, max: 0.25, noNaN: true }),
        (made, delayS, cadenceS) => {
          let nowS = 5;
          const busy = made.map(({ idleS, workS }) => {
            const startS = nowS + idleS;
            nowS = startS + workS;
            return { startS, endS: nowS };
          });
          const samples = sampled(busy, nowS + 5, cadenceS, delayS);
          const offset = estimateOffset(samples, busy, 4)!;
          expect(Math.abs(offset.shiftS + delayS)).toBeLessThanOrEqual(offset.uncertaintyS + cadenceS);
          expect(offset.correlation).toBeGreaterThan(0.9);
          const span = busy[0]!;
          const energyJ = energyIn(shifted(samples, -delayS), span).energyJ.cpu!;
          expect(Math.abs(energyJ - 30 * (span.endS - span.startS))).toBeLessThanOrEqual(28 * cadenceS);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('clocks that agree are left alone', () => {
    const busy = [
      { startS: 3, endS: 5 },
      { startS: 9, endS: 10.5 },
    ];
    const { shiftS, confidence } = estimateOffset(sampled(busy, 15, 0.1, 0), busy)!;
    expect(shiftS).toBe(0);
    expect(confidence).toBeGreaterThan(0.9);
  });

  test('windows at regular times fit more than one shift, and the confidence says so', () => {
    const regular = Array.from({ length: 8 }, (_, i) => ({ startS: 4 + 2 * i, endS: 5 + 2 * i }));
    const single = [{ startS: 8, endS: 12 }];
    const ambiguous = estimateOffset(sampled(regular, 24, 0.1, 0.9), regular)!;
    const clear = estimateOffset(sampled(single, 24, 0.1, 0.9), single)!;
    expect(clear.confidence).toBeGreaterThan(0.9);
    expect(ambiguous.confidence).toBeLessThan(clear.confidence - 0.3);
  });

  test('an even power tells nothing, nor do no windows', () => {
    const even = sampled([], 10, 0.1, 0);
    expect(estimateOffset(even, [{ startS: 2, endS: 3 }])).toBeUndefined();
    expect(estimateOffset(sampled([{ startS: 2, endS: 3 }], 10, 0.1, 0), [])).toBeUndefined();
  });
});

const capture = '../shared/data/captures/joulewise/d078_r01_power_trace.csv';

test.skipIf(!existsSync(capture))('a capture whose clock is known to be wrong by 0.4 s', () => {
  const byEnd = new Map<number, EnergySample>();
  for (const line of readFileSync(capture, 'utf8').trim().split('\n').slice(1)) {
    const [, power, , rail, start, end] = line.split(',');
    const [startS, endS] = [Number(start), Number(end)];
    const sample = byEnd.get(endS) ?? { startS, endS, energyJ: {} };
    sample.energyJ[rail!.replace('_power', '') as 'cpu'] = Number(power) * (endS - startS);
    byEnd.set(endS, sample);
  }
  const samples = [...byEnd.values()];
  const window = { startS: 1784491122.808424, endS: 1784491123.179584 };
  expect(totalOf(energyIn(samples, window).energyJ)).toBeCloseTo(0.27427, 4);

  const offset = estimateOffset(samples, [window], 2)!;
  expect(offset.correlationBefore).toBeLessThan(0);
  expect(offset.shiftS).toBeGreaterThan(0.35);
  expect(offset.shiftS).toBeLessThan(0.45);
  expect(offset.confidence).toBeGreaterThan(0.8);
  const energyJ = totalOf(energyIn(shifted(samples, offset.shiftS), window).energyJ)!;
  expect(energyJ).toBeGreaterThan(7);
  expect(energyJ).toBeLessThan(8.3);
});

describe('samples placed by their receipt', () => {
  test('jitter of the receipt does not move them: their own lengths do', () => {
    const place = receiptClock();
    const ends = [0, 0.03, 0.01, 0.05, 0.02].flatMap((late, i) => place([0.2], 10 + i * 0.2 + late));
    ends.slice(1).forEach(({ startS, endS }, i) => {
      expect(startS).toBeGreaterThanOrEqual(ends[i]!.endS);
      expect(endS).toBeCloseTo(10 + (i + 1) * 0.2, 2);
    });
  });

  test('spans never overlap and never end after they were received', () => {
    const steps = fc.array(
      fc.record({
        lengthS: fc.double({ min: 0.01, max: 2, noNaN: true }),
        lateS: fc.double({ min: 0, max: 5, noNaN: true }),
        count: fc.integer({ min: 1, max: 4 }),
      }),
      { minLength: 1, maxLength: 30 },
    );
    fc.assert(
      fc.property(steps, (made) => {
        const place = receiptClock();
        let nowS = 50;
        let lastS = -Infinity;
        for (const { lengthS, lateS, count } of made) {
          nowS += lateS + 0.001;
          for (const { startS, endS } of place(Array(count).fill(lengthS), nowS)) {
            expect(startS).toBeGreaterThanOrEqual(lastS);
            expect(endS).toBeGreaterThan(startS);
            lastS = endS;
          }
          expect(lastS).toBeLessThanOrEqual(nowS + 1e-5);
        }
      }),
    );
  });

  test('a silence of 3 s is a gap, and what was held back is laid into it', () => {
    const place = receiptClock();
    place([0.2], 1);
    expect(place([0.2], 4.2)[0]!.startS).toBeCloseTo(4, 9);
    const held = receiptClock();
    held([0.2], 1);
    const spans = held(Array(15).fill(0.2), 4);
    expect(spans[0]!.startS).toBeCloseTo(1, 9);
    expect(spans.at(-1)!.endS).toBeCloseTo(4, 9);
  });
});
