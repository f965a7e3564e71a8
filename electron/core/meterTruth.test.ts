import { describe, expect, test } from 'vitest';
import { LabError } from './errors.ts';
import type { EnergySample, MeterInfo } from './meter.ts';
import { truthOf } from './meterTruth.ts';

const power: MeterInfo = {
  kind: 'powermetrics',
  name: 'a meter of power',
  rails: ['cpu'],
  boundary: 'soc',
  estimate: false,
  counters: false,
};
const counter: MeterInfo = { ...power, name: 'a counter', counters: true };

const samplesOf = (energies: readonly number[], lengthS: number): EnergySample[] =>
  energies.map((cpu, i) => ({ startS: i * lengthS, endS: (i + 1) * lengthS, energyJ: { cpu } }));

describe('a meter of power', () => {
  const steady = samplesOf(
    Array.from({ length: 50 }, (_, i) => 0.4 + 0.02 * Math.sin(i)),
    0.2,
  );

  test('its windows are 20 cadences long', () => {
    const truth = truthOf(steady, power);
    expect(truth.cadenceS).toBeCloseTo(0.2, 9);
    expect(truth.cadenceP95S).toBeCloseTo(0.2, 9);
    expect(truth.coverage).toBeCloseTo(1, 9);
    expect(truth.shortestWindowS).toBeCloseTo(4, 9);
    expect(truth.idleSdW).toBeCloseTo(0.1 / Math.SQRT2, 2);
  });

  test('the edges of a window are off by the step of the power, two of them', () => {
    expect(truthOf(steady, power, { stepW: 30 }).plusMinusJ).toBeCloseTo(
      (Math.SQRT2 * 30 * 0.2) / Math.sqrt(12),
      6,
    );
  });

  test('missing samples show in the coverage', () => {
    expect(
      truthOf(
        steady.filter((_, i) => i < 10 || i >= 20),
        power,
      ).coverage,
    ).toBeCloseTo(0.8, 9);
  });
});

test('a counter that is published every 2 s and read every 0.2 s has a cadence of 2 s', () => {
  const energies = Array.from({ length: 100 }, (_, i) => (i % 10 === 9 ? 10 + (i % 3) / 7 : 0));
  const truth = truthOf(samplesOf(energies, 0.2), counter);
  expect(truth.cadenceS).toBeCloseTo(2, 9);
  expect(truth.shortestWindowS).toBeCloseTo(40, 6);
  expect(truth.idleSdW).toBeLessThan(0.2);
});

test('a meter that published once in all the time has a cadence of no less than that', () => {
  const energies = Array.from({ length: 10 }, (_, i) => (i === 7 ? 5 : 0));
  for (const info of [counter, power]) {
    const truth = truthOf(samplesOf(energies, 0.1), info);
    expect(truth.cadenceS).toBeCloseTo(1, 9);
    expect(truth.shortestWindowS).toBeCloseTo(20, 6);
  }
});

test('a counter read at the edges needs windows of many of its steps, and no more', () => {
  const truth = truthOf(samplesOf([0.003, 0.005, 0.004, 0.006, 0.003], 0.1), counter);
  expect(truth.quantumJ).toBeCloseTo(0.001, 9);
  expect(truth.plusMinusJ).toBeCloseTo(Math.SQRT2 * 0.001, 9);
  expect(truth.shortestWindowS).toBeCloseTo(0.1 / 0.042, 6);
});

test('an estimate has no edges to be wrong about', () => {
  const truth = truthOf(samplesOf([1.5, 1.5, 1.5], 0.1), { ...power, estimate: true });
  expect(truth).toMatchObject({ plusMinusJ: 0, shortestWindowS: 0 });
});

test('a meter without any energy is lost', () => {
  expect(() => truthOf([{ startS: 0, endS: 1, energyJ: {} }], power)).toThrow(LabError);
});
