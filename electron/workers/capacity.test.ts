import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { capacityPlan, type Capacity } from '#core/analysis/capacity';
import type { CostTable, SystemCosts } from '#core/analysis/costTable';
import { mostArrivals, mostByProgram, mostOfTwo } from '#core/analysis/mostArrivals';
import { pairTableOf } from '#core/analysis/pairs';
import { ruleTotals, tableCostForm } from '#core/analysis/rules';
import type { Solve } from '#core/analysis/linearProgram';
import { LabError } from '#core/errors';
import { labErrorOf } from '../test/thrown.ts';
import { loadSolver } from './highs.ts';

let solve: Solve;
beforeAll(async () => {
  solve = await loadSolver();
});

interface Made {
  /** queries of each pair */
  readonly counts: readonly number[];
  /** by system, by pair */
  readonly energyJ: readonly (readonly number[])[];
  readonly runtimeS: readonly (readonly number[])[];
}

function tableOf({ counts, energyJ, runtimeS }: Made): CostTable {
  const pairs = pairTableOf(
    { m: counts.map((_, i) => i + 1), n: counts.map(() => 1), count: counts },
    'made',
  );
  const systems = energyJ.map((each, s): SystemCosts => ({
    id: `s${s}`,
    label: `System ${s}`,
    energyJ: Float64Array.from(each),
    runtimeS: Float64Array.from(runtimeS[s]!),
    extrapolated: new Uint8Array(counts.length),
    negative: new Uint8Array(counts.length),
  }));
  return { pairs, systems };
}

const positive = fc.integer({ min: 1, max: 40 }).map((each) => each / 4);

/** Small comparisons with devices that may or may not suffice. */
function cases(
  pairs: number,
  systems: number,
): fc.Arbitrary<{ made: Made; capacity: Capacity; lambda: number }> {
  const costs = fc.array(fc.array(positive, { minLength: pairs, maxLength: pairs }), {
    minLength: systems,
    maxLength: systems,
  });
  return fc.record({
    made: fc.record({
      counts: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: pairs, maxLength: pairs }),
      energyJ: costs,
      runtimeS: costs,
    }),
    capacity: fc.record({
      devices: fc.array(fc.integer({ min: 0, max: 4 }), { minLength: systems, maxLength: systems }),
      arrivalRate: fc.integer({ min: 1, max: 20 }).map((each) => each / 10),
    }),
    lambda: fc.constantFrom(0, 0.3, 1),
  });
}

/** Solves a square system by elimination; undefined where it has no single solution. */
function solveSquare(rows: readonly (readonly number[])[], right: readonly number[]): number[] | undefined {
  const a = rows.map((row, i) => [...row, right[i]!]);
  const size = a.length;
  for (let c = 0; c < size; c++) {
    let pivot = c;
    for (let r = c + 1; r < size; r++) if (Math.abs(a[r]![c]!) > Math.abs(a[pivot]![c]!)) pivot = r;
    if (Math.abs(a[pivot]![c]!) < 1e-9) return undefined;
    [a[c], a[pivot]] = [a[pivot]!, a[c]!];
    for (let r = 0; r < size; r++) {
      if (r === c) continue;
      const factor = a[r]![c]! / a[c]![c]!;
      for (let k = c; k <= size; k++) a[r]![k]! -= factor * a[c]![k]!;
    }
  }
  return a.map((row, i) => row[size]! / row[i]!);
}

function* choices(from: number, count: number, start = 0): Generator<number[]> {
  if (count === 0) {
    yield [];
    return;
  }
  for (let i = start; i <= from - count; i++) {
    for (const rest of choices(from, count - 1, i + 1)) yield [i, ...rest];
  }
}

/** The least cost over every corner of what is possible, from the definition; Infinity where nothing is. */
function enumerated({ made, capacity, lambda }: { made: Made; capacity: Capacity; lambda: number }): number {
  const { counts, energyJ, runtimeS } = made;
  const width = energyJ.length;
  const size = counts.length * width;
  const spanS = counts.reduce((a, b) => a + b, 0) / capacity.arrivalRate;
  const at = (i: number, s: number): number => i * width + s;
  const unit = (k: number): number[] => Array.from({ length: size }, (_, each) => Number(each === k));
  // Every query of a pair goes somewhere …
  const equal = counts.map((count, i) => ({
    row: Array.from({ length: size }, (_, k) => Number(Math.floor(k / width) === i)),
    limit: count,
  }));
  // … none of them less than not at all, and no device works longer than there is time.
  const atMost = [
    ...Array.from({ length: size }, (_, k) => ({ row: unit(k).map((each) => -each), limit: 0 })),
    ...energyJ.map((_, s) => ({
      row: Array.from({ length: size }, (_, k) =>
        k % width === s ? runtimeS[s]![Math.floor(k / width)]! : 0,
      ),
      limit: capacity.devices[s]! * spanS,
    })),
  ];
  let least = Infinity;
  for (const tight of choices(atMost.length, size - equal.length)) {
    const chosen = [...equal, ...tight.map((k) => atMost[k]!)];
    const x = solveSquare(
      chosen.map(({ row }) => row),
      chosen.map(({ limit }) => limit),
    );
    if (x === undefined) continue;
    const fits = atMost.every(
      ({ row, limit }) => row.reduce((sum, each, k) => sum + each * x[k]!, 0) <= limit + 1e-7,
    );
    if (!fits) continue;
    let cost = 0;
    for (let i = 0; i < counts.length; i++) {
      for (let s = 0; s < width; s++) {
        cost += x[at(i, s)]! * (lambda * energyJ[s]![i]! + (1 - lambda) * runtimeS[s]![i]!);
      }
    }
    least = Math.min(least, cost);
  }
  return least;
}

/** The cost of the plan; Infinity where the devices do not suffice. */
function planned({ made, capacity, lambda }: { made: Made; capacity: Capacity; lambda: number }): number {
  const table = tableOf(made);
  try {
    return capacityPlan(table, tableCostForm(table, lambda, 'raw'), capacity, solve).cost;
  } catch (thrown) {
    if (thrown instanceof LabError && thrown.kind === 'infeasible') return Infinity;
    throw thrown;
  }
}

describe('the optimum under capacity', () => {
  test.each([
    [4, 2],
    [3, 3],
    [2, 4],
  ])('is the best corner of %d pairs on %d systems, or there is none', (pairs, systems) => {
    fc.assert(
      fc.property(cases(pairs, systems), (each) => {
        const expected = enumerated(each);
        const found = planned(each);
        if (expected === Infinity) expect(found).toBe(Infinity);
        else expect(Math.abs(found - expected)).toBeLessThan(1e-6 * Math.max(1, expected));
      }),
      { numRuns: 60 },
    );
  });

  test('is that of each query alone where there are devices enough', () => {
    fc.assert(
      fc.property(cases(12, 3), ({ made, lambda }) => {
        const table = tableOf(made);
        const form = tableCostForm(table, lambda, 'raw');
        const plan = capacityPlan(table, form, { devices: [1e5, 1e5, 1e5], arrivalRate: 1 }, solve);
        const oracle = ruleTotals(table, { policy: 'oracle' }, form);
        expect(plan.cost).toBeCloseTo(oracle.cost, 6);
        for (const { shadowPrice, oneMoreSaves, utilisation } of plan.systems) {
          expect(shadowPrice).toBe(0);
          expect(oneMoreSaves).toBeLessThan(1e-6);
          expect(utilisation).toBeLessThan(0.01);
        }
      }),
    );
  });

  test('never gets worse with another device, and one more saves what the new optimum says', () => {
    fc.assert(
      fc.property(cases(8, 3), fc.nat({ max: 2 }), ({ made, capacity, lambda }, s) => {
        const before = planned({ made, capacity, lambda });
        const devices = capacity.devices.map((count, at) => (at === s ? count + 1 : count));
        const after = planned({ made, capacity: { ...capacity, devices }, lambda });
        expect(after).toBeLessThanOrEqual(before + 1e-6);
        if (before === Infinity) return;
        const table = tableOf(made);
        const { systems } = capacityPlan(table, tableCostForm(table, lambda, 'raw'), capacity, solve);
        expect(systems[s]!.oneMoreSaves).toBeCloseTo(before - after, 5);
        // The first bit of a device saves the most: what it saves falls with every further one.
        expect(systems[s]!.shadowPrice).toBeGreaterThanOrEqual(systems[s]!.oneMoreSaves - 1e-5);
      }),
    );
  });

  test('keeps to the time of the devices and sends every query somewhere', () => {
    fc.assert(
      fc.property(cases(10, 3), ({ made, capacity, lambda }) => {
        const table = tableOf(made);
        if (planned({ made, capacity, lambda }) === Infinity) return;
        const plan = capacityPlan(table, tableCostForm(table, lambda, 'raw'), capacity, solve);
        const spanS = table.pairs.queries / capacity.arrivalRate;
        made.counts.forEach((count, i) => {
          const sent = [0, 1, 2].map((s) => plan.queries[i * 3 + s]!);
          expect(Math.min(...sent)).toBeGreaterThanOrEqual(0);
          expect(sent[0]! + sent[1]! + sent[2]!).toBeCloseTo(count, 9);
        });
        plan.systems.forEach(({ devices }, s) => {
          const busyS = made.counts.reduce(
            (sum, _, i) => sum + plan.queries[i * 3 + s]! * made.runtimeS[s]![i]!,
            0,
          );
          expect(busyS).toBeLessThanOrEqual(devices * spanS * (1 + 1e-9) + 1e-6);
        });
      }),
    );
  });

  test('of a case by hand: the cheap system takes what it can', () => {
    // 10 queries of one kind in 10 s. A takes 2 J and 4 s, B 6 J and 1 s; two A are busy with 5 of them, B with the rest.
    const made = { counts: [10], energyJ: [[2], [6]], runtimeS: [[4], [1]] };
    const table = tableOf(made);
    const plan = capacityPlan(
      table,
      tableCostForm(table, 1, 'raw'),
      { devices: [2, 1], arrivalRate: 1 },
      solve,
    );
    expect(plan).toMatchObject({ energyJ: 5 * 2 + 5 * 6, runtimeS: 5 * 4 + 5 * 1, cost: 40 });
    expect(plan.systems).toMatchObject([
      { devices: 2, queries: 0.5, utilisation: 1, alone: 4 },
      { devices: 1, queries: 0.5, utilisation: 0.5, alone: 1 },
    ]);
    // One more A has time for 2.5 more queries, each 4 J cheaper there.
    expect(plan.systems[0]!.shadowPrice).toBeCloseTo(10, 9);
    expect(plan.systems[0]!.oneMoreSaves).toBeCloseTo(10, 9);
    expect(plan.systems[1]).toMatchObject({ shadowPrice: 0, oneMoreSaves: 0 });
  });
});

describe('a capacity that does not suffice', () => {
  const made = { counts: [10], energyJ: [[2], [6]], runtimeS: [[4], [1]] };
  const table = tableOf(made);
  const plan = (capacity: Capacity): unknown =>
    capacityPlan(table, tableCostForm(table, 1, 'raw'), capacity, solve);

  test('is said with the most that it does', () => {
    // Two A do 0.5 a second, one B does 1.
    const capacity = { devices: [2, 1], arrivalRate: 1.6 };
    expect(mostArrivals(table, capacity, solve)).toBeCloseTo(1.5, 9);
    expect(labErrorOf(() => plan(capacity))).toMatchObject({
      kind: 'infeasible',
      message:
        '2 × System 0 and 1 × System 1 cannot carry 1.6 queries per second of this workload, however they are sent: ' +
        'the most is 1.5 queries per second.',
    });
    expect(labErrorOf(() => plan({ devices: [0, 0], arrivalRate: 1 })).kind).toBe('infeasible');
  });

  test('of two systems the most is that of the linear program', () => {
    fc.assert(
      fc.property(cases(5, 2), ({ made, capacity }) => {
        const two = tableOf(made);
        const most = mostByProgram(two, capacity, solve);
        expect(mostOfTwo(two, capacity)).toBeCloseTo(most, 8);
        expect(mostArrivals(two, capacity, solve)).toBe(mostOfTwo(two, capacity));
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    [{ devices: [2, 1], arrivalRate: 0 }, 'An arrival rate of 0'],
    [{ devices: [2, 1], arrivalRate: NaN }, 'An arrival rate of NaN'],
    [{ devices: [2, 1], arrivalRate: Infinity }, 'An arrival rate of Infinity'],
    [{ devices: [-1, 1], arrivalRate: 1 }, 'A system cannot have -1 devices'],
    [{ devices: [1.5, 1], arrivalRate: 1 }, 'A system cannot have 1.5 devices'],
    [{ devices: [1], arrivalRate: 1 }, '1 numbers of devices do not fit 2 systems'],
  ])('%j is refused', (capacity, said) => {
    const error = labErrorOf(() => plan(capacity));
    expect(error.kind).toBe('bad-setting');
    expect(error.message).toContain(said);
  });

  test('nor does a runtime that no device can have', () => {
    const odd = tableOf({
      counts: [1, 1],
      energyJ: [
        [1, 1],
        [1, 1],
      ],
      runtimeS: [
        [1, -2],
        [1, 1],
      ],
    });
    const error = labErrorOf(() =>
      capacityPlan(odd, tableCostForm(odd, 1, 'raw'), { devices: [9, 9], arrivalRate: 1 }, solve),
    );
    expect(error).toMatchObject({
      kind: 'incompatible',
      message: expect.stringContaining('System 0') as string,
    });
  });
});
