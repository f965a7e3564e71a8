import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { foundBundleSchema } from '#core/bundleFound';
import { PAPER_SETTINGS } from '#core/study';
import { openLab, type Lab, type LabOptions } from '../lab.ts';
import { bundleForChild, type Bundled } from '../test/bundleForChild.ts';
import { temporaryFolder } from '../test/temporaryFolder.ts';
import { rejectionOf } from '../test/testMeters.ts';
import { labErrorOf } from '../test/thrown.ts';
import { checkElsewhere } from './studyBundle/verifierProcess.ts';

let worker: Bundled;
let bytes: Uint8Array;
let id: string;
let folder: string;

function open(changes: Partial<LabOptions> = {}): Lab {
  const lab = openLab({
    dataFolder: temporaryFolder(),
    program: 'command line',
    version: '0.1.0',
    analysisWorkers: 1,
    ...changes,
  });
  onTestFinished(() => lab.close());
  return lab;
}

function saved(content: Uint8Array): string {
  const file = path.join(temporaryFolder(), 'from a colleague.crossover');
  writeFileSync(file, content);
  return file;
}

beforeAll(async () => {
  worker = await bundleForChild('electron/lab/studyBundle/verifierWorker.ts', {
    analysis: 'electron/workers/analysisWorker.ts',
  });
  folder = mkdtempSync(path.join(tmpdir(), 'crossover-test-'));
  const lab = openLab({ dataFolder: folder, program: 'command line', version: '0.1.0' });
  ({ id } = await lab.saveStudy({ ...PAPER_SETTINGS, bootstrap: 40 }));
  ({ bytes } = lab.reports.bundle(id));
  lab.close();
});
afterAll(() => {
  worker.remove();
  rmSync(folder, { recursive: true, force: true });
});

test.each(['here', 'in a process of its own'])('a bundle is looked at %s, then opened', async (where) => {
  const lab = open(where === 'here' ? {} : { checkBundle: checkElsewhere(worker.file) });
  const file = saved(bytes);
  const told: number[] = [];
  const found = await lab.bundles.inspect(file, { onProgress: ({ fraction }) => told.push(fraction) });
  expect(foundBundleSchema.parse(found)).toMatchObject({
    canOpen: true,
    already: false,
    small: { label: 'M1 Pro' },
    workload: expect.stringContaining('Alpaca') as string,
    verification: { verified: true, study: id },
  });
  expect(told.length).toBeGreaterThan(2);
  expect(told).toEqual([...told].sort((a, b) => a - b));
  // Nothing is stored by the look; what was looked at is what is opened, whatever the file has become.
  expect(lab.projects.studies()).toEqual([]);
  writeFileSync(file, 'something else');
  lab.projects.make('For it');
  expect(lab.bundles.open(file)).toMatchObject({ study: id, already: false, current: true });
  expect(lab.projects.studies().map((study) => study.id)).toEqual([id]);
  expect(lab.projects.list().find(({ current }) => current)).toMatchObject({ name: 'For it', studies: 1 });
});

test.each(['here', 'in a process of its own'])(
  'a changed byte is found %s, and nothing is stored',
  async (where) => {
    const lab = open(where === 'here' ? {} : { checkBundle: checkElsewhere(worker.file) });
    const changed = Uint8Array.from(bytes);
    changed[Math.floor(bytes.length / 2)]! ^= 1;
    const file = saved(changed);
    const error = await rejectionOf(lab.bundles.inspect(file));
    expect(error.kind).toBe('bad-bundle');
    expect(error.message).toContain(
      'from a colleague.crossover is no sound bundle of a study: its seal is broken',
    );
    expect(labErrorOf(() => lab.bundles.open(file)).kind).toBe('bad-setting');
    expect(lab.listStudies()).toEqual([]);
  },
);

test('a look that is stopped, one whose process dies, and one that was never built', async () => {
  const file = saved(bytes);
  const stop = new AbortController();
  const stopping = open({ checkBundle: checkElsewhere(worker.file) }).bundles.inspect(file, {
    signal: stop.signal,
    onProgress: () => stop.abort(),
  });
  expect((await rejectionOf(stopping)).kind).toBe('interrupted');
  const dies = path.join(temporaryFolder(), 'dies.mjs');
  writeFileSync(dies, "process.on('message', () => process.exit(7));");
  const died = await rejectionOf(open({ checkBundle: checkElsewhere(dies) }).bundles.inspect(file));
  expect([died.kind, died.message]).toEqual([
    'bad-bundle',
    'The process that verifies the bundle ended with code 7. Nothing was stored.',
  ]);
  const missing = open({ checkBundle: checkElsewhere('/nowhere') }).bundles.inspect(file);
  expect((await rejectionOf(missing)).kind).toBe('missing');
});

test('what a look unpacked is removed with it', async () => {
  const folders = (): string[] =>
    readdirSync(tmpdir()).filter((name) => name.startsWith('crossover-bundle-'));
  const lab = open();
  const before = new Set(folders());
  await lab.bundles.inspect(saved(bytes));
  const [made] = folders().filter((name) => !before.has(name));
  expect(made).toBeDefined();
  lab.bundles.close();
  expect(existsSync(path.join(tmpdir(), made!))).toBe(false);
  const missing = path.join(temporaryFolder(), 'gone.crossover');
  expect((await rejectionOf(lab.bundles.inspect(missing))).kind).toBe('file-not-readable');
});
