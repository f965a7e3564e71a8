import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { computerReportSchema } from '#core/computer';
import { preferencesSchema } from '#core/preferences';
import { MIGRATIONS } from './store/migrations/index.ts';
import { openLab, type Lab, type LabOptions } from './lab.ts';
import { databaseFile, openForWriting } from './store/database.ts';
import { readProfileText } from './store/profileFile.ts';
import { bundleFolder } from './store/seed.ts';
import { bundledProfile } from './test/bundled.ts';
import { temporaryFolder } from './test/temporaryFolder.ts';
import { rejectionOf } from './test/testMeters.ts';
import { labErrorOf } from './test/thrown.ts';

const SMALL = 'm1-pro.llama-2-7b.sweeps';
const LARGE = 'swing-a100.llama-2-7b.sweeps';
const paper = { small: SMALL, large: LARGE, workload: 'alpaca-davinci' };

function open(changes: Partial<LabOptions> = {}): Lab {
  const lab = openLab({
    dataFolder: temporaryFolder(),
    program: 'command line',
    version: '1.2.3',
    now: () => new Date('2026-01-02T03:04:05Z'),
    ...changes,
  });
  onTestFinished(() => lab.close());
  return lab;
}

test('a fresh lab has the bundled profiles and workloads, and no studies', () => {
  const lab = open();
  expect(lab.listProfiles()).toHaveLength(19);
  expect(lab.listWorkloads()).toHaveLength(5);
  expect(lab.listStudies()).toEqual([]);
  expect(lab.showProfile(SMALL)).toMatchObject({ kind: 'bundled', profile: bundledProfile(SMALL) });
});

test("the paper's study finds threshold 32 and is stored once", async () => {
  const lab = open();
  const summary = await lab.saveStudy(paper);
  expect(summary).toMatchObject({
    id: expect.stringMatching(/^study-[0-9a-f]{12}$/) as string,
    storedAt: '2026-01-02T03:04:05.000Z',
    settings: { ...paper, lambda: 1, policy: 'threshold-in' },
    verdict: { kind: 'threshold' },
    current: true,
  });
  expect(await lab.saveStudy({ ...paper, lambda: 1 })).toEqual(summary);
  expect(lab.listStudies()).toEqual([summary]);
  const { study, inputs } = lab.showStudy(summary.id);
  expect(study.result.verdict.threshold).toBe(32);
  expect(inputs.small).toEqual(bundledProfile(SMALL));
  expect((await lab.saveStudy({ ...paper, lambda: 0.5 })).id).not.toBe(summary.id);
});

test('a study has the same bytes in every data folder, with one thread and with two', async () => {
  const bytes = async (analysisWorkers: number): Promise<unknown> => {
    const dataFolder = temporaryFolder();
    const lab = open({ dataFolder, analysisWorkers });
    await lab.saveStudy({
      ...paper,
      energyModel: 'grid',
      policy: 'all',
      thresholds: 'every-integer',
      bootstrap: 40,
    });
    lab.close();
    const db = openForWriting(dataFolder);
    const rows = db.prepare('SELECT * FROM study').all();
    db.close();
    return rows;
  };
  const [one, two] = [await bytes(1), await bytes(2)];
  expect(one).toEqual(two);
  expect(one).toHaveLength(1);
});

test('a study keeps its inputs, though one of them goes while it is computed', async () => {
  const lab = open();
  const file = path.join(temporaryFolder(), 'mine.json');
  writeFileSync(file, JSON.stringify({ ...bundledProfile(SMALL), id: 'mine' }));
  const mine = { ...paper, small: 'mine' };

  await lab.imports.accept([file], {});
  const study = lab.saveStudy(mine);
  lab.imports.remove('mine');
  const stored = await study;
  expect(stored.current).toBe(false);
  expect(lab.showStudy(stored.id).inputs.small.id).toBe('mine');

  await lab.imports.accept([file], {});
  const comparison = lab.comparisons.save({ profiles: ['mine', LARGE], workload: 'gsm8k', bootstrap: 0 });
  lab.imports.remove('mine');
  lab.removeStudy(stored.id);
  expect(lab.comparisons.show((await comparison).id).profiles[0]!.id).toBe('mine');
});

test('a study that is stopped is not stored', async () => {
  const lab = open();
  const stop = new AbortController();
  const running = lab.saveStudy(paper, { signal: stop.signal });
  stop.abort();
  expect((await rejectionOf(running)).kind).toBe('interrupted');
  expect(lab.listStudies()).toEqual([]);
  expect(await lab.previewStudy(paper)).toMatchObject({ verdict: { threshold: 32 } });
  expect(lab.listStudies()).toEqual([]);
});

test('the same study has the same id in every data folder', async () => {
  const [a, b] = await Promise.all([open().saveStudy(paper), open().saveStudy(paper)]);
  expect(a.id).toBe(b.id);
});

test('a study and its report stay as they were when a bundled profile changes', async () => {
  const dataFolder = temporaryFolder();
  const bundle = path.join(temporaryFolder(), 'profiles');
  cpSync(bundleFolder(), bundle, { recursive: true });
  const before = open({ dataFolder, bundle });
  const { id } = await before.saveStudy(paper);
  const report = before.reportJson(id);
  before.close();

  const file = path.join(bundle, 'bundled', `${SMALL}.yaml`);
  writeFileSync(
    file,
    readFileSync(file, 'utf8').replace('total: 97.842, cpu: 12.4025', 'total: 197.842, cpu: 112.4025'),
  );
  rmSync(path.join(bundle, 'bundled', `${LARGE}.yaml`));
  const after = open({ dataFolder, bundle });
  expect(after.showProfile(SMALL).profile.cells[0]?.energyJ.total).toBe(197.842);
  expect(labErrorOf(() => after.showProfile(LARGE)).kind).toBe('unknown-profile');
  expect(after.reportJson(id)).toBe(report);
  expect(after.listStudies()).toMatchObject([{ id, current: false }]);
});

test('a report says what it was computed with, as JSON and as HTML', async () => {
  const lab = open();
  const { id } = await lab.saveStudy(paper);
  const report = lab.report(id);
  expect(JSON.parse(lab.reportJson(id))).toEqual(JSON.parse(JSON.stringify(report)));
  expect(lab.reportJson(id)).toMatch(/\n$/);
  expect(lab.reportJson(id)).toContain('1.2.3');
  expect(lab.reportHtml(id)).toContain('crossover analyze --small m1-pro.llama-2-7b.sweeps');
});

test('the paper is reproduced from what is in the database', () => {
  const { input, output } = open().reproduce();
  expect(Math.min(...input.hybridKwh)).toBeCloseTo(0.746549, 6);
  expect(Math.min(...output.hybridKwh)).toBeCloseTo(0.657196, 6);
});

test('an exported profile is read again as the same profile', () => {
  const lab = open();
  for (const format of ['yaml', 'json'] as const) {
    expect(readProfileText(lab.exportProfile(SMALL, format), 'it')).toEqual(bundledProfile(SMALL));
  }
});

test('an unknown id is answered with the nearest ones', async () => {
  const lab = open();
  expect(labErrorOf(() => lab.showProfile('m1-pro.llama-2-7b.sweep'))).toMatchObject({
    kind: 'unknown-profile',
    hint: expect.stringContaining(`Did you mean ${SMALL}`) as string,
  });
  expect(labErrorOf(() => lab.exportProfile('x', 'yaml')).kind).toBe('unknown-profile');
  expect(labErrorOf(() => lab.showWorkload('gsm8')).hint).toContain('Did you mean gsm8k');
  expect(labErrorOf(() => lab.showStudy('study-1'))).toMatchObject({
    kind: 'unknown-study',
    hint: 'crossover studies list shows them all.',
  });
  expect((await rejectionOf(lab.saveStudy({ ...paper, workload: 'nothing' }))).kind).toBe('unknown-workload');
});

test('settings that make no sense store nothing', async () => {
  const lab = open();
  expect((await rejectionOf(lab.saveStudy({ ...paper, lambda: 2 }))).kind).toBe('bad-setting');
  expect((await rejectionOf(lab.saveStudy({ ...paper, large: SMALL }))).kind).toBe('bad-setting');
  expect((await rejectionOf(lab.saveStudy({ ...paper, boundary: 'wall' }))).kind).toBe('incompatible');
  expect((await rejectionOf(lab.saveStudy(null))).kind).toBe('bad-setting');
  expect(lab.listStudies()).toEqual([]);
});

test('preferences are remembered from one start to the next; damaged ones are told of', () => {
  const dataFolder = temporaryFolder();
  const first = open({ dataFolder });
  first.savePreferences(preferencesSchema.parse({ theme: 'dark', place: 'report' }));
  first.close();
  const db = openForWriting(dataFolder);
  db.exec("UPDATE preference SET value = 'x' WHERE key = 'place'");
  db.close();
  const told: string[] = [];
  const second = open({ dataFolder, log: (message) => told.push(message) });
  expect(second.loadPreferences()).toEqual({ theme: 'dark', place: 'start' });
  expect(told).toHaveLength(1);
});

test('the computer is described with what the database holds', async () => {
  const lab = open({ electron: '45.0.0' });
  await lab.saveStudy(paper);
  expect(computerReportSchema.parse(lab.inspectComputer())).toMatchObject({
    runtime: { crossover: '1.2.3', electron: '45.0.0', sqlite: expect.stringMatching(/^3\./) as string },
    data: {
      folder: lab.dataFolder,
      databaseVersion: MIGRATIONS.length,
      profiles: 19,
      workloads: 5,
      studies: 1,
    },
  });
});

test('a damaged study is said to be damaged, not shown', async () => {
  const dataFolder = temporaryFolder();
  const lab = open({ dataFolder });
  const { id } = await lab.saveStudy(paper);
  lab.close();
  const db = openForWriting(dataFolder);
  db.exec("UPDATE study SET result = json_remove(result, '$.sweep')");
  db.close();
  const again = open({ dataFolder });
  expect(labErrorOf(() => again.report(id))).toMatchObject({
    kind: 'database-damaged',
    message: expect.stringContaining(`the study ${id}: sweep`) as string,
  });
  expect(again.listStudies()).toHaveLength(1);
});

test('a broken bundled file stops the start, names itself, and leaves the folder free', () => {
  const bundle = path.join(temporaryFolder(), 'profiles');
  cpSync(bundleFolder(), bundle, { recursive: true });
  const file = path.join(bundle, 'bundled', `${SMALL}.yaml`);
  const good = readFileSync(file, 'utf8');
  writeFileSync(file, good.slice(0, good.length / 2));
  const dataFolder = temporaryFolder();
  const error = labErrorOf(() => open({ dataFolder, bundle }));
  expect(error.kind).toBe('bad-profile');
  expect(error.message).toContain(`bundled/${SMALL}.yaml`);
  writeFileSync(file, good);
  expect(open({ dataFolder, bundle }).listProfiles()).toHaveLength(19);
});

test('reading alone works in a fresh folder, and stores nothing but the bundled items', async () => {
  const lab = open({ readonly: true });
  expect(lab.listProfiles()).toHaveLength(19);
  expect((await rejectionOf(lab.saveStudy(paper))).kind).toBe('database-read-only');
});

test('a garbled database is damaged for readers and writers alike', () => {
  const dataFolder = temporaryFolder();
  writeFileSync(databaseFile(dataFolder), 'no database');
  for (const readonly of [true, false]) {
    expect(labErrorOf(() => open({ dataFolder, readonly })).kind).toBe('database-damaged');
  }
});
