import fc from 'fast-check';
import { expect, test } from 'vitest';
import { energyIn, type EnergySample } from '../meter.ts';
import { powerSteps, spanEnergy } from './spanEnergy.ts';

const seconds = fc.integer({ min: 0, max: 4000 }).map((ms) => ms / 1000);
/** Samples in time order, with gaps; some lack the CPU. */
const log = fc
  .array(
    fc.record({
      gapS: fc.oneof(fc.constant(0), seconds),
      lengthS: seconds.filter((length) => length > 0),
      gpu: fc.integer({ min: 0, max: 1000 }),
      cpu: fc.option(fc.integer({ min: 0, max: 1000 }), { nil: undefined }),
    }),
    { maxLength: 30 },
  )
  .map((steps) => {
    let nowS = 0;
    return steps.map(({ gapS, lengthS, gpu, cpu }): EnergySample => {
      const startS = nowS + gapS;
      nowS = startS + lengthS;
      return { startS, endS: nowS, energyJ: cpu === undefined ? { gpu } : { gpu, cpu } };
    });
  });
const span = fc
  .tuple(seconds, seconds)
  .map(([startS, lengthS]) => ({ startS, endS: startS + lengthS + 0.001 }));

test('the energy of many spans is that of each of them', () => {
  fc.assert(
    fc.property(log, fc.array(span, { maxLength: 12 }), (samples, spans) => {
      const energies = spanEnergy(spans);
      samples.forEach(energies.add);
      energies.result().forEach((found, i) => {
        const alone = energyIn(samples, spans[i]!);
        expect(found.samples).toBe(alone.samples);
        expect(found.coverage).toBeCloseTo(alone.coverage, 12);
        expect(Object.keys(found.energyJ).sort()).toEqual(Object.keys(alone.energyJ).sort());
        expect(found.energyJ.gpu ?? 0).toBeCloseTo(alone.energyJ.gpu ?? 0, 9);
        expect(found.energyJ.cpu ?? 0).toBeCloseTo(alone.energyJ.cpu ?? 0, 9);
      });
    }),
  );
});

test('steps have the mean power of what is measured of them', () => {
  const samples = [
    { startS: 0, endS: 1, energyJ: { gpu: 10 } },
    { startS: 1, endS: 2, energyJ: { gpu: 30 } },
    { startS: 3, endS: 3.5, energyJ: { gpu: 5 } },
  ];
  expect(powerSteps(samples, { startS: 0, endS: 6 }, 3, ['gpu'])).toEqual([
    { startS: 0, endS: 2, energyJ: { gpu: 40 } },
    // Half a second at 10 W stands for the whole step.
    { startS: 2, endS: 4, energyJ: { gpu: 20 } },
  ]);
  expect(powerSteps(samples, { startS: 1, endS: 1 }, 3, ['gpu'])).toEqual([]);
});

test('a span without a length has no energy', () => {
  const energies = spanEnergy([{ startS: 1, endS: 1 }]);
  energies.add({ startS: 0, endS: 2, energyJ: { gpu: 4 } });
  expect(energies.result()).toEqual([{ energyJ: {}, coverage: 0, samples: 0 }]);
});
