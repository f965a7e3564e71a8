import { expect, test } from 'vitest';
import type { Trial } from '#core/trial';
import { tooltipTitle, timeLabel, timeTicks, trialBands } from './powerChart.ts';
import { PowerTrace, seriesLines, thin } from './powerTrace.ts';

const trial = (changes: Partial<Trial>): Trial => ({
  index: 0,
  m: 64,
  n: 32,
  repeats: 1,
  startS: 10,
  endS: 14,
  runtimeS: 4,
  firstTokenS: 1,
  energyJ: { gpu: 40 },
  coverage: 1,
  flags: [],
  ...changes,
});

/** Samples of 0.1 s with the power that a function gives at their place. */
const samples = (count: number, powerAt: (i: number) => number, fromS = 0) =>
  Array.from({ length: count }, (_, i) => ({
    startS: fromS + i / 10,
    endS: fromS + (i + 1) / 10,
    watts: { gpu: powerAt(i) },
  }));

test('thinning keeps the least and the largest of every bucket, and their order', () => {
  const x = Array.from({ length: 36_000 }, (_, i) => i / 10);
  const y = x.map((_, i) => (i === 17_001 ? 99 : i === 17_003 ? -5 : 10 + Math.sin(i)));
  const points = thin(x, y, { startS: 0, endS: 3600 }, 400);
  expect(points.length).toBeLessThanOrEqual(2 * 402);
  const values = points.map((point) => point.y);
  expect(values).toContain(99);
  expect(values).toContain(-5);
  expect(values.indexOf(99)).toBeLessThan(values.indexOf(-5));
  expect(points.every((point, i) => i === 0 || point.x >= points[i - 1]!.x)).toBe(true);
});

test('buckets stay where they are while the view moves', () => {
  const x = Array.from({ length: 6000 }, (_, i) => i / 10);
  const y = x.map((_, i) => Math.sin(i * i));
  const inside = (from: number) =>
    thin(x, y, { startS: from, endS: from + 300 }, 200).filter((point) => point.x > 120 && point.x < 280);
  expect(inside(100)).toEqual(inside(100.3));
});

test('few samples are drawn as they are, and breaks stay breaks', () => {
  expect(thin([0, 1, 2], [5, NaN, 7], { startS: 0, endS: 2 }, 100)).toEqual([
    { x: 0, y: 5 },
    { x: 1, y: NaN },
    { x: 2, y: 7 },
  ]);
  const x = Array.from({ length: 1000 }, (_, i) => i);
  const y = x.map((i) => (i === 500 ? NaN : i));
  const points = thin(x, y, { startS: 0, endS: 999 }, 50);
  expect(points.filter((point) => Number.isNaN(point.y))).toEqual([{ x: 500, y: NaN }]);
});

test('a trace breaks its line where nothing was measured, and knows the power of now', () => {
  const trace = new PowerTrace();
  trace.push(samples(3, () => 10));
  trace.push(samples(2, () => 20, 60));
  const [line] = trace.lines({ startS: 0, endS: 61 }, 100);
  expect(line!.points.map((point) => point.y)).toEqual([10, 10, 10, NaN, 20, 20]);
  expect(trace.latest?.watts.gpu).toBe(20);
  expect(trace.span).toEqual({ startS: 0, endS: 60.2 });
});

test('a trace keeps an hour', () => {
  const trace = new PowerTrace();
  for (let hour = 0; hour < 3; hour++) trace.push(samples(36_000, () => 1, hour * 3600));
  expect(trace.span!.endS - trace.span!.startS).toBeLessThanOrEqual(3600 * 1.11);
});

test('what was stored before the page was opened stands before what came since', () => {
  const trace = new PowerTrace();
  trace.push(samples(2, () => 7, 100));
  trace.putBefore({
    gpu: { tS: [98, 99, 100], endS: [99, 100, 101], minW: [1, 2, 3], meanW: [2, 3, 4], maxW: [3, 4, 5] },
  });
  const [line] = trace.lines({ startS: 90, endS: 110 }, 100);
  expect(line!.points.map((point) => point.y)).toEqual([1, 3, 2, 4, 7, 7]);
});

test('a stored series has a band only where points stand for several samples', () => {
  const one = { tS: [0, 5], endS: [1, 6], minW: [1, 2], meanW: [1, 2], maxW: [1, 2] };
  const [line] = seriesLines({ cpu: one });
  expect(line!.low).toBeUndefined();
  expect(line!.points.map((point) => point.y)).toEqual([1, NaN, 2]);
  expect(seriesLines({ cpu: { ...one, maxW: [3, 2] } })[0]!.high!.map((point) => point.y)).toEqual([
    3,
    NaN,
    2,
  ]);
});

test('a trial of one query has its two phases, a window of several is one band', () => {
  expect(trialBands([trial({})])).toEqual([
    { kind: 'prefill', startS: 10, endS: 11, label: '64→32' },
    { kind: 'decode', startS: 11, endS: 14 },
  ]);
  expect(trialBands([trial({ repeats: 12 })], { m: 8, n: 32, startS: 20, repeats: 1 }, 21)).toEqual([
    { kind: 'several', startS: 10, endS: 14, label: '64→32 ×12' },
    { kind: 'now', startS: 20, endS: 21, label: '8→32' },
  ]);
});

test('queries whose places are known have their phases each, and the pauses between them none', () => {
  const several = trial({
    repeats: 2,
    queries: [
      [0, 0.5, 1.5],
      [2, 2.5, 4],
    ],
  });
  const bands = trialBands([several]);
  expect(bands).toEqual([
    { kind: 'prefill', startS: 10, endS: 10.5, label: '64→32 ×2' },
    { kind: 'decode', startS: 10.5, endS: 11.5 },
    { kind: 'prefill', startS: 12, endS: 12.5 },
    { kind: 'decode', startS: 12.5, endS: 14 },
  ]);
  expect(tooltipTitle(13, bands)).toBe('0:13.0 · 64→32 ×2, decode');
  // Where they would be too narrow to be seen, the window is one band.
  expect(trialBands([several], undefined, 0, { seenS: 3 })).toEqual([
    { kind: 'several', startS: 10, endS: 14, label: '64→32 ×2' },
  ]);
});

test('a tooltip says when, which trial and which phase', () => {
  const bands = trialBands([trial({})]);
  expect(tooltipTitle(12, bands)).toBe('0:12.0 · 64→32, decode');
  expect(tooltipTitle(70.25, bands)).toBe('1:10.3');
});

test('times are labelled in minutes and seconds', () => {
  expect(timeLabel(0)).toBe('0:00');
  expect(timeLabel(61)).toBe('1:01');
  expect(timeLabel(3725)).toBe('1:02:05');
  expect(timeLabel(59.96, 0.1)).toBe('1:00.0');
  expect(timeLabel(-2)).toBe('−0:02');
  expect(timeTicks({ startS: 3, endS: 303 }).values).toEqual([60, 120, 180, 240, 300]);
  expect(timeTicks({ startS: 10, endS: 11 })).toEqual({
    values: [10, 10.2, 10.4, 10.6, 10.8, 11],
    stepS: 0.2,
  });
});
