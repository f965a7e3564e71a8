import fc from 'fast-check';
import { expect, test } from 'vitest';
import { madeTrial } from '../test/madeRun.ts';
import { steadySamples } from '../test/madeSamples.ts';
import { energyIn, type EnergySample } from './meter.ts';
import { checkEnergies, sampleRows } from './trialSamples.ts';

/** 10 W of GPU in samples of 0.4 s. */
const steady = (count: number): EnergySample[] =>
  Array.from({ length: count }, (_, i) => ({
    startS: i * 0.4,
    endS: (i + 1) * 0.4,
    energyJ: { gpu: 4 },
  }));

test('a row says its power, and how much of it lies in the window', () => {
  const rows = sampleRows(steady(5), { startS: 0.5, endS: 1.2 });
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
    { what: 'gross', rails: [{ windowJ: 20, queryJ: 5, storedJ: 5 }], addsUp: true },
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
        const rows = sampleRows(samples, window);
        const trial = madeTrial({ ...window, energyJ: energyIn(samples, window).energyJ });
        expect(checkEnergies(trial, rows)[0]!.addsUp).toBe(true);
        const sum = rows.reduce((total, { energyJ, share }) => total + share * energyJ.gpu!, 0);
        expect(sum).toBeCloseTo(trial.energyJ.gpu!, 9);
      },
    ),
  );
});
