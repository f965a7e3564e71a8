import fc from 'fast-check';
import { expect, test } from 'vitest';
import { energyIn, type EnergySample } from '#core/meter';
import { readingStore } from './readingStore.ts';
import { sampleStore } from './sampleStore.ts';

/** Readings as nvidia-smi writes them, or of any numbers; some stand for less time than passed. */
const readings = fc
  .tuple(
    fc.boolean(),
    fc.array(
      fc.record({
        stepMs: fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 60_000, max: 200_000 })),
        centiwatts: fc.oneof(fc.integer({ min: 0, max: 40_000 }), fc.integer({ min: 60_000, max: 600_000 })),
        share: fc.constantFrom(1, 1, 1, 0.25),
        off: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
      { minLength: 1, maxLength: 60 },
    ),
  )
  .map(([whole, rows]) => {
    let nowMs = 27_381_246;
    return rows.map(({ stepMs, centiwatts, share, off }) => {
      const stepS = (whole ? stepMs : stepMs + off) / 1000;
      nowMs = whole ? nowMs + stepMs : nowMs + stepMs + off;
      return {
        endS: nowMs / 1000,
        lengthS: stepS * share,
        powerW: whole ? centiwatts / 100 : centiwatts / 100 + off,
      };
    });
  });

const asSamples = (rows: readonly { endS: number; lengthS: number; powerW: number }[]): EnergySample[] =>
  rows.map(({ endS, lengthS, powerW }) => ({
    startS: endS - lengthS,
    endS,
    energyJ: { gpu: powerW * lengthS },
  }));

test('packed readings have the energies of the readings', () => {
  fc.assert(
    fc.property(
      readings,
      fc.array(
        fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })),
        { maxLength: 6 },
      ),
      (rows, cuts) => {
        const samples = asSamples(rows);
        const [startS, endS] = [samples[0]!.startS, samples.at(-1)!.endS];
        const store = readingStore();
        for (const { endS: atS, lengthS, powerW } of rows) store.add(atS, lengthS, powerW);
        const spans = [
          { startS: startS - 1, endS: endS + 1 },
          ...cuts.map(([a, b]) => ({
            startS: startS + Math.min(a, b) * (endS - startS),
            endS: startS + Math.max(a, b) * (endS - startS) + 1e-3,
          })),
        ];
        store.energies(spans).forEach((found, i) => {
          const expected = energyIn(samples, spans[i]!);
          expect(found.energyJ.gpu ?? 0).toBeCloseTo(expected.energyJ.gpu ?? 0, 6);
          expect(found.coverage).toBeCloseTo(expected.coverage, 8);
        });
        expect(store.exact()).toBe(true);
      },
    ),
  );
});

test('many readings stay exact, and what is too much is kept in sums', () => {
  const fill = (mostBytes?: number): ReturnType<typeof readingStore> => {
    const store = readingStore(mostBytes);
    for (let i = 1; i <= 20_000; i++) store.add(i / 10, 0.1, i % 2 === 0 ? 100 : 300);
    return store;
  };
  const spans = [
    { startS: 0, endS: 2000 },
    { startS: 100.05, endS: 100.25 },
  ];
  const exact = fill();
  expect(exact.exact()).toBe(true);
  const [whole, part] = exact.energies(spans);
  expect(whole!.energyJ.gpu).toBeCloseTo(400_000, 6);
  expect(whole!.coverage).toBeCloseTo(1, 9);
  // Half a reading of 300 W, one of 100 W, half of one of 300 W.
  expect(part!.energyJ.gpu).toBeCloseTo(15 + 10 + 15, 6);

  const coarse = fill(30_000);
  expect(coarse.exact()).toBe(false);
  expect(coarse.energies(spans)[0]!.energyJ.gpu).toBeCloseTo(400_000, 6);
});

test('a store that is full keeps the energy and the time of all samples', () => {
  const store = sampleStore(10_000);
  const samples = Array.from({ length: 30_000 }, (_, i) => ({
    startS: i + (i >= 20_000 ? 500 : 0),
    endS: i + 0.75 + (i >= 20_000 ? 500 : 0),
    energyJ: i % 3 === 0 ? { gpu: 1, cpu: 2 } : { gpu: 1 },
  }));
  for (const sample of samples) store.add(sample);
  expect(store.exact).toBe(false);
  expect(store.size).toBeLessThan(5000);
  const held = [...store.samples()];
  expect(held.reduce((sum, { energyJ }) => sum + energyJ.gpu!, 0)).toBe(30_000);
  expect(held.reduce((sum, { startS, endS }) => sum + endS - startS, 0)).toBeCloseTo(22_500, 6);
  // Where a sample lacks a rail, so does the entry that it is part of.
  expect(held.every(({ energyJ }) => energyJ.cpu === undefined)).toBe(true);
});

test('a store that is not full has every sample as it came', () => {
  const store = sampleStore();
  const samples = [
    { startS: 0, endS: 1, energyJ: { gpu: 1 } },
    { startS: 2, endS: 3, energyJ: { gpu: 2, cpu: 3 } },
    { startS: 3, endS: 5, energyJ: { cpu: 0 } },
  ];
  for (const sample of samples) store.add(sample);
  expect([...store.samples()]).toEqual(samples);
  expect(store.exact).toBe(true);
});
