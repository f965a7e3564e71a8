import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { energyIn, totalOf, type EnergySample } from './meter.ts';

const lengths = fc.array(fc.double({ min: 1e-3, max: 5, noNaN: true }), { minLength: 1, maxLength: 60 });
const between = fc.double({ min: 0, max: 1, noNaN: true });

/** Samples one after the other, whatever their lengths. */
function chain(of: readonly number[], energyOf: (length: number, index: number) => number): EnergySample[] {
  let nowS = 100;
  return of.map((length, index) => {
    const startS = nowS;
    nowS += length;
    return { startS, endS: nowS, energyJ: { cpu: energyOf(nowS - startS, index) } };
  });
}
const endOf = (samples: readonly EnergySample[]): number => samples.at(-1)!.endS;

test('a constant power gives exactly P t for any window and any jitter', () => {
  fc.assert(
    fc.property(
      lengths,
      fc.double({ min: 0.01, max: 500, noNaN: true }),
      between,
      between,
      (of, powerW, a, b) => {
        const samples = chain(of, (length) => powerW * length);
        const wholeS = endOf(samples) - 100;
        const [startS, endS] = [100 + Math.min(a, b) * wholeS, 100 + Math.max(a, b) * wholeS];
        fc.pre(endS - startS > 1e-6);
        const { energyJ, coverage } = energyIn(samples, { startS, endS });
        expect(Math.abs(energyJ.cpu! / (powerW * (endS - startS)) - 1)).toBeLessThan(1e-7);
        expect(coverage).toBeGreaterThan(1 - 1e-6);
      },
    ),
  );
});

test('splitting a window anywhere never changes the sum', () => {
  const energies = fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { minLength: 60, maxLength: 60 });
  fc.assert(
    fc.property(lengths, energies, between, (of, joules, at) => {
      const samples = chain(of, (_, index) => joules[index]!);
      const whole = { startS: 99, endS: endOf(samples) + 1 };
      const cutS = whole.startS + 1e-9 + at * (whole.endS - whole.startS - 2e-9);
      const parts = [
        { startS: whole.startS, endS: cutS },
        { startS: cutS, endS: whole.endS },
      ].map((span) => energyIn(samples, span).energyJ.cpu ?? 0);
      const total = energyIn(samples, whole).energyJ.cpu!;
      expect(parts[0]! + parts[1]!).toBeCloseTo(total, 8);
    }),
  );
});

describe('by hand', () => {
  const samples: EnergySample[] = [
    { startS: 0, endS: 1, energyJ: { cpu: 2, gpu: 4 } },
    { startS: 1, endS: 2, energyJ: { cpu: 2 } },
    { startS: 4, endS: 5, energyJ: { cpu: 6, gpu: 0 } },
  ];

  test('a rail that a sample lacks is absent, not 0; one that is 0 is there', () => {
    expect(energyIn(samples, { startS: 0, endS: 2 }).energyJ).toEqual({ cpu: 4 });
    expect(energyIn(samples, { startS: 4, endS: 5 }).energyJ).toEqual({ cpu: 6, gpu: 0 });
    expect(energyIn(samples, { startS: 0, endS: 1 }).energyJ).toEqual({ cpu: 2, gpu: 4 });
  });

  test('a gap adds no energy, and lowers the coverage', () => {
    const { energyJ, coverage, samples: count } = energyIn(samples, { startS: 1.5, endS: 4.5 });
    expect({ energyJ, count }).toEqual({ energyJ: { cpu: 4 }, count: 2 });
    expect(coverage).toBeCloseTo(1 / 3, 12);
  });

  test('where nothing was measured nothing is said', () => {
    const nothing = energyIn(samples, { startS: 2, endS: 4 });
    expect(nothing).toEqual({ energyJ: {}, coverage: 0, samples: 0 });
    expect(totalOf(nothing.energyJ)).toBeUndefined();
  });
});
