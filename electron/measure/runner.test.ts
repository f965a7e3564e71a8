import { expect, test } from 'vitest';
import type { EnergySample } from '#core/meter';
import type { MeterTruth, RunEvent } from '#core/run';
import { makePlan, type Plan } from '#core/sweep';
import { trialFate, type Trial } from '#core/trial';
import { carryOut, type Measurement } from './runner.ts';
import { simulate, type SimulationOptions } from './simulation.ts';

interface Kept {
  samples: EnergySample[];
  trials: Trial[];
  events: RunEvent[];
  truth: MeterTruth[];
}

function setUp(
  plan: Plan,
  options: SimulationOptions = {},
  changes: Partial<Measurement> = {},
): { kept: Kept; measurement: Measurement; queries: readonly { m: number; n: number; seed: number }[] } {
  const { meter, engine, clock, queries } = simulate(options);
  const kept: Kept = { samples: [], trials: [], events: [], truth: [] };
  return {
    kept,
    queries,
    measurement: {
      plan,
      meter,
      engine,
      clock,
      runStartS: 0,
      trials: [],
      signal: new AbortController().signal,
      sink: {
        sample: (sample) => void kept.samples.push(sample),
        trial: (trial) => void kept.trials.push(trial),
        event: (event) => void kept.events.push(event),
        truth: (truth) => void kept.truth.push(truth),
      },
      ...changes,
    },
  };
}

const plan = (cells: string, seed = 1): Plan => makePlan(cells, { seed });

test('a query at 10 W over 2 W of idle costs 10 W times its runtime, 8 W of it above idle', async () => {
  // 100 tokens in take 1 s, 20 out take 2 s: 3 s a query.
  const { measurement, kept } = setUp(plan('100,20'));
  const trials = await carryOut(measurement);
  const valid = trials.filter((trial) => trialFate(trial) === 'valid');
  expect(valid.length).toBeGreaterThanOrEqual(3);
  for (const trial of valid) {
    expect(trial.runtimeS).toBeCloseTo(3, 9);
    expect(trial.firstTokenS).toBeCloseTo(1, 9);
    expect(trial.energyJ.package).toBeCloseTo(30, 6);
    expect(trial.aboveIdleJ?.package).toBeCloseTo(24, 6);
    expect(trial.prefillJ?.package).toBeCloseTo(10, 6);
    expect(trial.decodeJ?.package).toBeCloseTo(20, 6);
    expect(trial.coverage).toBeCloseTo(1, 9);
  }
  expect(kept.trials).toEqual(trials);
});

test('the first trial of a cell is a warm-up, kept and flagged', async () => {
  const { measurement } = setUp(plan('100,20 50,10'));
  const trials = await carryOut(measurement);
  for (const m of [100, 50]) {
    const own = trials.filter((trial) => trial.m === m);
    expect(own[0]!.flags).toContain('warm-up');
    expect(own.slice(1).every((trial) => !trial.flags.includes('warm-up'))).toBe(true);
  }
});

test('a short query is repeated until the window is long enough, and divided', async () => {
  const { measurement, kept } = setUp(plan('10,1'), { prefillS: () => 0.02, decodeS: () => 0.02 });
  const trials = await carryOut(measurement);
  const valid = trials.filter((trial) => trialFate(trial) === 'valid');
  const shortest = kept.truth[0]!.shortestWindowS;
  expect(valid.length).toBeGreaterThanOrEqual(3);
  for (const trial of valid) {
    expect(trial.repeats).toBeGreaterThan(1);
    expect(trial.endS - trial.startS).toBeGreaterThanOrEqual(shortest);
    expect(trial.runtimeS).toBeCloseTo(0.04, 9);
  }
});

test('pauses between repeated queries are not paid for where the meter sees them', async () => {
  // 0.3 s at 10 W after 0.2 s of pause at 2 W: a query costs 3 J, and with its pauses it would be nearly 3.4 J.
  const { measurement } = setUp(plan('10,1'), {
    pauseS: 0.2,
    prefillS: () => 0.1,
    decodeS: () => 0.2,
  });
  const trials = await carryOut(measurement);
  const valid = trials.filter((trial) => trialFate(trial) === 'valid');
  expect(valid.length).toBeGreaterThanOrEqual(3);
  for (const trial of valid) {
    expect(trial.repeats).toBeGreaterThan(1);
    expect(trial.energyOf).toBe('queries');
    expect(trial.runtimeS).toBeCloseTo(0.3, 9);
    expect(trial.energyJ.package).toBeCloseTo(3, 6);
    expect(trial.aboveIdleJ?.package).toBeCloseTo(2.4, 6);
    expect(trial.pausesS).toBeCloseTo(0.2 * (trial.repeats - 1), 6);
  }
});

test('a meter that reads nothing of a busy CPU ends the run with the reason', async () => {
  const { measurement, kept } = setUp(plan('100,20'), { rails: { cpu: [0, 0], gpu: [8, 1] } });
  await expect(carryOut(measurement)).rejects.toMatchObject({
    kind: 'meter-lost',
    message: expect.stringContaining(
      'says that the CPU drew nothing while 100 tokens went in and 20 came out',
    ) as string,
  });
  // The warm-up, and the first whole window.
  expect(kept.trials).toHaveLength(2);
  expect(kept.trials.at(-1)!.flags).toEqual(['cpu-zero-while-busy']);
});

test('wrong counts and cached tokens drop a trial from everything', async () => {
  const { measurement } = setUp(plan('20,4'), {
    record: (record, count) => (count === 1 ? { ...record, cachedTokens: 7 } : record),
  });
  const trials = await carryOut(measurement);
  expect(trials[1]!.fault).toBe('7 input tokens came from a cache');
  expect(trials.filter((trial) => trialFate(trial) === 'dropped')).toHaveLength(1);
});

test('a server that does not tell of its cache leaves that in each trial', async () => {
  const { measurement } = setUp(plan('20,4'), {
    record: ({ cachedTokens, ...told }, count) =>
      count < 1 ? { ...told, cachedTokens: cachedTokens! } : told,
  });
  const trials = await carryOut(measurement);
  expect(trials[0]).not.toHaveProperty('cacheTold');
  expect(trials[1]).toMatchObject({ cacheTold: false });
  expect(trialFate(trials[1]!)).toBe('valid');
});

test('a gap in the samples is kept, flagged and left out of the means', async () => {
  const { measurement } = setUp(plan('100,20'), { gaps: [{ startS: 1018, endS: 1020 }] });
  const trials = await carryOut(measurement);
  const poor = trials.filter((trial) => trial.flags.includes('coverage-below-95'));
  expect(poor.length).toBeGreaterThan(0);
  for (const trial of poor) {
    expect(trial.coverage).toBeLessThan(0.95);
    expect(trialFate(trial)).toBe('flagged');
  }
});

test('the order is random, and the same for a seed', async () => {
  const order = async (seed: number): Promise<string[]> => {
    const { measurement, queries } = setUp(plan('10,10 20,10 30,10 40,10 50,10 60,10', seed));
    await carryOut(measurement);
    return queries.map(({ m }) => String(m));
  };
  const first = await order(7);
  expect(await order(7)).toEqual(first);
  expect(await order(8)).not.toEqual(first);
  expect(first.slice(0, 6)).not.toEqual(['10', '20', '30', '40', '50', '60']);
});

test('an interrupted run keeps its trials, and a resumed one finishes the plan without doubling any', async () => {
  const controller = new AbortController();
  const one = setUp(
    plan('100,20 50,10'),
    {},
    {
      signal: controller.signal,
      watch: (progress) => {
        if (progress.kind === 'trial' && progress.trial.index === 2) controller.abort();
      },
    },
  );
  await expect(carryOut(one.measurement)).rejects.toMatchObject({ kind: 'interrupted' });
  expect(one.kept.trials.map((trial) => trial.index)).toEqual([0, 1, 2]);

  const two = setUp(plan('100,20 50,10'), {}, { trials: one.kept.trials, runStartS: 500 });
  const all = await carryOut(two.measurement);
  expect(all.map((trial) => trial.index)).toEqual(all.map((_, i) => i));
  expect(all.slice(0, 3)).toEqual(one.kept.trials);
  expect(two.kept.trials[0]!.startS).toBeGreaterThan(500);
  const whole = await carryOut(setUp(plan('100,20 50,10')).measurement);
  expect(all.map(({ m }) => m)).toEqual(whole.map(({ m }) => m));
});

test('a meter that fails ends the run with its reason, and what was measured stays', async () => {
  const { measurement, kept } = setUp(plan('100,20'), { meterFailsAtS: 1025 });
  await expect(carryOut(measurement)).rejects.toThrow('the simulated meter failed');
  expect(kept.trials.length).toBeGreaterThan(0);
});

test('a pause holds the run between two trials', async () => {
  let release: (() => void) | undefined;
  let asked = 0;
  const { measurement, kept } = setUp(
    plan('100,20'),
    {},
    {
      betweenTrials: () => {
        asked += 1;
        if (asked !== 2) return Promise.resolve(false);
        return new Promise((resolve) => (release = () => resolve(true)));
      },
    },
  );
  const running = carryOut(measurement);
  while (release === undefined) await new Promise((resolve) => setImmediate(resolve));
  expect(kept.trials).toHaveLength(1);
  release();
  await running;
  expect(kept.trials.length).toBeGreaterThanOrEqual(4);
  // What the computer draws when idle may be another after it.
  expect(kept.events.filter(({ kind }) => kind === 'idle')).toHaveLength(3);
});

test('the overhead of the meter is measured over the idle baseline and kept with its truth', async () => {
  const { measurement, kept } = setUp(plan('100,20'));
  const { meter, clock } = measurement;
  // A hundredth of a core since its start, and what it took to start.
  const cpuS = (): Promise<number> => Promise.resolve(0.5 + 0.01 * clock());
  await carryOut({ ...measurement, meter: { ...meter, cpuS } });
  expect(kept.truth.length).toBeGreaterThanOrEqual(2);
  for (const { overhead } of kept.truth) expect(overhead).toBeCloseTo(0.01, 6);

  const other = setUp(plan('100,20'));
  await carryOut({
    ...other.measurement,
    meter: { ...other.measurement.meter, cpuS: () => Promise.resolve(undefined) },
  });
  expect(other.kept.truth.every((truth) => !('overhead' in truth))).toBe(true);
});
