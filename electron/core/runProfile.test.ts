import fc from 'fast-check';
import { expect, test } from 'vitest';
import { madeRun, madeTrial } from '../test/madeRun.ts';
import { parseProfile } from './profile.ts';
import { profileFromRun } from './runProfile.ts';
import { shardPlan } from './shards.ts';
import { makePlan } from './sweep.ts';
import { FLAGS, type Trial } from './trial.ts';

const run = madeRun();

test('a cell has the means and sample standard deviations of its valid trials', () => {
  const profile = profileFromRun(run, [
    madeTrial({ index: 0, energyJ: { cpu: 1, gpu: 10 }, runtimeS: 1, flags: ['warm-up'] }),
    madeTrial({ index: 1, energyJ: { cpu: 2, gpu: 8 }, runtimeS: 2 }),
    madeTrial({ index: 2, energyJ: { cpu: 4, gpu: 10 }, runtimeS: 3 }),
    madeTrial({ index: 3, energyJ: { cpu: 9, gpu: 90 }, fault: '7 input tokens went in instead of 8' }),
  ])!;
  expect(profile.cells).toEqual([
    {
      m: 8,
      n: 32,
      sweep: 'input',
      trials: 2,
      energyJ: { total: 12, cpu: 3, gpu: 9 },
      sdEnergyJ: Math.sqrt(8),
      runtimeS: 2.5,
      sdRuntimeS: Math.sqrt(0.5),
      trialValues: [
        { energyJ: { cpu: 2, gpu: 8 }, runtimeS: 2 },
        { energyJ: { cpu: 4, gpu: 10 }, runtimeS: 3 },
      ],
    },
  ]);
  expect(profile.notes.join(' ')).toContain('1 flagged (warm-ups among them) and 1 with wrong counts');
});

test('a cell has the means above idle of its valid trials, and the profile the idle power', () => {
  const profile = profileFromRun(
    run,
    [
      madeTrial({ index: 0, aboveIdleJ: { cpu: 100, gpu: 100 }, flags: ['warm-up'] }),
      madeTrial({ index: 1, aboveIdleJ: { cpu: 0.5, gpu: 6 } }),
      madeTrial({ index: 2, aboveIdleJ: { cpu: -0.1, gpu: 8 } }),
    ],
    [
      { cpu: 1, gpu: 2, dram: 3 },
      { cpu: 2, gpu: 2 },
    ],
  )!;
  const [cell] = profile.cells;
  expect(cell!.aboveIdleJ!.cpu).toBeCloseTo(0.2, 12);
  expect(cell!.aboveIdleJ).toMatchObject({ gpu: 7 });
  expect(cell!.aboveIdleJ!.total).toBeCloseTo(7.2, 12);
  expect(cell!.sdAboveIdleJ).toBeCloseTo(1.4 / Math.SQRT2, 12);
  expect(cell!.trialValues!.map(({ aboveIdleJ }) => aboveIdleJ)).toEqual([
    { cpu: 0.5, gpu: 6 },
    { cpu: -0.1, gpu: 8 },
  ]);
  expect(profile.idleW).toEqual({ cpu: 1.5, gpu: 2 });
  expect(parseProfile(profile, 'it')).toEqual(profile);
});

test('what is not known above idle is absent, not the gross energy and not 0', () => {
  const aboveIdleOf = (...trials: Trial[]) => profileFromRun(run, trials)!.cells[0]!.aboveIdleJ;
  const one = madeTrial({ index: 0, aboveIdleJ: { cpu: 1, gpu: 6 } });
  expect(aboveIdleOf(one, madeTrial({ index: 1, aboveIdleJ: { gpu: 8 } }))).toEqual({ gpu: 7 });
  expect(aboveIdleOf(one, madeTrial({ index: 1 }))).toBeUndefined();
  expect(profileFromRun(run, [one])).not.toHaveProperty('idleW');
  const meter = { ...run.meter, kind: 'estimate' as const, estimate: true };
  expect(profileFromRun({ ...run, meter }, [one], [{ cpu: 15 }])).not.toHaveProperty('idleW');
});

test('a run says what was measured, where, and how', () => {
  const profile = profileFromRun(run, [madeTrial()])!;
  expect(profile).toMatchObject({
    id: 'apple-m1-pro.tiny.20260102-abc123',
    name: 'M1 Pro · Tiny · two sweeps, 2026-01-02',
    system: {
      id: 'apple-m1-pro',
      name: 'Apple M1 Pro',
      label: 'M1 Pro',
      place: 'mac',
      hardware: '10 CPU cores, 32 GB memory',
    },
    model: { id: 'tiny', name: 'Tiny' },
    design: 'sweeps',
    estimate: false,
    conditions: {
      engine: 'llama.cpp b6100, embedded',
      precision: 'fp16',
      kvCache: true,
      batch: 1,
      gpus: 1,
    },
    rails: ['cpu', 'gpu'],
    boundary: 'gpu+cpu',
  });
  expect(profile.source.note).toContain('Run run-20260102-abc123');
  expect(profile.source.note).toContain('seed 7, meter IOReport');
  expect(profile.notes.join(' ')).toContain('weights were made up');
});

test('one trial has no standard deviation', () => {
  const cell = profileFromRun(run, [madeTrial()])!.cells[0]!;
  expect(cell).not.toHaveProperty('sdEnergyJ');
  expect(cell).not.toHaveProperty('sdRuntimeS');
});

test('the shared cell of two sweeps belongs to both', () => {
  const cells = profileFromRun(run, [madeTrial({ m: 32, n: 32 })])!.cells;
  expect(cells.map(({ m, n, sweep }) => [m, n, sweep])).toEqual([
    [32, 32, 'input'],
    [32, 32, 'output'],
  ]);
});

test('there is no profile without a valid trial, without energy, or of other cells', () => {
  expect(profileFromRun(run, [])).toBeUndefined();
  expect(profileFromRun(run, [madeTrial({ flags: ['window-too-short'] })])).toBeUndefined();
  expect(profileFromRun(run, [madeTrial({ energyJ: {} })])).toBeUndefined();
  expect(profileFromRun(run, [madeTrial({ energyJ: { cpu: 0 } })])).toBeUndefined();
  expect(profileFromRun(run, [madeTrial({ m: 7 })])).toBeUndefined();
});

test('a rail that not every valid trial has is left out, and the profile says so', () => {
  const profile = profileFromRun(run, [
    madeTrial({ index: 0, energyJ: { cpu: 2, gpu: 8, dram: 1 } }),
    madeTrial({ index: 1, energyJ: { cpu: 2, gpu: 8 } }),
  ])!;
  expect(profile.rails).toEqual(['cpu', 'gpu']);
  expect(profile.cells[0]!.energyJ).toEqual({ total: 10, cpu: 2, gpu: 8 });
  expect(profile.notes.join(' ')).toContain('The DRAM energy is left out');
});

test('what the meter cannot tell apart and the server does not tell is said', () => {
  const windows = { repeats: 10, energyOf: 'window', startS: 0, endS: 2 } as const;
  const notes = (...trials: Trial[]) => profileFromRun(run, trials)!.notes.join(' ');
  const said = notes(
    madeTrial({ index: 0, ...windows, pausesS: 0.05 }),
    madeTrial({ index: 1, ...windows, pausesS: 0.1, cacheTold: false }),
    madeTrial({ index: 2, ...windows, energyOf: 'queries', pausesS: 1 }),
  );
  expect(said).toContain('In 2 of 3 valid trials the pauses between repeated queries are part of the energy');
  expect(said).toContain('5.0% of a window at the most');
  expect(said).toContain('The server does not tell whether input tokens came from a cache');
  expect(notes(madeTrial())).not.toMatch(/pauses|cache/);
});

test('a replayed log says so wherever it is named', () => {
  const meter = { ...run.meter, kind: 'replay' as const, name: 'replay of cinebench.txt' };
  const profile = profileFromRun({ ...run, meter }, [madeTrial({ index: 0 })])!;
  expect(profile.name).toMatch(/ · replayed log$/);
  expect(profile.notes.join(' ')).toContain('says nothing of this computer');
});

test('an estimate says so wherever it is named', () => {
  const meter = { ...run.meter, kind: 'estimate' as const, name: 'estimate of 15 W', estimate: true };
  const profile = profileFromRun({ ...run, meter }, [madeTrial()])!;
  expect(profile.estimate).toBe(true);
  expect(profile.name).toContain('estimate');
  expect(profile.boundaryNote).toContain('an estimate');
  expect(profile.notes.join(' ')).toContain('estimate');
});

test.each([
  ['Intel(R) Xeon(R) Platinum 8370C CPU @ 2.80GHz', 'Ubuntu 24.04', 'Xeon Platinum 8370C', 'other'],
  ['AMD Ryzen 9 7950X 16-Core Processor', 'Windows 11', 'Ryzen 9 7950X', 'other'],
  ['Intel(R) Core(TM) i9-9880H CPU @ 2.30GHz', 'macOS 14.1', 'Core i9-9880H', 'mac'],
  ['Apple M4 Max', 'macOS 26.0', 'M4 Max', 'mac'],
  ['', 'Linux', 'Unknown computer', 'other'],
  ['龙芯', 'Linux', '龙芯', 'other'],
])('the chip %s is called by its short name', (chip, os, label, place) => {
  const environment = { ...run.environment, chip, os };
  const profile = profileFromRun({ ...run, environment }, [madeTrial()])!;
  expect(profile.system).toMatchObject({ label, place });
  expect(parseProfile(profile, 'it')).toEqual(profile);
});

test.each([
  ['CPU, 2 threads', { gpu: 1 }, 0],
  ['CUDA', { cpu: 1 }, 1],
  ['http://127.0.0.1:8080', { gpu: 1 }, 1],
  ['http://127.0.0.1:8080', { package: 1 }, 0],
])('an engine on %s, measured at %j, used %i GPUs', (device, energyJ, gpus) => {
  const engine = { ...run.engine, device };
  expect(profileFromRun({ ...run, engine }, [madeTrial({ energyJ })])!.conditions.gpus).toBe(gpus);
});

/** A meter never gives a rail beside one that holds it. */
const RAILS_OF_PARTS = ['cpu', 'gpu', 'ane', 'dram'] as const;

test('whatever was measured, the profile is one that the lab accepts', () => {
  const plan = fc
    .constantFrom('paper', 'quick', 'grid', '8,32 64,32 8,64')
    .map((name) => makePlan(name, { seed: 1 }));
  const powers = fc.record(
    Object.fromEntries(RAILS_OF_PARTS.map((rail) => [rail, fc.double({ min: -10, max: 1e6, noNaN: true })])),
    { requiredKeys: [] },
  );
  const trial = fc.record({
    m: fc.constantFrom(8, 32, 64),
    n: fc.constantFrom(8, 32, 64),
    runtimeS: fc.double({ min: 1e-6, max: 1e5, noNaN: true }),
    energyJ: fc.record(
      Object.fromEntries(RAILS_OF_PARTS.map((rail) => [rail, fc.double({ min: -1, max: 1e6, noNaN: true })])),
      { requiredKeys: ['cpu'] },
    ),
    aboveIdleJ: powers,
    flags: fc.subarray([...FLAGS], { maxLength: 1 }),
  });
  fc.assert(
    fc.property(
      plan,
      fc.array(trial, { maxLength: 40 }),
      fc.array(powers),
      fc.string(),
      (plan, made, idle, id) => {
        const trials = made.map((changes, index) => madeTrial({ index, ...changes }));
        const profile = profileFromRun({ ...run, id, plan }, trials, idle);
        if (profile !== undefined) expect(parseProfile(profile, 'it')).toEqual(profile);
      },
    ),
  );
});

test("where the energy is NVIDIA's GPUs', they are the system, and all of them are counted", () => {
  const gpu = { name: 'NVIDIA A100-SXM4-80GB', memoryBytes: 80 * 2 ** 30, driver: '535.1' };
  const node = madeRun({ environment: { ...run.environment, chip: 'AMD EPYC 7742', gpus: [gpu, gpu] } });
  const profile = profileFromRun(node, [madeTrial({ energyJ: { gpu: 10 } })])!;
  expect(profile.system).toEqual({
    id: 'nvidia-a100-sxm4-80gb',
    name: 'NVIDIA A100-SXM4-80GB',
    label: 'A100-SXM4-80GB',
    place: 'gpu',
    hardware: '2 × NVIDIA A100-SXM4-80GB; AMD EPYC 7742, 10 CPU cores, 32 GB memory',
  });
  expect(profile.conditions.gpus).toBe(2);
  expect(profile.notes.join(' ')).toContain('all 2 GPUs of the computer');
  const package_ = profileFromRun(node, [madeTrial({ energyJ: { package: 10 } })])!;
  expect(package_.system.name).toBe('AMD EPYC 7742');
});

test('a shard of a sweep says that it is one', () => {
  const plan = shardPlan(makePlan('quick', { seed: 7 }), { index: 2, of: 3 }, { kvCache: true });
  const { m, n } = plan.cells[0]!;
  const profile = profileFromRun(madeRun({ plan }), [madeTrial({ m, n })])!;
  expect(profile.notes.join(' ')).toMatch(/the shard 2 of 3 of the sweep-[0-9a-f]+ with 12 cells/);
});
