import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bundledProfile, bundledWorkload, madeWorkload } from '../../test/bundled.ts';
import { madeTables } from '../../test/madeTables.ts';
import { labErrorOf } from '../../test/thrown.ts';
import { RandomStream } from '../analysis/randomStream.ts';
import type { CostTable } from '../analysis/costTable.ts';
import { prepareJoint, type JointSettings } from '../analysis/jointSetUp.ts';
import { pairTable } from '../analysis/pairs.ts';
import { assign, ruleTotals, tableCostForm, type Rule } from '../analysis/rules.ts';
import { START_SETTINGS, PAPER_SETTINGS, type StudyInputs } from '../study.ts';
import { loadsOf, mostArrivalRate } from './loads.ts';
import { parseOperation, type Operation, type OperationRequest } from './operation.ts';
import { drawArrivals, runningQueries, waitingTimes } from './queue.ts';
import { simulate, simulateRules } from './simulate.ts';

/** A table of one system whose queries take so many seconds each, all as likely. */
function serviceTable(runtimesS: readonly number[], energyJ = 1): CostTable {
  const pairs = pairTable(madeWorkload(runtimesS.map((_, i) => [i + 1, 1, 1])));
  const system = (id: string) => ({
    id,
    label: id,
    energyJ: Float64Array.from(runtimesS, () => energyJ),
    runtimeS: Float64Array.from(runtimesS),
    extrapolated: new Uint8Array(pairs.size),
    negative: new Uint8Array(pairs.size),
  });
  return { pairs, systems: [system('small'), system('large')] };
}

const operation = (changes: Partial<OperationRequest>) =>
  parseOperation({
    arrivalRate: 0.5,
    small: { devices: 1 },
    large: { devices: 1 },
    ...changes,
  }) as Operation;

function run(table: CostTable, changes: Partial<OperationRequest>, idle: 'gross' | 'above-idle' = 'gross') {
  const to = new Uint8Array(table.pairs.size);
  return simulateRules(
    table,
    [{ choice: { policy: 'small', threshold: null }, to }],
    operation(changes),
    idle,
  )[0]!;
}

describe('queues', () => {
  test('one device, one length: the mean wait of M/D/1, ρS / 2(1 − ρ)', () => {
    const { waitS, small, responseS } = run(serviceTable([1]), { arrivalRate: 0.8 });
    const exact = (0.8 * 1) / (2 * 0.2);
    expect(waitS!.interval95[0]).toBeLessThan(exact);
    expect(waitS!.interval95[1]).toBeGreaterThan(exact);
    expect(waitS!.mean).toBeCloseTo(exact, 1);
    expect(responseS!.mean).toBeCloseTo(waitS!.mean + 1, 9);
    expect(small.utilisation).toBeCloseTo(0.8, 12);
  });

  test('one device, two lengths: Pollaczek and Khinchine, rate·E[S²] / 2(1 − ρ)', () => {
    const rate = 0.25;
    const exact = (rate * ((1 + 25) / 2)) / (2 * (1 - rate * 3));
    const { waitS } = run(serviceTable([1, 5]), { arrivalRate: rate, queries: 50_000 });
    expect(waitS!.interval95[0]).toBeLessThan(exact);
    expect(waitS!.interval95[1]).toBeGreaterThan(exact);
  });

  test('three devices, exponential lengths: Erlang C', () => {
    // The quantiles of an exponential distribution with mean 1 s, in 2,000 steps.
    const runtimes = Array.from({ length: 2000 }, (_, i) => -Math.log(1 - (i + 0.5) / 2000));
    const load = 2.4;
    const terms = [1, load, load ** 2 / 2];
    const last = (load ** 3 / 6) * (3 / (3 - load));
    const waits = last / (terms[0]! + terms[1]! + terms[2]! + last);
    const exact = waits / (3 - load);
    const { waitS } = run(serviceTable(runtimes), {
      arrivalRate: load,
      small: { devices: 3 },
      queries: 50_000,
    });
    expect(Math.abs(waitS!.mean / exact - 1)).toBeLessThan(0.05);
  });

  test('more devices never make a query wait longer, and none starts before it came', () => {
    fc.assert(
      fc.property(
        madeTables(fc.constant(2)),
        fc.integer({ min: 1, max: 4 }),
        fc.nat(),
        (table, count, seed) => {
          const random = new RandomStream();
          random.begin(seed, 0);
          const arrivals = drawArrivals(runningQueries(table.pairs), 0.3, 200, random);
          const to = Uint8Array.from(table.pairs.m, (m) => m % 2);
          const runtimes = table.systems.map(({ runtimeS }) => runtimeS);
          const few = waitingTimes(arrivals, to, runtimes, [count, count]);
          const more = waitingTimes(arrivals, to, runtimes, [count + 1, count + 1]);
          few.forEach((wait, i) => {
            expect(more[i]!).toBeLessThanOrEqual(wait + 1e-9);
            expect(wait).toBeGreaterThanOrEqual(0);
          });
        },
      ),
      { numRuns: 100 },
    );
  });

  test('pairs are drawn as often as they occur', () => {
    const pairs = pairTable(
      madeWorkload([
        [1, 1, 1],
        [2, 1, 7],
        [3, 1, 2],
      ]),
    );
    const random = new RandomStream();
    random.begin(4, 0);
    const { pair } = drawArrivals(runningQueries(pairs), 1, 100_000, random);
    const found = [0, 0, 0];
    pair.forEach((which) => (found[which]! += 1));
    expect(found.map((count) => Math.round(count / 1000))).toEqual([10, 70, 20]);
  });

  test('a queue that grows without end has no times, and says how many devices it takes', () => {
    const policy = run(serviceTable([4]), { arrivalRate: 0.5 });
    expect(policy).toMatchObject({ waitS: null, responseS: null, year: null, mostArrivalRate: 0.25 });
    expect(policy.small).toMatchObject({ busy: 2, utilisation: 2, devicesNeeded: 3 });
    expect(run(serviceTable([4]), { small: { devices: 0 } })).toMatchObject({
      waitS: null,
      small: { utilisation: null, devicesNeeded: 3 },
    });
  });

  test('the same seed gives the same figures, another one others', () => {
    const table = serviceTable([1, 2]);
    expect(run(table, { seed: 7 })).toEqual(run(table, { seed: 7 }));
    expect(run(table, { seed: 7 }).waitS).not.toEqual(run(table, { seed: 8 }).waitS);
  });
});

describe('a year', () => {
  const YEAR_H = 365.25 * 24;
  const priced = { idleW: 10, carbonGPerKwh: 500, pricePerKwh: 0.25, pricePerDeviceHour: 2 };

  test('gross energies hold what a busy device draws anyway: idle time is the rest', () => {
    // 0.5 queries per second of 1 s and 40 J: 20 W, and half a device of two is busy.
    const { year } = run(serviceTable([1], 40), { small: { devices: 2, ...priced } });
    expect(year!.activeKwh).toBeCloseTo(0.02 * YEAR_H, 6);
    expect(year!.idleKwh).toBeCloseTo(0.01 * 1.5 * YEAR_H, 6);
    expect(year!.perQueryJ).toBeCloseTo(40 + (10 * 1.5) / 0.5, 6);
    expect(year!.activeCarbonKg).toBeCloseTo(0.5 * 0.02 * YEAR_H, 6);
    expect(year!.idlePrice).toBeCloseTo(0.25 * 0.015 * YEAR_H, 6);
    expect(year!.devicesPrice).toBeCloseTo(2 * 2 * YEAR_H, 6);
    expect(year!.queries).toBeCloseTo(0.5 * 3600 * YEAR_H, 3);
  });

  test('energies above idle do not: a device draws its idle power all the time', () => {
    const { year } = run(serviceTable([1], 40), { small: { devices: 2, ...priced } }, 'above-idle');
    expect(year!.idleKwh).toBeCloseTo(0.02 * YEAR_H, 6);
  });

  test('what was not stated is not known, and not 0', () => {
    const { year } = run(serviceTable([1], 40), {});
    expect(year).toMatchObject({
      idleKwh: null,
      perQueryJ: null,
      activeCarbonKg: null,
      idleCarbonKg: null,
      activePrice: null,
      idlePrice: null,
      devicesPrice: null,
    });
    expect(run(serviceTable([1]), { small: { devices: 1, idleW: 0 } }).year!.idleKwh).toBe(0);
  });
});

describe("a study's policy", () => {
  const inputs: StudyInputs = {
    small: bundledProfile('m1-pro.llama-2-7b.sweeps'),
    large: bundledProfile('swing-a100.llama-2-7b.sweeps'),
    workload: bundledWorkload('alpaca-davinci'),
  };
  const asked = operation({ arrivalRate: 0.02, queries: 2000, repeats: 4 });

  test('is simulated beside each system alone, under the same queries', () => {
    const { policies } = simulate(START_SETTINGS, inputs, asked);
    expect(policies.map(({ policy }) => policy)).toEqual(['threshold-product', 'small', 'large']);
    const [hybrid, small, large] = policies;
    expect(hybrid).toMatchObject({ product: 1264 });
    expect(hybrid!.small.queries + hybrid!.large.queries).toBeCloseTo(1, 12);
    expect(small!.large).toMatchObject({ queries: 0, devices: 0, utilisation: null, devicesNeeded: 0 });
    // 29.5 h of the A100's time for 51,941 queries.
    expect(large!.large.busy / 0.02).toBeCloseTo((29.5 * 3600) / 51_941, 2);
    expect(large!.waitS!.mean).toBeLessThan(hybrid!.responseS!.mean);
  });

  test('that a user settled on is taken', () => {
    const chosen = { policy: 'threshold-in', threshold: 20 } as const;
    expect(simulate({ ...START_SETTINGS, chosen }, inputs, asked).policies[0]).toMatchObject(chosen);
    const single = simulate({ ...START_SETTINGS, chosen: { policy: 'large' } }, inputs, asked);
    expect(single.policies.map(({ policy }) => policy)).toEqual(['large', 'small']);
  });

  test("under the paper's model is refused with the reason", () => {
    expect(() => simulate(PAPER_SETTINGS, inputs, asked)).toThrow(/no runtime of a whole query/);
  });

  test('with numbers that cannot be is refused', () => {
    for (const wrong of [
      { arrivalRate: 0 },
      { arrivalRate: NaN },
      { small: { devices: 1.5 } },
      { small: { devices: 1, idleW: -1 } },
      { queries: 1_000_000, repeats: 100 },
    ]) {
      expect(() => operation(wrong)).toThrow(/cannot be simulated/);
    }
  });
});

describe('the most that a policy carries', () => {
  const settings = START_SETTINGS as JointSettings;
  const { problem } = prepareJoint(settings, {
    small: bundledProfile(settings.small),
    large: bundledProfile(settings.large),
    workload: bundledWorkload('gsm8k'),
  });
  const { table } = problem;
  const form = tableCostForm(table, 1, 'raw');
  const loads = (rule: Rule, [small, large]: readonly [number, number], arrivalRate = 1) =>
    loadsOf(table, assign(table, rule, form), {
      arrivalRate,
      small: { devices: small },
      large: { devices: large },
    });

  test('is, of a single system, its devices over its mean runtime', () => {
    const single: Rule = { policy: 'single', system: 1 };
    const meanS = ruleTotals(table, single, form).runtimeS / table.pairs.queries;
    expect(mostArrivalRate(loads(single, [3, 2]), 1)).toBeCloseTo(2 / meanS, 9);
  });

  test('keeps one system always busy, and overruns no other', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 0, max: 500 }),
        (small, large, threshold) => {
          const rule: Rule = { policy: 'threshold-out', thresholds: [threshold] };
          const most = mostArrivalRate(loads(rule, [small, large], 3), 3);
          const used = loads(rule, [small, large], most).map(
            ({ busy, devices }) => busy / Math.max(1, devices),
          );
          expect(Math.max(...used)).toBeCloseTo(1, 9);
          const busyS = loads(rule, [small, large]).map(({ busy }) => busy);
          expect(busyS[0]! + busyS[1]!).toBeCloseTo(
            ruleTotals(table, rule, form).runtimeS / table.pairs.queries,
            6,
          );
        },
      ),
      { numRuns: 40 },
    );
  });

  test('is nothing without devices that it needs, and half of it is where nobody says a rate', () => {
    expect(mostArrivalRate(loads({ policy: 'threshold-out', thresholds: [150] }, [0, 4]), 1)).toBe(0);
    const inputs: StudyInputs = {
      small: bundledProfile(settings.small),
      large: bundledProfile(settings.large),
      workload: bundledWorkload('gsm8k'),
    };
    const asked = (small: number) =>
      parseOperation({ small: { devices: small }, large: { devices: 4 }, queries: 200, repeats: 2 });
    const told: number[] = [];
    const chosen = { ...settings, chosen: { policy: 'threshold-out', threshold: 150 } as const };
    const { operation, policies } = simulate(chosen, inputs, asked(2), {
      progress: (fraction) => told.push(fraction),
    });
    expect(operation.arrivalRate / policies[0]!.mostArrivalRate!).toBeCloseTo(0.5, 2);
    expect(told).toEqual([0.5, 1]);
    expect(labErrorOf(() => simulate(chosen, inputs, asked(0))).message).toContain(
      'of which there is no device',
    );
  });
});
