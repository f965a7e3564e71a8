import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { computerReportSchema } from '#core/computer';
import { checkSchema } from '#core/preflight';
import type { Reproduction } from '#core/reproduction';
import { profileFromRun } from '#core/runProfile';
import { openForWriting } from '../store/database.ts';
import { readProfileText } from '../store/profileFile.ts';
import { putProfile } from '../store/profiles.ts';
import { bundledProfile, bundledWorkload } from '../test/bundled.ts';
import { madeRun, madeTrial } from '../test/madeRun.ts';
import { runCli, runJson } from '../test/runCli.ts';
import { temporaryFolder } from '../test/temporaryFolder.ts';

const SMALL = 'm1-pro.llama-2-7b.sweeps';
const LARGE = 'swing-a100.llama-2-7b.sweeps';

interface StudyJson {
  study: string;
  workload: { id: string; queries: number };
  policies: { policy: string; threshold: number | null; energyJ: number; cost: number; saving: object }[];
  sweep: { threshold: number; energyJ: number; runtimeS: number; cost: number }[];
  verdict: { kind: string; policy: string; threshold: number | null; text: string };
}

test('reproduce gives the golden values', async () => {
  const { code, err, json } = await runJson<Reproduction>(['reproduce', '--data', temporaryFolder()]);
  expect(code).toBe(0);
  expect(err).toBe('');
  expect(Math.min(...json.input.hybridKwh)).toBeCloseTo(0.746549, 6);
  expect(json.input).toMatchObject({
    bestThreshold: 32,
    thresholds: [8, 16, 32, 64, 128, 256, 512, 1024, 2048],
  });
  expect(json.input.smallKwh).toBeCloseTo(0.794829, 6);
  expect(json.input.largeKwh).toBeCloseTo(0.813484, 6);
  expect(json.input.savingVsLarge).toBeCloseTo(0.0823, 4);
  expect(Math.min(...json.output.hybridKwh)).toBeCloseTo(0.657196, 6);
  expect(json.output.bestThreshold).toBe(32);
  expect(json.output.savingVsLarge).toBeCloseTo(0.0753, 4);
  expect(json.published.output.smallKwh).toBe(0.68658);
  expect(json.reconciliation.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  for (const step of json.reconciliation.slice(0, 5)) {
    expect(step).toMatchObject({
      what: expect.any(String) as string,
      hybridKwh: expect.any(Number) as number,
      saving: expect.any(Number) as number,
      bestThreshold: 32,
    });
  }
});

test("analyze without flags is the paper's study, in the agreed shape", async () => {
  const { code, json } = await runJson<StudyJson>(['analyze', '--data', temporaryFolder()]);
  expect(code).toBe(0);
  expect(json).toMatchObject({
    study: expect.stringMatching(/^study-/) as string,
    small: SMALL,
    large: LARGE,
    workload: { id: 'alpaca-davinci', queries: 51941 },
    energyModel: 'paper',
    lambda: 1,
    boundary: 'gpu+cpu',
    verdict: { kind: 'threshold', policy: 'threshold-in', threshold: 32 },
  });
  expect(json.policies.map(({ policy }) => policy)).toEqual(['small', 'large', 'threshold-in']);
  expect(Object.keys(json.policies[2]!.saving)).toEqual(['vsBestSingle', 'vsLarge', 'vsSmall']);
  expect(json.sweep[2]).toMatchObject({ threshold: 32, energyJ: json.policies[2]!.energyJ });
  expect(Object.keys(json.sweep[0]!).sort()).toEqual(['cost', 'energyJ', 'runtimeS', 'threshold']);
  expect(json.verdict.text).toContain('at most 32 input tokens');
});

test('every flag of analyze arrives in the study', async () => {
  const folder = temporaryFolder();
  const flags = ['--policy', 'all', '--lambda', '0.5', '--cost', 'normalised', '--min-saving', '5%'];
  const { json } = await runJson<StudyJson & Record<string, unknown>>([
    ...[
      'analyze',
      '--data',
      folder,
      '--small',
      SMALL,
      '--large',
      LARGE,
      '--workload',
      'gsm8k',
      '--model',
      'paper',
    ],
    ...flags,
    ...['--boundary', 'gpu', '--thresholds', 'every-integer'],
  ]);
  expect(json).toMatchObject({
    workload: { id: 'gsm8k', queries: 7473 },
    policy: 'all',
    lambda: 0.5,
    cost: 'normalised',
    boundary: 'gpu',
    rails: ['gpu'],
    thresholds: 'every-integer',
    minSaving: 0.05,
    verdict: { kind: 'no-useful-threshold', threshold: null },
  });
  const stored = await runJson<StudyJson>(['studies', 'show', json.study, '--data', folder]);
  expect(stored.json).toEqual(json);
  const list = await runJson<{ studies: { id: string }[] }>(['studies', 'list', '--data', folder]);
  expect(list.json.studies.map(({ id }) => id)).toEqual([json.study]);
});

test('profiles list and show have the shapes that others rely on', async () => {
  const folder = temporaryFolder();
  const list = await runJson<{ profiles: { id: string }[] }>(['profiles', 'list', '--data', folder]);
  expect(list.json.profiles).toHaveLength(19);
  expect(list.json.profiles.find(({ id }) => id === SMALL)).toMatchObject({
    id: SMALL,
    system: 'MacBook Pro M1 Pro',
    model: 'Llama-2 7B',
    kind: 'bundled',
    source: expect.any(String) as string,
    design: 'sweeps',
    rails: ['cpu', 'gpu'],
    boundary: 'gpu+cpu',
    estimate: false,
  });
  const show = await runJson<{
    cells: unknown[];
    models: { linear: { energy: { coefficients: number[] } } };
  }>([...['profiles', 'show', 'm1-pro.llama-2-7b.grid', '--data', folder]]);
  expect(show.json).toMatchObject({
    id: 'm1-pro.llama-2-7b.grid',
    design: 'grid',
    boundaryNote: expect.any(String) as string,
  });
  expect(show.json.cells).toHaveLength(bundledProfile('m1-pro.llama-2-7b.grid').cells.length);
  expect(show.json.cells[0]).toMatchObject({
    m: expect.any(Number) as number,
    n: expect.any(Number) as number,
    trials: expect.any(Number) as number,
    energyJ: { total: expect.any(Number) as number, cpu: expect.any(Number) as number },
    runtimeS: expect.any(Number) as number,
  });
  // Fitting means instead of trials moves the thesis's coefficients a little.
  expect(show.json.models.linear.energy.coefficients[2]).toBeCloseTo(0.097, 2);
});

test('what a profile did not record is null, not 0', async () => {
  const { json } = await runJson<{ cells: { sdEnergyJ: unknown; sdRuntimeS: unknown }[] }>([
    ...['profiles', 'show', 'm1-pro.llama-2-7b.grid', '--data', temporaryFolder()],
  ]);
  const absent = bundledProfile('m1-pro.llama-2-7b.grid').cells.filter(
    (cell) => cell.sdEnergyJ === undefined,
  );
  expect(absent.length).toBeGreaterThan(0);
  expect(json.cells.filter((cell) => cell.sdEnergyJ === null)).toHaveLength(absent.length);
});

test('what a profile has above idle is shown, for people and for programs', async () => {
  const folder = temporaryFolder();
  const data = ['--data', folder];
  await runCli(['profiles', 'list', ...data]);
  const db = openForWriting(folder);
  const trials = [0, 1].map((index) => madeTrial({ index, aboveIdleJ: { cpu: 0.5 + index, gpu: 6.25 } }));
  const profile = profileFromRun(madeRun(), trials, [{ cpu: 1.5, gpu: 1.75 }])!;
  putProfile(db, profile, 'measured');
  db.close();
  const { json } = await runJson(['profiles', 'show', profile.id, ...data]);
  expect(json).toMatchObject({
    idleW: { cpu: 1.5, gpu: 1.75 },
    cells: [{ aboveIdleJ: { total: 7.25, cpu: 1, gpu: 6.25 }, sdAboveIdleJ: Math.SQRT1_2 }],
  });
  const { out } = await runCli(['profiles', 'show', profile.id, ...data]);
  expect(out).toMatch(/^idle +cpu 1\.5 W, gpu 1\.75 W:/m);
  expect(out).toMatch(/above idle, J/);
  expect(out).toMatch(/ 10 +0 +7\.25 +0\.25 /);
  for (const line of out.split('\n')) expect([...line].length, line).toBeLessThanOrEqual(100);
  const without = await runJson<{ idleW: unknown; cells: object[] }>(['profiles', 'show', SMALL, ...data]);
  expect(without.json.idleW).toBeNull();
  expect(without.json.cells[0]).toMatchObject({ aboveIdleJ: null, sdAboveIdleJ: null });
});

test('profiles export writes a file that is read again as the same profile', async () => {
  const folder = temporaryFolder();
  const data = ['--data', path.join(folder, 'lab')];
  for (const name of ['p.yaml', 'p.json']) {
    const file = path.join(folder, name);
    const { code, json } = await runJson(['profiles', 'export', SMALL, '--out', file, ...data]);
    expect(code).toBe(0);
    expect(json).toMatchObject({ profile: SMALL, format: path.extname(name).slice(1), file });
    expect(readProfileText(readFileSync(file, 'utf8'), name)).toEqual(bundledProfile(SMALL));
  }
  const shown = await runCli(['profiles', 'export', SMALL, '--format', 'json', ...data]);
  expect(JSON.parse(shown.out)).toEqual(bundledProfile(SMALL));
  const again = await runJson(['profiles', 'export', SMALL, '--out', path.join(folder, 'p.yaml'), ...data]);
  expect(again).toMatchObject({ code: 3, json: { error: { kind: 'file-exists' } } });
  const forced = ['profiles', 'export', SMALL, '--out', path.join(folder, 'p.yaml'), '--force', ...data];
  expect((await runCli(forced)).code).toBe(0);
});

test('workloads list and show have the shapes that others rely on', async () => {
  const folder = temporaryFolder();
  const list = await runJson<{ workloads: { id: string }[] }>(['workloads', 'list', '--data', folder]);
  expect(list.json.workloads.map(({ id }) => id)).toEqual([
    'alpaca-davinci',
    'alpaca-gpt4',
    'azure-code',
    'azure-conversation',
    'gsm8k',
  ]);
  expect(list.json.workloads[1]).toMatchObject({
    modelled: true,
    pairs: 917,
    licence: expect.any(String) as string,
  });
  const show = await runJson(['workloads', 'show', 'gsm8k', '--data', folder]);
  expect(show.json).toMatchObject({
    id: 'gsm8k',
    queries: 7473,
    pairs: 5430,
    input: { median: expect.any(Number) as number, p95: expect.any(Number) as number },
    output: { mean: expect.any(Number) as number },
    correlation: expect.any(Number) as number,
    joint: bundledWorkload('gsm8k').pairs,
  });
});

test('doctor describes this computer', async () => {
  const folder = temporaryFolder();
  const { code, json } = await runJson(['doctor', '--data', folder]);
  expect(code).toBe(0);
  const { checks, ...report } = json;
  expect(computerReportSchema.parse(report)).toMatchObject({ data: { folder, profiles: 19, studies: 0 } });
  const found = checkSchema.array().parse(checks);
  expect(found.map(({ id }) => id)).toEqual(
    expect.arrayContaining(['power-source', 'background', 'disk', 'awake']),
  );
});

test('report writes a file for people and one for programs', async () => {
  const folder = temporaryFolder();
  const data = ['--data', path.join(folder, 'lab')];
  const { json } = await runJson<StudyJson>(['analyze', ...data]);
  const html = path.join(folder, 'r.html');
  const written = await runJson(['report', json.study, '--out', html, ...data]);
  expect(written.json).toEqual({
    study: json.study,
    file: html,
    format: 'html',
    bytes: readFileSync(html).length,
  });
  const text = readFileSync(html, 'utf8');
  expect(text).toMatch(/^<!doctype html>/i);
  expect(text).toContain('at most 32 input tokens');
  expect(text).not.toMatch(/(?:src|href)="https?:\/\/(?!doi\.org|arxiv\.org)/);
  const file = path.join(folder, 'r.json');
  expect((await runCli(['report', json.study, '--out', file, ...data])).out).toBe(
    `Wrote the report of ${json.study} to ${file}.\n`,
  );
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ format: 'crossover-report' });
});

test('demo goes the whole way and leaves a report', async () => {
  const folder = temporaryFolder();
  const { code, out, err } = await runCli(['demo', '--data', folder]);
  expect(code).toBe(0);
  expect(err).toBe('');
  for (const golden of ['0.746549', '0.657196', '8.23%', '7.53%', 'at most 32 input tokens']) {
    expect(out).toContain(golden);
  }
  const again = await runJson<{ report: string; verdict: { threshold: number } }>(['demo', '--data', folder]);
  expect(again.code).toBe(0);
  expect(again.json.verdict.threshold).toBe(32);
  expect(out).toContain(again.json.report);
  expect(readFileSync(again.json.report, 'utf8')).toMatch(/^<!doctype html>/i);
});

test('answers for people are aligned, carry units, and fit a terminal of 100 columns', async () => {
  const data = ['--data', temporaryFolder()];
  const { json } = await runJson<StudyJson>(['analyze', ...data]);
  for (const args of [
    ['analyze'],
    ['analyze', '--policy', 'all', '--lambda', '0.5', '--thresholds', 'every-integer'],
    ['reproduce'],
    ['doctor'],
    ['profiles', 'list'],
    ['profiles', 'show', SMALL],
    ['profiles', 'show', 'swing-a100.mixtral-8x7b.grid'],
    ['workloads', 'list'],
    ['workloads', 'show', 'azure-conversation'],
    ['studies', 'list'],
    ['studies', 'show', json.study],
    ['demo'],
  ]) {
    const { code, out } = await runCli([...args, ...data]);
    expect(code, args.join(' ')).toBe(0);
    expect(out).not.toMatch(/undefined|NaN|\[object/);
    for (const line of out.split('\n')) {
      // A path or an address may be longer; nothing else is.
      if (!/\S{60}/.test(line)) expect([...line].length, line).toBeLessThanOrEqual(100);
      expect(line).toBe(line.trimEnd());
    }
  }
});
