/** Made-up samples of meters of all kinds, for property tests. */
import fc from 'fast-check';
import type { EnergySample, RailEnergy } from '#core/meter';
import { RAILS } from '#core/profile';

const TICKS_PER_S = 1e9;

/** Energies as a counter of millijoules, microjoules or nanojoules has them, or as a product of power and time. */
const energy = fc.oneof(
  fc.integer({ min: 0, max: 50_000 }).map((mJ) => mJ / 1e3),
  fc.integer({ min: 0, max: 2 ** 31 }).map((uJ) => uJ / 1e6),
  fc.integer({ min: -5, max: 2 ** 40 }).map((nJ) => nJ / 1e9),
  fc.double({ min: 0, max: 1e4, noNaN: true }),
);

const energies: fc.Arbitrary<RailEnergy> = fc.record(
  Object.fromEntries(RAILS.map((rail) => [rail, energy])),
  { requiredKeys: [] },
);

/** A gap before a sample, s: mostly none, sometimes a pause. */
const gapS = fc.oneof(
  { weight: 8, arbitrary: fc.constant(0) },
  { weight: 2, arbitrary: fc.double({ min: 0, max: 2, noNaN: true }) },
  { weight: 1, arbitrary: fc.double({ min: 31, max: 4000, noNaN: true }) },
);

const lengthS = fc.double({ min: 1e-3, max: 2, noNaN: true });

/**
 * Samples in time order with jitter, gaps and absent rails.
 * @param ticks true for times in whole nanoseconds, as the system's clock has them
 */
function samplesOn(ticks: boolean): fc.Arbitrary<EnergySample[]> {
  const part = fc.record({
    gapS,
    lengthS,
    energyJ: energies,
    cpuShare: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined, freq: 3 }),
  });
  return fc
    .tuple(fc.double({ min: 0, max: 1e6, noNaN: true }), fc.array(part, { maxLength: 300, size: 'max' }))
    .map(([originS, parts]) => {
      const clock = (timeS: number): number =>
        ticks ? Math.round(timeS * TICKS_PER_S) / TICKS_PER_S : timeS;
      let atS = clock(originS);
      return parts.map(({ gapS, lengthS, energyJ, cpuShare }) => {
        const startS = gapS === 0 ? atS : clock(atS + gapS);
        const endS = (atS = clock(startS + lengthS));
        return { startS, endS, energyJ, ...(cpuShare === undefined ? {} : { cpuShare }) };
      });
    });
}

export const someSamples = fc.oneof(samplesOn(true), samplesOn(false));

/** Samples at 1 kHz on the system's clock, with energies in microjoules: the same for a seed. */
export function steadySamples(count: number, fromS = 0): EnergySample[] {
  return Array.from({ length: count }, (_, i) => ({
    startS: (Math.round(fromS * 1000) + i) / 1000,
    endS: (Math.round(fromS * 1000) + i + 1) / 1000,
    energyJ: { cpu: ((i * 7919) % 10_007) / 1e6, gpu: ((i * 104_729) % 30_011) / 1e6 },
  }));
}
