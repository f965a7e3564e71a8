import fc from 'fast-check';
import { expect, test } from 'vitest';
import { madeTrial } from '../test/madeRun.ts';
import { steadySamples } from '../test/madeSamples.ts';
import { energyIn, type EnergySample } from './meter.ts';
import { checkEnergies, onTrialClock, sampleRows } from './trialSamples.ts';

/** 10 W of GPU in samples of 0.4 s. */
const steady = (count: number): EnergySample[] =>
  Array.from({ length: count }, (_, i) => ({
    startS: i * 0.4,
    endS: (i + 1) * 0.4,
    energyJ: { gpu: 4 },
  }));

test('a row says its power, and how much of it lies in the window', () => {
  const rows = sampleRows(madeTrial({ startS: 0.5, endS: 1.2 }), steady(5));
  expect(rows).toHaveLength(2);
  expect(rows[0]).toMatchObject({ startS: 0.4, energyJ: { gpu: 4 }, share: expect.closeTo(0.75) as number });
  expect(rows[0]!.powerW.gpu).toBeCloseTo(10);
  expect(rows[1]!.share).toBeCloseTo(1);
});

test('the energies of a trial come out of its samples again', () => {
  const samples = steady(5);
  const trial = madeTrial({
    startS: 0.5,
    endS: 1.5,
    firstTokenS: 0.2,
    energyJ: { gpu: 10 },
    prefillJ: { gpu: 2 },
    decodeJ: { gpu: 8 },
  });
  const checks = checkEnergies(trial, samples);
  expect(checks.map(({ what, addsUp }) => [what, addsUp])).toEqual([
    ['gross', true],
    ['prefill', true],
    ['decode', true],
  ]);
  expect(checks[0]).toMatchObject({ queryJ: expect.closeTo(10) as number, storedJ: 10 });
});

test('of a window of several queries, the energy is that of one, and the phases are not compared', () => {
  const trial = madeTrial({
    startS: 0,
    endS: 2,
    repeats: 4,
    energyJ: { gpu: 5 },
    decodeJ: { gpu: 4 },
  });
  expect(checkEnergies(trial, steady(5))).toMatchObject([
    { what: 'gross', rails: [{ countedJ: 20, queryJ: 5, storedJ: 5 }], addsUp: true },
  ]);
});

test('an energy that its samples do not give is said not to add up', () => {
  const trial = madeTrial({ startS: 0, endS: 2, energyJ: { gpu: 20.001 } });
  expect(checkEnergies(trial, steady(5))[0]!.addsUp).toBe(false);
  expect(checkEnergies(madeTrial({ startS: 0, endS: 2, energyJ: { gpu: 20 } }), [])[0]!.addsUp).toBe(false);
  // A rail that the samples have and the trial lacks is a difference too.
  expect(checkEnergies(madeTrial({ startS: 0, endS: 2, energyJ: {} }), steady(5))[0]!.addsUp).toBe(false);
});

test('whatever the window, the rows give the energy that the runner stores', () => {
  const samples = steadySamples(400, 5000);
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 0.39, noNaN: true }),
      fc.double({ min: 1e-3, max: 0.4, noNaN: true }),
      (from, length) => {
        const window = { startS: 5000 + from, endS: 5000 + from + length };
        const trial = madeTrial({ ...window, energyJ: energyIn(samples, window).energyJ });
        const rows = sampleRows(trial, samples);
        expect(checkEnergies(trial, rows)[0]!.addsUp).toBe(true);
        const sum = rows.reduce((total, { energyJ, share }) => total + share * energyJ.gpu!, 0);
        expect(sum).toBeCloseTo(trial.energyJ.gpu!, 9);
      },
    ),
  );
});

test('of queries whose pauses do not count, the samples count by the queries alone', () => {
  const trial = madeTrial({
    startS: 0.4,
    endS: 1.6,
    repeats: 2,
    energyOf: 'queries',
    pausesS: 0.2,
    queries: [
      [0, 0.1, 0.5],
      [0.7, 0.8, 1.2],
    ],
    energyJ: { gpu: 5 },
    prefillJ: { gpu: 1 },
    decodeJ: { gpu: 4 },
  });
  expect(sampleRows(trial, steady(5)).map(({ share }) => Number(share.toFixed(6)))).toEqual([1, 0.5, 1]);
  expect(checkEnergies(trial, steady(5)).map(({ what, addsUp }) => [what, addsUp])).toEqual([
    ['gross', true],
    ['prefill', true],
    ['decode', true],
  ]);
});

test('where the places of the queries are not stored, nothing is claimed', () => {
  const trial = madeTrial({ startS: 0, endS: 2, repeats: 4, energyOf: 'queries', energyJ: { gpu: 4 } });
  expect(checkEnergies(trial, steady(5))).toMatchObject([{ what: 'gross', addsUp: undefined, storedJ: 4 }]);
});

test('samples of a late clock are moved to where the trial saw them', () => {
  const late = Array.from({ length: 10 }, (_, i) => ({
    startS: i * 0.4,
    endS: (i + 1) * 0.4,
    energyJ: { gpu: i < 5 ? 0 : 4 },
  }));
  const trial = madeTrial({ startS: 1.2, endS: 2.4, clockShiftS: -0.8, energyJ: { gpu: 12 } });
  expect(checkEnergies(trial, late)[0]!.addsUp).toBe(false);
  expect(checkEnergies(trial, onTrialClock(trial, late))[0]!.addsUp).toBe(true);
});
