import fc from 'fast-check';
import { expect, test } from 'vitest';
import { carryOut } from '../measure/runner.ts';
import { simulate } from '../measure/simulation.ts';
import { madeRun, madeTrial } from '../test/madeRun.ts';
import { labErrorOf } from '../test/thrown.ts';
import { mergeShards, type ShardRun } from './mergeShards.ts';
import { parseProfile } from './profile.ts';
import type { Run, RunEvent } from './run.ts';
import { profileFromRun } from './runProfile.ts';
import { cellKey, shardPlan } from './shards.ts';
import { makePlan, type Plan } from './sweep.ts';
import type { Trial } from './trial.ts';

/** A run of one shard, with the given trials of its cells. */
function shardRun(plan: Plan, index: number, of: number, trials: readonly Trial[], changes = {}): ShardRun {
  const own = shardPlan(plan, { index, of }, { kvCache: true });
  const keys = new Set(own.cells.map(cellKey));
  return {
    run: madeRun({ id: `run-shard-${index}-of-${of}`, state: 'done', plan: own, ...changes }),
    trials: trials.filter((trial) => keys.has(cellKey(trial))).map((trial, i) => ({ ...trial, index: i })),
    events: [{ atS: 0, kind: 'idle', message: 'idle', idleW: { cpu: index, gpu: 10 * index } }],
  };
}

const shards = (plan: Plan, of: number, trials: readonly Trial[]): ShardRun[] =>
  Array.from({ length: of }, (_, i) => shardRun(plan, i + 1, of, trials));

const energy = fc.double({ min: 0.01, max: 1e4, noNaN: true });
const fates = fc.constantFrom<Partial<Trial>>({}, {}, {}, { flags: ['warm-up'] }, { fault: 'wrong counts' });

test('the shards of a sweep give the very cells that one run of it gives', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('quick', 'paper', 'grid', '8,8 8,16 16,8 700,3'),
      fc.integer({ min: 1, max: 4 }),
      fc.array(fc.tuple(energy, energy, energy, fates), { minLength: 1, maxLength: 5 }),
      (sweep, of, values) => {
        const plan = makePlan(sweep, { seed: 7 });
        const trials = [...new Map(plan.cells.map((cell) => [cellKey(cell), cell])).values()]
          .flatMap(({ m, n }, i) =>
            values.map(([cpu, gpu, runtimeS, fate]) =>
              madeTrial({ m, n, energyJ: { cpu: cpu + i, gpu }, runtimeS: runtimeS + i, ...fate }),
            ),
          )
          .map((trial, index) => ({ ...trial, index }));
        const whole = profileFromRun(madeRun({ plan }), trials);
        const given = shards(plan, of, trials);
        const merged = mergeShards([...given].reverse());
        expect(merged.profile?.cells).toEqual(whole?.cells);
        expect(merged.runs.map(({ id }) => id)).toEqual(given.map(({ run }) => run.id));
        expect(merged.missingShards).toEqual([]);
        expect(merged.pooledCells).toEqual([]);
        if (merged.profile !== undefined) {
          expect(parseProfile(merged.profile, 'merged')).toEqual(merged.profile);
        }
      },
    ),
    { numRuns: 60 },
  );
});

/** Carries a plan out on a simulated meter and engine. */
async function simulated(plan: Plan): Promise<ShardRun> {
  const { meter, engine, clock } = simulate({ idleW: 20, busyW: 200 });
  const events: RunEvent[] = [];
  const trials = await carryOut({
    plan,
    meter,
    engine,
    clock,
    trials: [],
    runStartS: 0,
    signal: new AbortController().signal,
    sink: { sample: () => {}, trial: () => {}, event: (event) => void events.push(event), truth: () => {} },
  });
  const shard = plan.shard?.index ?? 0;
  return { run: madeRun({ id: `run-simulated-${shard}`, state: 'done', plan }), trials, events };
}

test('simulated shards, measured one by one, agree with a simulated run of the whole sweep', async () => {
  const plan = makePlan('50,10 100,20 200,40 30,60', { seed: 2, maxTrials: 3, idleS: 1 });
  const whole = await simulated(plan);
  const measured = [];
  for (const index of [1, 2, 3]) {
    measured.push(await simulated(shardPlan(plan, { index, of: 3 }, { kvCache: true })));
  }
  const { profile, missingCells, warnings } = mergeShards(measured);
  const expected = profileFromRun(whole.run, whole.trials)!;
  expect(missingCells).toEqual([]);
  expect(warnings).toEqual([]);
  expect(profile!.cells.map(cellKey)).toEqual(expected.cells.map(cellKey));
  profile!.cells.forEach((cell, i) => {
    const other = expected.cells[i]!;
    expect(cell.trials).toBe(other.trials);
    // A window's edges lie differently between the samples: at most one of them at each edge is off.
    expect(Math.abs(cell.energyJ.total - other.energyJ.total)).toBeLessThan(2 * 0.1 * 180);
    expect(cell.runtimeS).toBeCloseTo(other.runtimeS, 6);
  });
});

test('a cell that several runs measured is the mean over all of its trials, not of means', () => {
  const plan = makePlan('8,32 64,32', { seed: 1 });
  const own = [1, 2, 3].map((value, index) => madeTrial({ index, energyJ: { gpu: value }, runtimeS: value }));
  const rest = madeTrial({ m: 64, energyJ: { gpu: 5 } });
  const again = [madeTrial({ energyJ: { gpu: 10 }, runtimeS: 10 })];
  const { profile, pooledCells } = mergeShards([
    ...shards(plan, 2, [...own, rest]),
    { ...shards(plan, 2, again)[1]!, run: { ...shards(plan, 2, again)[1]!.run, id: 'run-again' } },
  ]);
  expect(pooledCells).toEqual([{ m: 8, n: 32 }]);
  expect(profile!.cells[0]).toMatchObject({ m: 8, trials: 4, energyJ: { total: 4 }, runtimeS: 4 });
  expect(profile!.notes.join(' ')).toContain('1 cells were measured by several runs');
});

test('missing shards and cells are named, and what is there is a profile all the same', () => {
  const plan = makePlan('8,32 64,32 128,32', { seed: 1 });
  const trials = [8, 64, 128].map((m, index) => madeTrial({ index, m }));
  const [, second] = shards(plan, 3, trials);
  const merged = mergeShards([second!]);
  expect(merged.missingShards).toEqual(['1 of 3', '3 of 3']);
  expect(merged.missingCells).toHaveLength(2);
  expect(merged.profile!.cells).toHaveLength(1);
  expect(merged.profile!.notes.join(' ')).toContain('The shards 1 of 3, 3 of 3 are missing.');
});

test('the profile says which runs it is made of, and that one is not done', () => {
  const plan = makePlan('8,32 64,32', { seed: 9 });
  const trials = [madeTrial(), madeTrial({ index: 1, m: 64 })];
  const [first, second] = shards(plan, 2, trials);
  const paused = { ...second!, run: { ...second!.run, state: 'paused' as const } };
  const { profile, sweep, warnings } = mergeShards([first!, paused]);
  expect(profile!.id).toMatch(new RegExp(`^apple-m1-pro\\.tiny\\.${sweep}-[0-9a-f]{8}$`));
  expect(profile!.idleW).toEqual({ cpu: 1.5, gpu: 15 });
  expect(profile!.source.note).toContain('run-shard-1-of-2 (1 of 2), run-shard-2-of-2 (2 of 2)');
  expect(profile!.source.note).toContain('seed 9');
  expect(warnings).toEqual(['The run run-shard-2-of-2 of the shard 2 of 2 is paused, not done.']);
});

const apart = (changes: (run: Run) => Partial<Run>): [ShardRun, ShardRun] => {
  const plan = makePlan('8,32 64,32', { seed: 1 });
  const [first, second] = shards(plan, 2, [madeTrial(), madeTrial({ index: 1, m: 64 })]);
  return [first!, { ...second!, run: { ...second!.run, ...changes(second!.run) } }];
};

test.each<[string, (run: Run) => Partial<Run>, string]>([
  [
    'model',
    ({ engine }) => ({ engine: { ...engine, model: { ...engine.model, name: 'Large' } } }),
    'the model',
  ],
  [
    'quantisation',
    ({ engine }) => ({ engine: { ...engine, model: { ...engine.model, quantisation: 'Q4_0' } } }),
    'Q4_0',
  ],
  ['engine', ({ engine }) => ({ engine: { ...engine, kind: 'openai' } }), 'the engine: embedded, openai'],
  ['KV cache', ({ engine }) => ({ engine: { ...engine, kvCache: false } }), 'the KV cache'],
  ['meter', ({ meter }) => ({ meter: { ...meter, kind: 'macmon' } }), 'the meter: ioreport, macmon'],
  ['processor', ({ environment }) => ({ environment: { ...environment, chip: 'Apple M2' } }), 'Apple M2'],
  [
    'seed',
    () => ({ plan: shardPlan(makePlan('8,32 64,32', { seed: 2 }), { index: 2, of: 2 }, { kvCache: true }) }),
    'their sweeps differ',
  ],
  ['whole run', ({ plan }) => ({ plan: { ...plan, shard: undefined } }), 'is no shard of a sweep'],
])('shards that differ in %s are refused, with the reason', (_, changes, reason) => {
  const error = labErrorOf(() => mergeShards(apart(changes)));
  expect(error.kind).toBe('incompatible');
  expect(error.message).toContain(reason);
});

test('what hardly matters is a warning', () => {
  const { warnings } = mergeShards(
    apart(({ environment }) => ({ environment: { ...environment, os: 'macOS 15.2', crossover: '0.2.0' } })),
  );
  expect(warnings).toEqual([
    'The runs differ in the system: macOS 15.1, macOS 15.2.',
    'The runs differ in Crossover’s version: 0.1.0, 0.2.0.',
  ]);
});
