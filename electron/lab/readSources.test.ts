import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { LabError } from '#core/errors';
import type { ImportOptions } from '#core/import/options';
import * as files from '../importers/profiles/formats/fixtures.ts';
import { readSources, type SourcesRead } from '../importers/profiles/readSources.ts';
import { IMPORT_FORMATS } from '../importers/profiles/registry.ts';
import { openSource } from '../importers/profiles/source.ts';
import { openLab } from '../lab.ts';
import { temporaryFolder } from '../test/temporaryFolder.ts';
import { openPowerLog } from './powerLogs.ts';

async function read(
  contents: Readonly<Record<string, string>>,
  options: ImportOptions = {},
): Promise<SourcesRead> {
  const folder = temporaryFolder();
  const watch = { signal: new AbortController().signal, progress: () => {} };
  const sources = [];
  for (const [name, content] of Object.entries(contents)) {
    writeFileSync(path.join(folder, name), content);
    sources.push(await openSource(path.join(folder, name), watch));
  }
  return readSources(sources, options, { formats: IMPORT_FORMATS, openPowerLog });
}
const kinds = ({ findings }: SourcesRead): string[] => findings.map(({ kind }) => kind);
const rowsOf = ({ readings }: SourcesRead) => readings.flatMap(({ observations }) => observations);

type Work = readonly (readonly [fromS: number, toS: number])[];
const BUSY_W = 300;
const IDLE_W = 60;
/** The power at a time, W: the mean over the tenth of a second that ends then. */
const powerAt = (atS: number, work: Work): number => {
  const busy = work.reduce(
    (sum, [from, to]) => sum + Math.max(0, Math.min(atS, to) - Math.max(atS - 0.1, from)),
    0,
  );
  return IDLE_W + (BUSY_W - IDLE_W) * Math.min(1, busy / 0.1);
};
/** A log of nvidia-smi, a row each 0.1 s; times are s after `originMs` on its own clock. */
function smi(originMs: number, lastS: number, work: Work, columns = 'timestamp, power.draw [W]'): string {
  const rows = Array.from({ length: Math.round(lastS * 10) + 1 }, (_, i) => {
    const stamp = new Date(originMs + i * 100)
      .toISOString()
      .slice(0, 23)
      .replaceAll('-', '/')
      .replace('T', ' ');
    return `${stamp}, ${powerAt(i / 10, work).toFixed(2)} W`;
  });
  return `${[columns, ...rows].join('\n')}\n`;
}

/** AIPerf's two requests: 10 to 12 s and 14 to 17 s after this. */
const AIPERF_MS = 1_712_061_400_000;
const AIPERF_WORK: Work = [
  [10, 12],
  [14, 17],
];

describe('a log of requests and a power log', () => {
  test('give each request its energy', async () => {
    const found = await read({
      'requests.jsonl': files.AIPERF,
      'power.csv': smi(AIPERF_MS, 40, AIPERF_WORK),
    });
    const [first, second] = rowsOf(found);
    expect(first).toMatchObject({ m: 550, n: 9, coverage: expect.closeTo(1, 6) });
    expect(first!.energyJ).toEqual({ gpu: expect.closeTo(2 * BUSY_W, 3) });
    expect(second!.energyJ).toEqual({ gpu: expect.closeTo(3 * BUSY_W, 3) });
    expect(found.clock).toMatchObject({ shiftS: 0 });
    expect(kinds(found)).toEqual([]);
    expect(found.logs.map(({ file }) => file.name)).toEqual(['power.csv']);
  });

  test('in whatever order they come, and whatever the zone of the power log', async () => {
    const zoned = smi(AIPERF_MS - 5 * 3_600_000, 40, AIPERF_WORK);
    const found = await read({ 'power.csv': zoned, 'requests.jsonl': files.AIPERF });
    expect(rowsOf(found)[0]!.energyJ.gpu).toBeCloseTo(2 * BUSY_W, 3);
    expect(found.clock).toMatchObject({ shiftS: 5 * 3600, how: 'estimated' });
    expect(kinds(found)).toEqual(['clock-zone']);
    expect(found.findings[0]!.message).toContain('5 h behind');
  });

  test('whose clocks are some seconds apart are put right, and it is said', async () => {
    const late = smi(AIPERF_MS + 3200, 40, AIPERF_WORK);
    const found = await read({ 'requests.jsonl': files.AIPERF, 'power.csv': late });
    expect(found.clock!.shiftS).toBeCloseTo(-3.2, 1);
    expect(rowsOf(found)[1]!.energyJ.gpu! / (3 * BUSY_W)).toBeCloseTo(1, 1);
    expect(kinds(found)).toEqual(['clock-shift']);
    const told = await read({ 'requests.jsonl': files.AIPERF, 'power.csv': late }, { clockShiftS: -3.2 });
    expect(told.clock).toMatchObject({ shiftS: -3.2, how: 'told', confidence: 1 });
    expect(rowsOf(told)[1]!.energyJ.gpu).toBeCloseTo(3 * BUSY_W, 3);
    expect(kinds(told)).toEqual([]);
  });

  test('of another day have no time in common', async () => {
    const found = await read({
      'requests.jsonl': files.AIPERF,
      'power.csv': smi(AIPERF_MS - 10 * 86_400_000, 40, AIPERF_WORK),
    });
    expect(found.findings).toEqual([expect.objectContaining({ kind: 'no-overlap', level: 'error' })]);
    expect(found.findings[0]!.message).toContain('from 2024-03-23');
    expect(rowsOf(found)[0]!.energyJ).toEqual({});
  });

  test('that covers part of a request tells so', async () => {
    const found = await read({
      'requests.jsonl': files.AIPERF,
      'power.csv': smi(AIPERF_MS, 15.5, AIPERF_WORK),
    });
    const [first, second] = rowsOf(found);
    expect(first!.coverage).toBeCloseTo(1, 6);
    expect(second!.coverage).toBeCloseTo(0.5, 2);
  });

  test('share the energy of time in which several are in flight', async () => {
    const record = (startMs: number, endMs: number): string =>
      JSON.stringify({
        metadata: {
          request_start_ns: (AIPERF_MS + startMs) * 1_000_000,
          request_end_ns: (AIPERF_MS + endMs) * 1_000_000,
        },
        metrics: {
          input_sequence_length: { value: 8, unit: 'tokens' },
          output_sequence_length: { value: 8, unit: 'tokens' },
        },
        error: null,
      });
    const found = await read({
      'requests.jsonl': [record(10_000, 14_000), record(12_000, 16_000)].join('\n'),
      'power.csv': smi(AIPERF_MS, 40, [[10, 16]]),
    });
    // 2 s alone, and half of 2 s together.
    expect(rowsOf(found).map(({ energyJ, batch }) => [energyJ.gpu, batch])).toEqual([
      [expect.closeTo(3 * BUSY_W, 2), 1.5],
      [expect.closeTo(3 * BUSY_W, 2), 1.5],
    ]);
    expect(kinds(found)).toContain('shared-energy');
    expect(found.readings[0]!.facts.energyPer).toBe('query');
  });

  test('of several GPUs, in one log or in several, are added up', async () => {
    const one = smi(AIPERF_MS, 40, AIPERF_WORK, 'timestamp, index, power.draw [W]').replaceAll(
      /(\.\d{3}), /g,
      '$1, 0, ',
    );
    const both = one
      .split('\n')
      .flatMap((line) => (line.includes(', 0, ') ? [line, line.replace(', 0, ', ', 1, ')] : [line]))
      .join('\n');
    const together = await read({ 'requests.jsonl': files.AIPERF, 'power.csv': both });
    expect(rowsOf(together)[0]!.energyJ.gpu).toBeCloseTo(4 * BUSY_W, 2);
    const apart = await read({ 'requests.jsonl': files.AIPERF, 'a.csv': one, 'b.csv': `${one}\n` });
    expect(rowsOf(apart)[0]!.energyJ.gpu).toBeCloseTo(4 * BUSY_W, 2);
    expect(kinds(apart)).toEqual(['rails-added']);
  });

  test('of other devices put their rails together', async () => {
    const uprof = [
      'AMDPROFILER POWER PROFILE REPORT',
      'Profile Start Time:,Apr-02-2024_12-36-40,',
      'PROFILE RECORDS',
      'RecordId,Timestamp,socket0-package-power,socket1-package-power,core0-power,',
      ...Array.from({ length: 400 }, (_, i) => {
        const [seconds, ms] = [40 + Math.floor(i / 10), (i % 10) * 100];
        const minute = 36 + Math.floor(seconds / 60);
        const time = `12:${minute}:${String(seconds % 60).padStart(2, '0')}:${String(ms).padStart(3, '0')}`;
        return `${i + 1},${time},100.0,50.0,7.0,`;
      }),
      '',
    ].join('\n');
    const found = await read({
      'requests.jsonl': files.AIPERF,
      'gpu.csv': smi(AIPERF_MS, 40, AIPERF_WORK),
      'cpu.csv': uprof,
    });
    expect(rowsOf(found)[0]).toMatchObject({
      energyJ: { gpu: expect.closeTo(2 * BUSY_W, 2), package: expect.closeTo(300, 2) },
      coverage: expect.closeTo(1, 6),
    });
    expect(kinds(found)).toEqual([]);
  });

  test('of one device in two forms count once', async () => {
    const telemetry = Array.from({ length: 400 }, (_, i) =>
      JSON.stringify({
        timestamp_ns: (AIPERF_MS + i * 100) * 1_000_000,
        gpu_uuid: 'GPU-0',
        telemetry_data: { gpu_power_usage: powerAt(i / 10, AIPERF_WORK) },
      }),
    ).join('\n');
    const found = await read({
      'requests.jsonl': files.AIPERF,
      'telemetry.jsonl': telemetry,
      'power.csv': smi(AIPERF_MS, 40, AIPERF_WORK),
    });
    expect(rowsOf(found)[0]!.energyJ.gpu).toBeCloseTo(2 * BUSY_W, 2);
    expect(kinds(found)).toEqual(['rail-twice']);
  });

  test('without a common clock are put together by their shape', async () => {
    const work: Work = [
      [20, 22],
      [24.5, 28.5],
      [29.5, 30.5],
    ];
    const { date, ...bench } = JSON.parse(files.VLLM_BENCH) as Record<string, unknown>;
    expect(date).toBeDefined();
    const found = await read({
      // Requests at 5000 to 5002, 5004.5 to 5008.5, and 5009.5 to 5010.5 s of the machine's clock.
      'bench.json': JSON.stringify({
        ...bench,
        input_lens: [100, 200, 300],
        output_lens: [10, 10, 10],
        latencies: [2, 4, 1],
        start_times: [5000, 5004.5, 5009.5],
        errors: ['', '', ''],
      }),
      'power.csv': smi(AIPERF_MS, 60, work),
    });
    expect(kinds(found)).toEqual(['clock-shift']);
    expect(rowsOf(found).map(({ energyJ }) => energyJ.gpu! / BUSY_W)).toEqual([
      expect.closeTo(2, 1),
      expect.closeTo(4, 1),
      expect.closeTo(1, 1),
    ]);
  });

  test('and a job description: the facts of the job', async () => {
    const found = await read({
      'job_info.yaml': files.JOB_INFO,
      'requests.jsonl': files.AIPERF,
      'power.csv': smi(AIPERF_MS, 40, AIPERF_WORK),
    });
    expect(found.readings[0]!.facts).toMatchObject({ model: 'falcon-7b', system: 'argonne-swing' });
  });
});

test('another shift of the clock needs no second reading', async () => {
  const folder = temporaryFolder();
  const lab = openLab({ dataFolder: path.join(folder, 'lab'), program: 'command line', version: '0.0.0' });
  onTestFinished(() => lab.close());
  const names = ['requests.jsonl', 'power.csv'].map((name) => path.join(folder, name));
  writeFileSync(names[0]!, files.AIPERF);
  writeFileSync(names[1]!, smi(AIPERF_MS + 3200, 40, AIPERF_WORK));
  const told = { system: 'A100', model: 'Llama-2 7B' };
  const reads: number[] = [];
  const watch = { progress: (fraction: number) => void reads.push(fraction) };
  const found = await lab.imports.check(names, told, watch);
  expect(found.clock!.shiftS).toBeCloseTo(-3.2, 1);
  expect(reads.length).toBeGreaterThan(0);
  reads.length = 0;
  const shifted = await lab.imports.check(names, { ...told, clockShiftS: -3.2 }, watch);
  expect(reads).toEqual([]);
  expect(shifted.clock).toMatchObject({ shiftS: -3.2, how: 'told' });
  expect(shifted.cells[0]!.energyJ.gpu).toBeCloseTo((5 * BUSY_W) / 2, 2);
  expect(shifted.options.clockShiftS).toBe(-3.2);
});

describe('a table with energies of its own and a power log', () => {
  const table = (factor: number): string =>
    `m,n,start_time,runtime (s),GPU Energy (J)\n8,8,${AIPERF_MS / 1000 + 10},2,${2 * BUSY_W * factor}\n8,16,${AIPERF_MS / 1000 + 14},3,${3 * BUSY_W * factor}\n`;

  test('keep the energies, and tell whether the log agrees', async () => {
    const power = smi(AIPERF_MS - 5 * 3_600_000, 40, AIPERF_WORK);
    const agrees = await read({ 'trials.csv': table(1.02), 'power.csv': power });
    expect(rowsOf(agrees)[0]!.energyJ.gpu).toBe(612);
    expect(kinds(agrees)).toEqual(['clock-zone', 'power-log-agrees']);
    const differs = await read({ 'trials.csv': table(2), 'power.csv': power });
    expect(kinds(differs)).toEqual(['clock-zone', 'power-log-differs']);
    expect(differs.findings[1]!.message).toContain('50.0% less');
  });

  test('say where rows tell no time', async () => {
    const found = await read({
      'trials.csv': 'm,n,runtime (s),GPU Energy (J)\n8,8,2,600\n8,16,3,900\n',
      'power.csv': smi(AIPERF_MS, 40, AIPERF_WORK),
    });
    expect(found.findings).toEqual([expect.objectContaining({ kind: 'no-times', level: 'error' })]);
  });
});

describe('the paper’s logs, whose events are the requests', () => {
  const log = [
    ['load model', 5],
    ['inference-A-8', 10],
    ['inference-B-8', 20],
  ]
    .flatMap(([event, count]) =>
      Array.from({ length: Number(count) }, () => `${event},200,50,100,2000,10000`),
    )
    .join('\n');

  test('give the rows of their table energy and coverage', async () => {
    const found = await read({
      'power.csv': `${log}\n`,
      'summary.csv':
        'Phase,Runtime (s),Number of Output Tokens,Number of Input Tokens,Iteration,Model,System Name\ninference-A-8,2.0,8,9,0,M,M1-Pro\ninference-B-8,10.0,8,16,0,M,M1-Pro\n',
    });
    expect(rowsOf(found).map(({ m, energyJ, coverage }) => ({ m, energyJ, coverage }))).toEqual([
      // 10 samples of 200 ms: 10 W of the GPU, half of 2 W of the CPU.
      {
        m: 9,
        energyJ: { gpu: expect.closeTo(20, 9), cpu: expect.closeTo(2, 9) },
        coverage: expect.closeTo(1, 9),
      },
      {
        m: 16,
        energyJ: { gpu: expect.closeTo(40, 9), cpu: expect.closeTo(4, 9) },
        coverage: expect.closeTo(0.4, 9),
      },
    ]);
    expect(kinds(found)).toEqual(['process-share', 'events-joined']);
  });

  test('are measurements without tokens where they are alone', async () => {
    const found = await read({ 'power.csv': `${log}\n` });
    expect(rowsOf(found)).toHaveLength(3);
    expect(rowsOf(found)[1]).toMatchObject({ phase: 'inference-A-8', runtimeS: expect.closeTo(2, 9) });
    expect(found.readings[0]!.findings.map(({ kind }) => kind)).toEqual(['events-alone']);
  });
});

describe('files without queries', () => {
  const failure = (
    contents: Readonly<Record<string, string>>,
    options: ImportOptions = {},
  ): Promise<LabError> =>
    read(contents, options).then(
      () => Promise.reject(new Error('nothing was thrown')),
      (thrown: unknown) => (thrown instanceof LabError ? thrown : Promise.reject(thrown)),
    );

  test('are refused with the reason', async () => {
    const power = smi(AIPERF_MS, 40, AIPERF_WORK);
    expect(await failure({ 'power.csv': power })).toMatchObject({ kind: 'bad-profile' });
    expect((await failure({ 'power.csv': power })).message).toContain('holds no queries');
    expect((await failure({ 'job.yaml': files.JOB_INFO })).message).toContain('has no measurements');
    expect((await failure({ 'notes.txt': 'nothing to see' })).message).toContain(
      'in no format that is known',
    );
    expect((await failure({ 'a.csv': 'm,n\n1,2\n' }, { format: 'nonesuch' })).kind).toBe('bad-setting');
    expect((await failure({ 'job.yaml': 'job:\n  details: [1, 2\n' })).message).toContain('is no YAML');
  });
});
