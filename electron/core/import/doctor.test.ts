import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bundledProfiles } from '../../test/bundled.ts';
import { madeReading, madeRow, madeRows } from '../../test/madeReading.ts';
import { parseProfile, RAILS, type Cell } from '../profile.ts';
import { designOf, withSweeps } from './cells.ts';
import { deviceOf } from './devices.ts';
import { diagnosisSchema, type Diagnosis } from './diagnosis.ts';
import { diagnose } from './doctor.ts';
import { coverageFindings } from './faults.ts';
import { hardwareOf } from './hardware.ts';
import { modelOf, placeOf, systemOf } from './names.ts';
import type { Observation, Reading } from './observation.ts';
import { importOptionsSchema, type ImportOptions } from './options.ts';
import type { Query, Row } from './query.ts';

function diagnosed(readings: Reading | readonly Reading[], options: ImportOptions = {}): Diagnosis {
  const all = Array.isArray(readings) ? (readings as readonly Reading[]) : [readings as Reading];
  return diagnose(all, options, { stored: bundledProfiles });
}

const at = (m: number, n: number): Pick<Cell, 'm' | 'n'> => ({ m, n });

test('a cell has the means and sample standard deviations over its trials', () => {
  const { profile } = diagnosed(
    madeReading([
      madeRow({ energyJ: { cpu: 10, gpu: 100 }, runtimeS: 1 }),
      madeRow({ energyJ: { cpu: 20, gpu: 110 }, runtimeS: 2 }),
      madeRow({ energyJ: { cpu: 30, gpu: 120 }, runtimeS: 3 }),
    ]),
  );
  expect(profile!.cells).toEqual([
    {
      m: 8,
      n: 32,
      trials: 3,
      energyJ: { total: 130, cpu: 20, gpu: 110 },
      sdEnergyJ: 20,
      runtimeS: 2,
      sdRuntimeS: 1,
      trialValues: [
        { energyJ: { cpu: 10, gpu: 100 }, runtimeS: 1 },
        { energyJ: { cpu: 20, gpu: 110 }, runtimeS: 2 },
        { energyJ: { cpu: 30, gpu: 120 }, runtimeS: 3 },
      ],
    },
  ]);
  expect(profile).toMatchObject({ rails: ['cpu', 'gpu'], boundary: 'gpu+cpu', design: 'cells' });
});

test('of very many trials of a cell the means alone are kept, and that is said', () => {
  const rows = Array.from({ length: 501 }, (_, i) =>
    madeRow({ energyJ: { cpu: 10, gpu: 100 + i / 7 }, runtimeS: 1 + i / 900 }),
  );
  const few = [1, 2].map((i) => madeRow({ m: 16, energyJ: { cpu: 10, gpu: 200 + i }, runtimeS: 3 }));
  const { profile, findings } = diagnosed(madeReading([...rows, ...few]));
  expect(profile!.cells.map(({ trials, trialValues }) => [trials, trialValues?.length])).toEqual([
    [501, undefined],
    [2, 2],
  ]);
  const message = /^One cell keeps the means and standard deviations of the trials/;
  expect(findings.find(({ kind }) => kind === 'trial-values')!.message).toMatch(message);
  expect(profile!.notes.some((note) => message.test(note))).toBe(true);
});

test('rows that are means weigh by their trials, and their spreads are pooled', () => {
  const { profile } = diagnosed(
    madeReading([
      madeRow({ energyJ: { gpu: 100 }, trials: 3, sdEnergyJ: 2, sdRuntimeS: 0.1 }),
      madeRow({ energyJ: { gpu: 104 }, trials: 1, runtimeS: 2 }),
    ]),
  );
  const [cell] = profile!.cells;
  expect(cell).toMatchObject({ trials: 4, energyJ: { gpu: 101 } });
  // A mean is no trial.
  expect(cell).not.toHaveProperty('trialValues');
  // Two degrees of freedom of variance 4 within, and 3 × 1 + 1 × 9 between, over three.
  expect(cell!.sdEnergyJ).toBeCloseTo(Math.sqrt((2 * 4 + 3 + 9) / 3), 12);
});

test('what came within a fifth of what was asked for stays in its cell, with the tokens that came', () => {
  const { profile } = diagnosed(
    madeReading([
      madeRow({ n: 32, askedN: 32 }, 1),
      madeRow({ n: 29, askedN: 32 }, 2),
      madeRow({ n: 20, askedN: 32 }, 3),
    ]),
  );
  expect(profile!.cells.map(({ m, n, trials, tokensMean }) => ({ m, n, trials, tokensMean }))).toEqual([
    { m: 8, n: 20, trials: 1, tokensMean: undefined },
    { m: 8, n: 32, trials: 2, tokensMean: 38.5 },
  ]);
});

test('a whole batch is divided by its size, a single prompt is not, and the runtime stays', () => {
  const rows = madeRows(3, { batch: 4, energyJ: { gpu: 200 } });
  const whole = diagnosed(madeReading(rows), { batch: 'divide' }).profile!;
  const single = diagnosed(madeReading(rows), { batch: 'per-query' }).profile!;
  expect(single.cells[0]!.energyJ.total / whole.cells[0]!.energyJ.total).toBeCloseTo(4, 12);
  expect(single.cells[0]!.sdEnergyJ! / whole.cells[0]!.sdEnergyJ!).toBeCloseTo(4, 9);
  expect(whole.cells[0]!.runtimeS).toBe(single.cells[0]!.runtimeS);
  expect(whole.conditions).toMatchObject({ batch: 4 });
  expect(single.conditions).toMatchObject({ batch: 1, recordedBatch: 4 });
  const told = diagnosed(madeReading(rows), { batch: 'divide', batchSize: 8 }).profile!;
  expect(told.cells[0]!.energyJ.total).toBeCloseTo(single.cells[0]!.energyJ.total / 8, 12);
});

test('energy that is one query’s already keeps the batch in which it was measured', () => {
  const { profile, findings } = diagnosed(
    madeReading(madeRows(3, { batch: 16, energyJ: { gpu: 5 } }), { kvCache: true, energyPer: 'query' }),
  );
  expect(profile!.conditions.batch).toBe(16);
  expect(profile!.cells[0]!.energyJ.total).toBeCloseTo(5.002, 9);
  expect(findings.map(({ kind }) => kind)).not.toContain('batch');
});

test('idle energy stays beside the gross one, or is taken away', () => {
  const rows = madeRows(3, { energyJ: { cpu: 20, gpu: 200 } }).map((row) => ({ ...row, runtimeS: 2 }));
  const gross = diagnosed(madeReading(rows), { idleW: { cpu: 1, gpu: 50 } }).profile!;
  expect(gross.idleW).toEqual({ cpu: 1, gpu: 50 });
  expect(gross.cells[0]!.aboveIdleJ!.gpu).toBeCloseTo(gross.cells[0]!.energyJ.gpu! - 100, 9);
  expect(gross.cells[0]!.aboveIdleJ!.total).toBeCloseTo(gross.cells[0]!.energyJ.total - 102, 9);
  expect(gross.cells[0]!.sdAboveIdleJ).toBeCloseTo(gross.cells[0]!.sdEnergyJ!, 9);
  const net = diagnosed(madeReading(rows), { idle: 'subtract', idleW: { gpu: 50 } }).profile!;
  expect(net.cells[0]!.energyJ.gpu).toBeCloseTo(gross.cells[0]!.energyJ.gpu! - 100, 9);
  expect(net.cells[0]!.energyJ.cpu).toBeCloseTo(gross.cells[0]!.energyJ.cpu!, 9);
  expect(net.cells[0]).not.toHaveProperty('aboveIdleJ');
  expect(net.boundaryNote).toContain('taken away');
});

test('the idle energy of a source’s own column is used, and a share of the batch is divided with it', () => {
  const rows = madeRows(3, { energyJ: { gpu: 200 }, idleJ: { gpu: 40 }, batch: 4 });
  const { profile } = diagnosed(madeReading(rows), { batch: 'divide' });
  expect(profile!.cells[0]!.aboveIdleJ!.gpu).toBeCloseTo((200.002 - 40) / 4, 9);
  expect(profile!.idleW!.gpu).toBeCloseTo(40, 1);
});

test('warm-ups are left out as the user says, as the format knows, or not at all', () => {
  const rows = [0, 1, 2, 3].map((iteration) => madeRow({ iteration }, iteration + 1));
  const trials = (options: ImportOptions, facts: Reading['facts'] = { kvCache: true }): number =>
    diagnosed(madeReading(rows, facts), options).cells[0]!.trials;
  expect(trials({})).toBe(4);
  expect(trials({ warmUp: 'first' })).toBe(3);
  expect(trials({ warmUp: 'iteration-0' })).toBe(3);
  expect(trials({}, { kvCache: true, warmUp: 'iteration-0' })).toBe(3);
  expect(trials({ warmUp: 'none' }, { kvCache: true, warmUp: 'iteration-0' })).toBe(4);
  const alone = madeReading(
    rows.map((row) => ({ ...row, iteration: 0 })),
    { kvCache: true, warmUp: 'iteration-0' },
  );
  expect(diagnosed(alone).cells[0]!.trials).toBe(4);
});

test('rows count whose phase is inference, where any has a phase', () => {
  const rows = ['tokenizer', 'start-inference-A-1', 'Inference', 'load'].map((phase, i) =>
    madeRow({ phase }, i + 1),
  );
  const { cells, dropped } = diagnosed(madeReading(rows));
  expect(cells[0]!.trials).toBe(2);
  expect(dropped).toEqual([
    { count: 1, reason: 'the phase "tokenizer" is not inference' },
    { count: 1, reason: 'the phase "load" is not inference' },
  ]);
  expect(diagnosed(madeReading(rows.map((row) => ({ ...row, phase: 'run' })))).cells[0]!.trials).toBe(4);
});

test('a boundary that the user says leaves out the rails beyond it', () => {
  const rows = madeRows(3, { energyJ: { cpu: 20, gpu: 200 } });
  expect(diagnosed(madeReading(rows), { boundary: 'gpu' }).profile).toMatchObject({
    rails: ['gpu'],
    boundary: 'gpu',
  });
  expect(diagnosed(madeReading(rows), { boundary: 'wall' }).profile).toBeNull();
});

test('a row without a rail that most rows have is left out, not added up without it', () => {
  const rows = [...madeRows(4, { energyJ: { cpu: 20, gpu: 200 } }), madeRow({}, 9)];
  const { dropped, rails } = diagnosed(madeReading(rows));
  expect(rails).toEqual(['cpu', 'gpu']);
  expect(dropped).toEqual([{ count: 1, reason: 'no CPU energy' }]);
});

test('two sweeps in two files become one profile of two sweeps, their shared cell in both', () => {
  const input = [8, 16, 32, 64].flatMap((m) => madeRows(3, { m }, m));
  const output = [8, 16, 64].flatMap((n) => madeRows(3, { m: 32, n }, 200 + n));
  const { profile, cells } = diagnosed([
    madeReading(input),
    madeReading(
      output,
      { kvCache: true },
      { file: { name: 'output.csv', bytes: 1, sha256: 'f'.repeat(64) } },
    ),
  ]);
  expect(profile!.design).toBe('sweeps');
  expect(profile!.cells.map(({ sweep, m, n }) => `${sweep} ${m} ${n}`)).toEqual([
    'input 8 32',
    'input 16 32',
    'input 32 32',
    'input 64 32',
    'output 32 8',
    'output 32 16',
    'output 32 32',
    'output 32 64',
  ]);
  expect(cells).toHaveLength(7);
});

test('the design is a grid but for a few cells, two sweeps, or cells', () => {
  const grid = [8, 16, 32].flatMap((m) => [8, 16, 32].map((n) => at(m, n)));
  expect(designOf(grid)).toBe('grid');
  expect(designOf(grid.slice(1))).toBe('grid');
  expect(designOf([at(8, 8), at(16, 16), at(32, 32)])).toBe('cells');
  expect(designOf([at(8, 32), at(16, 32), at(64, 32)])).toBe('cells');
  const cross = [at(8, 32), at(16, 32), at(32, 32), at(32, 8), at(32, 64)];
  expect(designOf(cross)).toBe('sweeps');
  expect(withSweeps(cross as Cell[])).toHaveLength(6);
  expect(withSweeps(grid as Cell[])).toBeUndefined();
});

test('the id follows from system, model and files, not from their order or the settings', () => {
  const a = madeReading(
    madeRows(3),
    { kvCache: true },
    { file: { name: 'a', bytes: 1, sha256: 'a'.repeat(64) } },
  );
  const b = madeReading(
    madeRows(3, {}, 20),
    { kvCache: true },
    { file: { name: 'b', bytes: 1, sha256: 'b'.repeat(64) } },
  );
  const id = diagnosed([a, b]).profile!.id;
  expect(id).toMatch(/^a100-of-mine\.falcon-7b\.[0-9a-f]{8}$/);
  expect(diagnosed([b, a]).profile!.id).toBe(id);
  expect(diagnosed([a, b], { kvCache: false }).profile!.id).toBe(id);
  expect(diagnosed([a]).profile!.id).toBe('a100-of-mine.falcon-7b.aaaaaaaa');
  expect(diagnosed([a, b], { id: 'mine' }).profile!.id).toBe('mine');
});

test('the nearest profile has the model and the place in common', () => {
  expect(diagnosed(madeReading(madeRows(3))).nearest).toMatch(/a100\.falcon-7b/);
  const mac = madeReading(
    madeRows(3, { system: 'M1-Pro', model: 'Llama-2-7b-chat-hf', energyJ: { cpu: 5, gpu: 20 } }),
  );
  expect(diagnosed(mac).nearest).toMatch(/^m1-pro\.llama-2-7b/);
  expect(diagnosed(mac).profile!.system).toMatchObject({ id: 'm1-pro', place: 'mac' });
});

test('names are those that the lab has, where they mean the same', () => {
  const models = bundledProfiles.map(({ model }) => model);
  expect(modelOf('meta-llama/Llama-2-7b-chat-hf', models)).toEqual({ id: 'llama-2-7b', name: 'Llama-2 7B' });
  expect(modelOf('Mistral-7B-Instruct-v0.1', models).id).toBe('mistral-7b');
  expect(modelOf('Llama-2-13b-hf', models).id).toBe('llama-2-13b');
  expect(modelOf('org/New-Model', models)).toEqual({ id: 'new-model', name: 'New-Model' });
  expect(systemOf('---', [], {})).toMatchObject({ id: 'system', place: 'other' });
  expect(
    ['4 x A100 40 GB', 'NVIDIA H100 80GB HBM3', 'Tesla V100-SXM2', 'T4', 'L40S', 'M2 Ultra'].map(
      (text) => deviceOf(text)?.name,
    ),
  ).toEqual(['A100', 'H100', 'V100', 'T4', 'L40S', 'M2 Ultra']);
  expect(deviceOf('a model of 70B')).toBeUndefined();
  expect([placeOf('MacBook Air'), placeOf('DGX'), placeOf('Raspberry Pi')]).toEqual(['mac', 'gpu', 'other']);
});

test('the options that were used are those of the user, with what was found out in their place', () => {
  const { options } = diagnosed(madeReading(madeRows(3)), { gpus: 2, ratedW: 800, note: 'x' });
  expect(options).toMatchObject({
    gpus: 2,
    ratedW: 800,
    note: 'x',
    system: 'A100 of mine',
    batch: 'per-query',
    warmUp: 'none',
  });
  const again = diagnosed(madeReading(madeRows(3)), options);
  expect(again.profile).toEqual(
    diagnosed(madeReading(madeRows(3)), { gpus: 2, ratedW: 800, note: 'x' }).profile,
  );
});

test('whatever was read, the diagnosis has its form, and a profile is one that the lab accepts', () => {
  const number = fc.oneof(
    fc.double(),
    fc.constantFrom(0, -0, 1e-320, 1e308, NaN, Infinity, -Infinity, -1, 2 ** 53),
    fc.nat(4096),
  );
  const energies = fc.record(Object.fromEntries(RAILS.map((rail) => [rail, number])), { requiredKeys: [] });
  const observation: fc.Arbitrary<Observation> = fc
    .record(
      {
        m: number,
        n: number,
        askedN: number,
        totalTokens: number,
        runtimeS: number,
        firstTokenS: number,
        startS: number,
        coverage: number,
        sdEnergyJ: number,
        sdRuntimeS: number,
        iteration: number,
        batch: number,
        gpus: number,
        phase: fc.constantFrom('inference-A-1', 'load', ''),
        model: fc.oneof(fc.string(), fc.constantFrom('falcon-7b')),
        system: fc.oneof(fc.string(), fc.constantFrom('A100')),
        energyJ: energies,
        idleJ: energies,
        trials: fc.integer({ min: 1, max: 1000 }),
      },
      { requiredKeys: ['energyJ', 'trials'] },
    )
    .map((made, row = 1) => ({ row, ...made }) as unknown as Observation);
  const plausible = fc
    .record({
      m: fc.nat(300),
      n: fc.nat(300),
      gpu: fc.double({ min: 1, max: 1e4, noNaN: true }),
      i: fc.nat(5),
    })
    .map(({ m, n, gpu, i }) => madeRow({ m, n, energyJ: { gpu }, iteration: i }));
  const options = fc.record(
    {
      batch: fc.constantFrom('per-query' as const, 'divide' as const),
      batchSize: fc.integer({ min: 1, max: 64 }),
      idle: fc.constantFrom('gross' as const, 'subtract' as const),
      idleW: fc.constant({ gpu: 20 }),
      warmUp: fc.constantFrom('none' as const, 'first' as const, 'iteration-0' as const),
      boundary: fc.constantFrom('gpu' as const, 'soc' as const, 'machine' as const),
      system: fc.string().map((text) => `${text}!`),
      model: fc.string().map((text) => `${text}!`),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(
      fc.array(fc.oneof({ weight: 1, arbitrary: observation }, { weight: 3, arbitrary: plausible }), {
        maxLength: 40,
      }),
      options,
      (observations, given) => {
        const diagnosis = diagnosed(madeReading(observations), importOptionsSchema.parse(given));
        expect(diagnosisSchema.safeParse(diagnosis).error).toBeUndefined();
        if (diagnosis.profile !== null)
          expect(parseProfile(diagnosis.profile, 'it')).toEqual(diagnosis.profile);
        const counted = diagnosis.dropped.reduce((total, { count }) => total + count, 0);
        expect(counted).toBeLessThanOrEqual(observations.length);
      },
    ),
    { numRuns: 500 },
  );
});

test('a file may have more rows than a call may have arguments', () => {
  const source = madeRow({ gpus: 2, coverage: 0.5 });
  const row: Row = { source, reading: madeReading([source]), system: undefined, model: undefined };
  const left = new Array<Row>(500_000).fill(row);
  const queries = left as readonly Row[] as readonly Query[];
  expect(hardwareOf([row.reading], {}, { stored: [] }, undefined, ['gpu'], queries).gpus).toBe(2);
  expect(coverageFindings(left)[0]!.message).toContain('500,000 rows (the least 50%)');
});
