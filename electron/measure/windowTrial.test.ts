import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { QueryRecord } from '#core/engine';
import type { EnergySample } from '#core/meter';
import type { MeterTruth } from '#core/run';
import { checkEnergies } from '#core/trialSamples';
import { trialOfWindow, type MeasuredWindow } from './windowTrial.ts';

const BUSY_W = 10;
const IDLE_W = 2;

const truth = (cadenceS: number, shortestWindowS = 0): MeterTruth => ({
  cadenceS,
  cadenceP95S: cadenceS,
  coverage: 1,
  idleSdW: 0,
  plusMinusJ: 0,
  shortestWindowS,
});

/** Queries with a pause before each but the first, from `startS` on; the first token comes after a quarter. */
function queries(startS: number, lengths: readonly number[], pauses: readonly number[]): QueryRecord[] {
  let atS = startS;
  return lengths.map((lengthS, i) => {
    const from = (atS += i === 0 ? 0 : pauses[i - 1]!);
    atS += lengthS;
    return {
      startS: from,
      firstTokenS: from + lengthS / 4,
      endS: atS,
      inputTokens: 8,
      outputTokens: 4,
      cachedTokens: 0,
    };
  });
}

/** What a meter with these reading times counts of a computer that works in the queries and idles otherwise. */
function samplesAt(times: readonly number[], records: readonly QueryRecord[]): EnergySample[] {
  return times.slice(1).map((endS, i) => {
    const startS = times[i]!;
    const busyS = records.reduce(
      (total, query) => total + Math.max(0, Math.min(endS, query.endS) - Math.max(startS, query.startS)),
      0,
    );
    return { startS, endS, energyJ: { package: IDLE_W * (endS - startS - busyS) + BUSY_W * busyS } };
  });
}

const everyS = (fromS: number, toS: number, cadenceS: number): number[] =>
  Array.from({ length: Math.ceil((toS - fromS) / cadenceS - 1e-9) + 1 }, (_, i) => fromS + i * cadenceS);

function trial(changes: Partial<MeasuredWindow> & Pick<MeasuredWindow, 'records' | 'samples'>) {
  return trialOfWindow({
    index: 0,
    cell: { m: 8, n: 4 },
    warmUp: false,
    clockShiftS: 0,
    truth: truth(0.1),
    idleW: { package: IDLE_W },
    estimate: false,
    flags: [],
    originS: 0,
    ...changes,
  });
}

test('the pauses between queries that the meter resolves are in neither runtime nor energy', () => {
  // 0.3 s at 10 W, 0.2 s at 2 W, 0.3 s at 10 W: a query costs 3 J, of which 0.3 s · 2 W are idle.
  const records = queries(0, [0.3, 0.3], [0.2]);
  const made = trial({ records, samples: samplesAt(everyS(0, 0.8, 0.1), records) });
  expect(made).toMatchObject({ repeats: 2, energyOf: 'queries' });
  expect(made.runtimeS).toBeCloseTo(0.3, 12);
  expect(made.pausesS).toBeCloseTo(0.2, 12);
  expect(made.energyJ.package).toBeCloseTo(3, 12);
  expect(made.aboveIdleJ!.package).toBeCloseTo(2.4, 12);
  expect(made.coverage).toBeCloseTo(1, 12);
});

test('the pauses that it does not resolve are in the energy, and the trial says so', () => {
  // Ten times 40 ms at 10 W and nine times 20 ms at 2 W, seen as one sample: 4.36 J over ten queries.
  const records = queries(0, Array<number>(10).fill(0.04), Array<number>(9).fill(0.02));
  const made = trial({ records, samples: samplesAt([0, 0.58], records) });
  expect(made).toMatchObject({ repeats: 10, energyOf: 'window' });
  expect(made.runtimeS).toBeCloseTo(0.04, 12);
  expect(made.pausesS).toBeCloseTo(0.18, 12);
  expect(made.energyJ.package).toBeCloseTo(0.436, 12);
  // The pauses were idle, so that above idle they count nothing.
  expect(made.aboveIdleJ!.package).toBeCloseTo(0.32, 12);
});

test('one query has no pauses to speak of', () => {
  const records = queries(0, [0.6], []);
  const made = trial({ records, samples: samplesAt(everyS(0, 0.6, 0.1), records) });
  expect(made).not.toHaveProperty('energyOf');
  expect(made).not.toHaveProperty('pausesS');
  expect(made.energyJ.package).toBeCloseTo(6, 12);
});

test('however queries, pauses and samples lie, the energy is off by no more than it says', () => {
  const cadenceS = 0.1;
  const pair = fc.record({
    lengthS: fc.double({ min: 1.001 * cadenceS, max: 4 * cadenceS, noNaN: true }),
    pauseS: fc.double({ min: 0, max: 3 * cadenceS, noNaN: true }),
  });
  const phase = fc.double({ min: 0, max: cadenceS, noNaN: true });
  fc.assert(
    fc.property(fc.array(pair, { minLength: 2, maxLength: 12 }), phase, (pairs, phaseS) => {
      const pauses = pairs.slice(1).map(({ pauseS }) => pauseS);
      const records = queries(
        1,
        pairs.map(({ lengthS }) => lengthS),
        pauses,
      );
      const endS = records.at(-1)!.endS;
      // The meter is read at the window's edges, too.
      const ticks = everyS(phaseS, endS + cadenceS, cadenceS).filter((atS) => atS > 1 && atS < endS);
      const samples = samplesAt([1, ...ticks, endS], records);
      const trueJ = BUSY_W * records.reduce((total, query) => total + query.endS - query.startS, 0);
      const step = BUSY_W - IDLE_W;
      const most = pauses.reduce((total, pauseS) => total + step * Math.min(pauseS, cadenceS / 2), 0);
      const resolved = trial({ records, samples });
      expect(resolved.energyOf).toBe('queries');
      expect(checkEnergies(resolved, samples).map(({ what, addsUp }) => [what, addsUp])).toContainEqual([
        'gross',
        true,
      ]);
      const missing = trueJ - resolved.energyJ.package! * records.length;
      expect(missing).toBeGreaterThanOrEqual(-1e-9);
      expect(missing).toBeLessThanOrEqual(most + 1e-9);

      const whole = trial({ records, samples, truth: truth(1) });
      expect(whole.energyOf).toBe('window');
      expect(checkEnergies(whole, samples)[0]!.addsUp).toBe(true);
      const pausesS = pauses.reduce((total, pauseS) => total + pauseS, 0);
      expect(whole.energyJ.package! * records.length).toBeCloseTo(trueJ + IDLE_W * pausesS, 9);
      expect(whole.pausesS).toBeCloseTo(pausesS, 9);
      expect(whole.aboveIdleJ!.package! * records.length).toBeCloseTo(step * (trueJ / BUSY_W), 9);
    }),
  );
});

test('energy above idle takes no idle power away for time that was not measured', () => {
  const records = queries(0, [1], []);
  const samples = samplesAt(everyS(0, 1, 0.1), records).slice(0, 9);
  const made = trial({ records, samples });
  expect(made.coverage).toBeCloseTo(0.9, 12);
  expect(made.flags).toEqual(['coverage-below-95']);
  expect(made.energyJ.package).toBeCloseTo(9, 12);
  expect(made.aboveIdleJ!.package).toBeCloseTo(7.2, 12);
});

test('of a stated power there is no energy above idle, and every span of it is known', () => {
  const records = queries(0, [0.004, 0.004], [0.001]);
  const samples: EnergySample[] = [{ startS: 0, endS: 0.1, energyJ: { machine: 1.5 } }];
  const made = trial({ records, samples, idleW: { machine: 15 }, estimate: true });
  expect(made).not.toHaveProperty('aboveIdleJ');
  expect(made.energyOf).toBe('queries');
  expect(made.energyJ.machine).toBeCloseTo(15 * 0.004, 12);
  expect(made.prefillJ!.machine).toBeCloseTo(15 * 0.001, 12);
});

test('a phase is left out where the meter does not resolve it, and where it has no length', () => {
  const records = queries(0, [0.6], []);
  const samples = samplesAt(everyS(0, 0.6, 0.1), records);
  expect(trial({ records, samples }).prefillJ!.package).toBeCloseTo(1.5, 12);
  expect(trial({ records, samples, truth: truth(0.2) })).not.toHaveProperty('prefillJ');
  const atOnce = [{ ...records[0]!, firstTokenS: 0.6 }];
  expect(trial({ records: atOnce, samples, estimate: true })).not.toHaveProperty('decodeJ');
});

test("the engine's share of the CPU's energy weighs each sample by its energy inside the window", () => {
  const records = queries(0, [1], []);
  const samples: EnergySample[] = [
    { startS: -1, endS: 0, energyJ: { cpu: 100 }, cpuShare: 1 },
    { startS: 0, endS: 0.5, energyJ: { cpu: 9 }, cpuShare: 0.8 },
    { startS: 0.5, endS: 1.5, energyJ: { cpu: 2 }, cpuShare: 0.3 },
  ];
  // 9 J at 0.8, and the half of 2 J that lies inside at 0.3.
  expect(trial({ records, samples }).cpuShare).toBeCloseTo((9 * 0.8 + 1 * 0.3) / 10, 12);
});
