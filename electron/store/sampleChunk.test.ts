import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { EnergySample } from '#core/meter';
import { someSamples, steadySamples } from '../test/madeSamples.ts';
import { decodeSamples, encodeSamples, sampleAt } from './sampleChunk.ts';

function roundTrip(samples: readonly EnergySample[]): EnergySample[] {
  const columns = decodeSamples(encodeSamples(samples));
  return Array.from({ length: columns.count }, (_, i) => sampleAt(columns, i));
}

test('samples come back bit for bit, with their gaps, and with absent rails absent', () => {
  fc.assert(
    fc.property(someSamples, (samples) => {
      expect(roundTrip(samples)).toEqual(samples);
    }),
  );
});

test('bytes are read wherever they lie in memory', () => {
  const samples = steadySamples(20);
  const bytes = encodeSamples(samples);
  const shifted = new Uint8Array(bytes.length + 3).subarray(3);
  shifted.set(bytes);
  expect(sampleAt(decodeSamples(shifted), 7)).toEqual(samples[7]);
});

test('counters on a steady clock take a few bytes, whatever else takes what it needs', () => {
  const steady = steadySamples(1024);
  // Two rails of 15 bits; gaps and lengths are the same throughout.
  expect(encodeSamples(steady).length / 1024).toBeLessThan(4.2);
  const wild = steady.map((sample, i) => ({
    ...sample,
    startS: sample.startS + Math.PI,
    endS: sample.endS + Math.PI,
    energyJ: { cpu: Math.sqrt(i + 0.1) },
  }));
  expect(roundTrip(wild)).toEqual(wild);
  expect(encodeSamples(wild).length / 1024).toBeLessThan(24.2);
});

test('zero and absent are different things', () => {
  const samples: EnergySample[] = [
    { startS: 0, endS: 1, energyJ: { cpu: 0 } },
    { startS: 1, endS: 2, energyJ: { gpu: 0 } },
    { startS: 2, endS: 3, energyJ: {}, cpuShare: 0 },
  ];
  expect(roundTrip(samples)).toEqual(samples);
});

test('bytes that are no samples are refused', () => {
  expect(() => decodeSamples(Buffer.from('no samples at all'))).toThrow(RangeError);
  expect(() => decodeSamples(encodeSamples(steadySamples(50)).subarray(0, 60))).toThrow(RangeError);
  expect(() => decodeSamples(Buffer.alloc(0))).toThrow(RangeError);
});
