import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RunEvent } from '#core/run';
import { makePlan, randomOf } from '#core/sweep';
import { trialFate, type Trial } from '#core/trial';
import type { Meter } from '../meters/meter.ts';
import { carryOut } from './runner.ts';
import { simulate, type SimulationOptions } from './simulation.ts';

interface Found {
  readonly trials: readonly Trial[];
  /** every trial that was handed on, those that were read anew again */
  readonly handed: readonly Trial[];
  readonly warnings: readonly RunEvent[];
}

async function measured(
  options: SimulationOptions,
  cells = '100,20 50,10',
  info: Partial<Meter['info']> = {},
): Promise<Found> {
  const { meter, engine, clock } = simulate(options);
  const handed: Trial[] = [];
  const events: RunEvent[] = [];
  const trials = await carryOut({
    plan: makePlan(cells, { seed: 3, maxTrials: 4 }),
    meter: { ...meter, info: { ...meter.info, ...info } },
    engine,
    clock,
    runStartS: 0,
    trials: [],
    signal: new AbortController().signal,
    sink: {
      sample: () => {},
      trial: (trial) => void handed.push(trial),
      event: (event) => void events.push(event),
      truth: () => {},
    },
  });
  return { trials, handed, warnings: events.filter(({ kind }) => kind === 'warning') };
}

/** What a shift may be off by, as the warning says. */
const saidUncertaintyS = ({ message }: RunEvent): number => Number(/\(± ([\d.]+) s\)/.exec(message)![1]);

describe('a meter whose samples are late', () => {
  test('by 0.4 s is found, said and taken into account, also for the trials made before', async () => {
    const { trials, handed, warnings } = await measured({ delayS: 0.4, cadenceS: 0.2 });
    expect(warnings).toHaveLength(1);
    expect(warnings[0]!.message).toContain('late by 0.4');
    const uncertaintyS = saidUncertaintyS(warnings[0]!);
    expect(uncertaintyS).toBeLessThan(0.1);
    expect(trials.filter((trial) => trialFate(trial) === 'valid').length).toBeGreaterThanOrEqual(6);
    for (const trial of trials) {
      expect(Math.abs(trial.clockShiftS! + 0.4)).toBeLessThanOrEqual(uncertaintyS + 0.005);
      // 8 W more while it works; each edge is off by the uncertainty and by the sample that is cut there.
      const alone = trial.energyOf === 'queries';
      const busyS = trial.runtimeS * trial.repeats;
      const spentJ = 2 * (alone ? busyS : trial.endS - trial.startS) + 8 * busyS;
      const edges = alone ? 2 * trial.repeats : 2;
      const offJ = Math.abs(trial.energyJ.package! * trial.repeats - spentJ);
      expect(offJ).toBeLessThan(edges * 8 * (uncertaintyS + 0.2 / 4));
      expect(trial.coverage).toBeGreaterThan(0.99);
    }
    const first = handed.filter(({ index }) => index === 0);
    expect(first).toHaveLength(2);
    expect(first[0]!.clockShiftS).toBeUndefined();
    expect(first[0]!.energyJ.package).toBeLessThan(first[1]!.energyJ.package! * 0.95);
  });

  test('by any time is found within what the warning says', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.double({ min: 0.4, max: 1.5, noNaN: true }),
        fc.double({ min: 0.05, max: 0.25, noNaN: true }),
        async (delayS, cadenceS) => {
          const { trials, warnings } = await measured({ delayS, cadenceS });
          expect(warnings).toHaveLength(1);
          const within = saidUncertaintyS(warnings[0]!) + cadenceS / 2;
          for (const { clockShiftS } of trials) {
            expect(Math.abs(clockShiftS! + delayS)).toBeLessThanOrEqual(within);
          }
        },
      ),
      { numRuns: 12 },
    );
  });
});

test('a meter that is not late is never shifted, however noisy', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.double({ min: 0.05, max: 0.5, noNaN: true }),
      fc.double({ min: 6, max: 40, noNaN: true }),
      fc.double({ min: 0, max: 0.3, noNaN: true }),
      fc.integer({ min: 1, max: 1e6 }),
      fc.constantFrom('100,20', '100,20 50,10', '10,2 30,3 200,30'),
      async (cadenceS, busyW, noise, seed, cells) => {
        const random = randomOf(seed);
        const noiseW = (): number => (2 * random() - 1) * noise * busyW;
        const { trials, warnings } = await measured({ cadenceS, busyW, noiseW }, cells);
        expect(warnings).toEqual([]);
        expect(trials.every(({ clockShiftS }) => clockShiftS === undefined)).toBe(true);
      },
    ),
    { numRuns: 25 },
  );
});

test.each([
  ['a replayed trace', { kind: 'replay' }],
  ['a counter', { counters: true }],
  ['an estimate', { kind: 'estimate', estimate: true }],
] as const)('%s is left as it is', async (_, info) => {
  const { warnings } = await measured({ delayS: 0.4 }, '100,20', info);
  expect(warnings).toEqual([]);
});
