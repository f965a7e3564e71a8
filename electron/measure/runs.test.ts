import { expect, test } from 'vitest';
import { LabError } from '#core/errors';
import type { Profile } from '#core/profile';
import type { Run, RunEvent } from '#core/run';
import type { Trial } from '#core/trial';
import type { Meter } from '../meters/meter.ts';
import { Runs } from './runs.ts';
import type { RunStore, RunSurroundings } from './runSurroundings.ts';
import { simulate, type SimulationOptions } from './simulation.ts';

interface Memory {
  runs: Map<string, Run>;
  trials: Trial[];
  events: RunEvent[];
  profiles: Profile[];
  samples: number;
  awake: number;
}

function setUp(
  options: SimulationOptions = {},
  changes: Partial<RunSurroundings> = {},
  storeChanges: (memory: Memory) => Partial<RunStore> = () => ({}),
): { runs: Runs; memory: Memory } {
  const memory: Memory = { runs: new Map(), trials: [], events: [], profiles: [], samples: 0, awake: 0 };
  const store: RunStore = {
    create: (run) => void memory.runs.set(run.id, run),
    update: (id, update) => {
      const { endedAt, ...rest } = update;
      memory.runs.set(id, {
        ...memory.runs.get(id)!,
        ...rest,
        ...(endedAt === undefined ? {} : { endedAt }),
      } as Run);
    },
    find: (id) => memory.runs.get(id),
    trials: () => [...memory.trials],
    putTrial: (_, trial) => void memory.trials.push(trial),
    putEvent: (_, event) => void memory.events.push(event),
    events: () => memory.events,
    endS: () => memory.trials.at(-1)?.endS ?? 0,
    samples: () => ({
      push: (samples) => void (memory.samples += samples.length),
      flush: () => {},
      close: () => {},
    }),
    putProfile: (profile) => void (memory.profiles = [profile]),
    ...storeChanges(memory),
  };
  const simulation = simulate(options);
  const runs = new Runs({
    store,
    modelFolder: 'nowhere',
    openEngine: () => Promise.resolve(simulation.engine),
    chooseMeter: () => Promise.resolve(simulation.meter),
    clock: simulation.clock,
    now: () => new Date('2026-11-23T10:00:00Z'),
    environment: () =>
      Promise.resolve({
        chip: 'Test chip',
        cores: 4,
        memoryBytes: 1e9,
        os: 'Test 1',
        arch: 'x64',
        crossover: '0.0.0',
        node: '20.0.0',
      }),
    powerState: () => Promise.resolve({}),
    beatClock: () => 0,
    keepAwake: () => {
      memory.awake += 1;
      return () => (memory.awake -= 1);
    },
    ...changes,
  });
  return { runs, memory };
}

const REQUEST = { sweep: '50,10 100,20', maxTrials: 4, idleS: 1 };
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('a run is stored as it happens, and gives a profile', async () => {
  const { runs, memory } = setUp();
  const started = runs.start(REQUEST);
  expect(started.state).toBe('preparing');
  const ended = await runs.ended();
  expect(ended).toMatchObject({ id: started.id, state: 'done' });
  expect([...memory.runs.values()]).toMatchObject([{ state: 'done', endedAt: '2026-11-23T10:00:00.000Z' }]);
  expect(memory.trials.length).toBeGreaterThanOrEqual(8);
  expect(memory.samples).toBeGreaterThan(50);
  expect(memory.profiles[0]!.cells.map(({ m, n }) => [m, n])).toEqual([
    [50, 10],
    [100, 20],
  ]);
  expect(ended!.profile).toBe(memory.profiles[0]!.id);
  expect(memory.awake).toBe(0);
});

test('two runs at once would disturb each other: the second is refused', async () => {
  const { runs } = setUp();
  runs.start(REQUEST);
  expect(() => runs.start(REQUEST)).toThrow(/A run is under way/);
  await runs.ended();
  expect(() => runs.start(REQUEST)).not.toThrow();
  runs.cancel();
  await runs.ended();
});

test('a wrong request starts nothing', () => {
  const { runs } = setUp();
  expect(() => runs.start({ sweep: '8x8' })).toThrow(/"8x8" is not a cell/);
  expect(() => runs.start({ target: 7 })).toThrow(LabError);
  expect(runs.active()).toBeNull();
});

test('a pause holds, continuing goes on to the end', async () => {
  const { runs, memory } = setUp();
  const unwatch = runs.watch((news) => {
    if (news.news === 'state' && news.run.trials.length === 2) runs.pause();
  });
  runs.start(REQUEST);
  while (runs.active()?.state !== 'paused') await turn();
  unwatch();
  const before = memory.trials.length;
  for (let i = 0; i < 200; i++) await turn();
  expect(memory.trials.length).toBeLessThanOrEqual(before + 1);
  expect([...memory.runs.values()][0]!.state).toBe('paused');
  runs.continue();
  expect((await runs.ended())?.state).toBe('done');
});

test('a cancelled run keeps its trials and can be resumed to its end', async () => {
  const { runs, memory } = setUp();
  const unwatch = runs.watch((news) => {
    if (news.news === 'state' && news.run.trials.length === 3) runs.cancel();
  });
  const { id } = runs.start(REQUEST);
  expect((await runs.ended())?.state).toBe('cancelled');
  expect(memory.runs.get(id)!.state).toBe('cancelled');
  const kept = [...memory.trials];
  expect(kept.length).toBeGreaterThanOrEqual(3);
  unwatch();
  runs.resume(id);
  expect((await runs.ended())?.state).toBe('done');
  expect(memory.trials.slice(0, kept.length)).toEqual(kept);
  expect(memory.trials.map((trial) => trial.index)).toEqual(memory.trials.map((_, i) => i));
  expect(() => runs.resume(id)).toThrow(/nothing to go on with/);
  expect(() => runs.resume('run-unknown')).toThrow(/There is no run/);
});

test('a disk that fills during a run ends it with its sentence, and what was measured stays', async () => {
  const { runs, memory } = setUp({}, {}, (kept) => ({
    putTrial: (_, trial) => {
      if (kept.trials.length === 2) throw new LabError('disk-full', 'The disk is full.', 'Make room.');
      kept.trials.push(trial);
    },
  }));
  runs.start(REQUEST);
  const ended = await runs.ended();
  expect(ended).toMatchObject({
    state: 'failed',
    error: { kind: 'disk-full', message: 'The disk is full.', hint: 'Make room.' },
  });
  expect(memory.trials).toHaveLength(2);
  expect([...memory.runs.values()][0]!.state).toBe('failed');
});

test('an engine that cannot be opened stores no run, and says why', async () => {
  const { runs, memory } = setUp(
    {},
    {
      openEngine: () =>
        Promise.reject(new LabError('bad-model', 'x.gguf is not a GGUF file.', 'Choose another.')),
    },
  );
  runs.start(REQUEST);
  expect((await runs.ended())?.error).toMatchObject({ kind: 'bad-model' });
  expect(memory.runs.size).toBe(0);
  expect(memory.awake).toBe(0);
});

test('losing the mains pauses the run and says so; its user may go on in spite of it', async () => {
  let reads = 0;
  const { runs, memory } = setUp(
    {},
    {
      powerState: () =>
        Promise.resolve({ powerSource: (reads += 1) > 6 ? ('battery' as const) : ('ac' as const) }),
    },
  );
  runs.start(REQUEST);
  while (runs.active()?.state !== 'paused') await turn();
  expect(runs.active()!.warnings).toEqual([expect.stringContaining('mains power was lost')]);
  expect(memory.events.some((event) => event.kind === 'warning')).toBe(true);
  runs.continue();
  expect((await runs.ended())?.state).toBe('done');
  expect(memory.trials.some((trial) => trial.flags.includes('power-source-changed'))).toBe(true);
});

test.each([
  ['the mains', { powerSource: 'battery' as const }, /mains power was lost/, /mains power is back/],
  ['heat', { powerSource: 'ac' as const, thermal: 'speed limited to 60%' }, /too hot/, /has cooled down/],
])('a run that %s holds goes on by itself when that is over', async (_, trouble, begins, ends) => {
  let reads = 0;
  const { runs, memory } = setUp(
    {},
    {
      powerState: () =>
        Promise.resolve((reads += 1) > 6 && reads <= 9 ? trouble : { powerSource: 'ac' as const }),
      lookEveryMs: 1,
    },
  );
  const states = new Set<string>();
  runs.watch((news) => {
    if (news.news === 'state') states.add(news.run.state);
  });
  runs.start(REQUEST);
  expect((await runs.ended())?.state).toBe('done');
  expect(states).toContain('paused');
  const said = memory.events.filter(({ kind }) => kind === 'warning').map(({ message }) => message);
  expect(said).toEqual([expect.stringMatching(begins), expect.stringMatching(ends)]);
  expect([...memory.runs.values()][0]!.state).toBe('done');
  // Before, after the pause, and at the end.
  expect(memory.events.filter(({ kind }) => kind === 'idle')).toHaveLength(3);
});

test('a sleeping computer flags the trial in progress, says so, and goes on with a new baseline', async () => {
  let wall = Date.parse('2026-11-23T10:00:00Z');
  const { runs, memory } = setUp({}, { now: () => new Date(wall), lookEveryMs: 1 });
  const unwatch = runs.watch((news) => {
    if (news.news !== 'state' || !/ trial 3\b/.test(news.run.what)) return;
    unwatch();
    // The simulated clock stands still meanwhile, as Linux's does, and the wall clock is ahead by all of the run, too.
    wall += 3_600_000;
  });
  runs.start(REQUEST);
  expect((await runs.ended())?.state).toBe('done');
  const said = memory.events.filter(({ kind }) => kind === 'sleep').map(({ message }) => message);
  expect(said).toEqual([
    expect.stringMatching(/^The computer slept for \d+ s, and the run with it\.$/),
    'The computer is awake again, so the run goes on, with a new idle baseline.',
  ]);
  expect(memory.trials.filter((trial) => trial.flags.includes('slept')).map(({ index }) => index)).toEqual([
    2,
  ]);
});

test('a run that was interrupted is paused for whoever resumes it, and nothing of it is under way', async () => {
  const { runs, memory } = setUp();
  const { id } = runs.start(REQUEST);
  expect(runs.underWay()).toMatchObject({ sweep: REQUEST.sweep });
  runs.interrupt();
  expect(await runs.ended()).toMatchObject({ id, state: 'paused' });
  expect(runs.underWay()).toBeUndefined();
  runs.continue();
  expect(runs.active()).toMatchObject({ state: 'paused' });
  runs.start(REQUEST);
  expect(await runs.ended()).toMatchObject({ state: 'done' });
  expect(memory.awake).toBe(0);
});

test('a run that is ended while it is held is over at once', async () => {
  const { runs } = setUp(
    {},
    { powerState: () => Promise.resolve({ thermal: 'speed limited to 60%' }), lookEveryMs: 1 },
  );
  runs.start(REQUEST);
  while (runs.active()?.state !== 'paused') await turn();
  runs.cancel();
  expect((await runs.ended())?.state).toBe('cancelled');
});

test('the last idle baseline is in the profile, too', async () => {
  const { runs, memory } = setUp();
  runs.start(REQUEST);
  await runs.ended();
  const baselines = memory.events.flatMap(({ idleW }) => idleW?.package ?? []);
  expect(baselines).toHaveLength(2);
  expect(memory.profiles[0]!.idleW!.package).toBeCloseTo((baselines[0]! + baselines[1]!) / 2, 12);
});

test('a meter that does not agree with another one is said before the run, which goes on all the same', async () => {
  const { meter, engine, clock } = simulate();
  const twice: Meter = {
    ...meter,
    info: { ...meter.info, name: 'another' },
    async *samples(signal) {
      for await (const sample of meter.samples(signal)) {
        yield { ...sample, energyJ: { package: 2 * sample.energyJ.package! } };
      }
    },
  };
  const asked: string[] = [];
  const { runs, memory } = setUp(
    {},
    {
      clock,
      openEngine: () => Promise.resolve(engine),
      chooseMeter: () => Promise.resolve(meter),
      companionOf: ({ info }, { chip }) => {
        asked.push(`${info.name} on ${chip}`);
        return Promise.resolve(twice);
      },
    },
  );
  runs.start({ sweep: '50,10', maxTrials: 3, idleS: 1 });
  expect(await runs.ended()).toMatchObject({ state: 'done' });
  expect(asked).toEqual(['simulated meter on Test chip']);
  const kinds = memory.events.map(({ kind }) => kind);
  expect(kinds.filter((kind) => kind === 'cross-check')).toHaveLength(1);
  expect(kinds.indexOf('cross-check')).toBeLessThan(kinds.indexOf('start'));
  const { message, crossCheck } = memory.events[kinds.indexOf('cross-check')]!;
  expect(crossCheck).toMatchObject({ with: 'another', agrees: false });
  expect(runs.active()!.warnings).toContain(message);
});
