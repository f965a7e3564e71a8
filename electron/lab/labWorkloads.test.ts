import { readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { PAPER_SETTINGS } from '#core/study';
import { openLab, type Lab } from '../lab.ts';
import { bundledWorkload } from '../test/bundled.ts';
import { bundleForChild, type Bundled } from '../test/bundleForChild.ts';
import { madeFiles } from '../test/readMade.ts';
import { temporaryFolder } from '../test/temporaryFolder.ts';
import { rejectionOf } from '../test/testMeters.ts';
import { labErrorOf } from '../test/thrown.ts';

let worker: Bundled;
beforeAll(async () => {
  worker = await bundleForChild('electron/importers/importWorker.ts');
});
afterAll(() => worker.remove());

function openTestLab(dataFolder = temporaryFolder()): Lab {
  const lab = openLab({ dataFolder, program: 'command line', version: 'test', importWorker: worker.file });
  onTestFinished(() => lab.close());
  return lab;
}

const TRACE =
  'TIMESTAMP,ContextTokens,GeneratedTokens\n2024-01-01 00:00:00,7,8\n2024-01-01 00:00:10,9,1\n,x,1\n';

describe('importing a workload', () => {
  test('a check writes nothing; the import that follows stores what was checked, without reading again', async () => {
    const { workloads, ...lab } = openTestLab();
    const files = madeFiles({ 'My Trace.csv': TRACE });
    const before = lab.listWorkloads();
    const steps: string[] = [];
    const watch = { onProgress: ({ what }: { what: string }) => steps.push(what) };
    const { check, preview } = await workloads.checkWorkload({ files }, watch);
    expect(check).toMatchObject({
      state: 'understood',
      id: 'my-trace',
      name: 'My Trace',
      format: 'azure',
      queries: 2,
      pairs: 2,
      rows: 3,
      dropped: [{ count: 1, reason: 'input tokens that are no number' }],
      arrivals: { queries: 2, spanS: 10 },
      present: null,
    });
    expect(preview).toEqual([
      [7, 8, 1],
      [9, 1, 1],
    ]);
    expect(steps).not.toEqual([]);
    expect(lab.listWorkloads()).toEqual(before);

    steps.length = 0;
    const done = await workloads.importWorkload({ files, name: 'Mine' }, watch);
    expect(steps).toEqual([]);
    expect(done).toMatchObject({ id: 'mine', state: 'new' });
    const stored = lab.showWorkload('mine');
    expect(stored).toMatchObject({ kind: 'imported', contentHash: done.check.contentHash });
    expect(stored.workload).toMatchObject({
      name: 'Mine',
      pairs: [
        [7, 8, 1],
        [9, 1, 1],
      ],
      provenance: { rows: 3, files: [{ name: 'My Trace.csv', bytes: TRACE.length }] },
    });
  });

  test('a file that has changed since the check is read again', async () => {
    const { workloads } = openTestLab();
    const files = madeFiles({ 'a.csv': 'm,n,count\n1,2,3\n' });
    await workloads.checkWorkload({ files });
    const { mtimeMs } = statSync(files[0]!);
    writeFileSync(files[0]!, 'm,n,count\n1,2,9\n');
    utimesSync(files[0]!, (mtimeMs + 5000) / 1000, (mtimeMs + 5000) / 1000);
    const done = await workloads.importWorkload({ files });
    expect(done.check.queries).toBe(9);
  });

  test('the same import again changes nothing; other content gets a number, or is refused under an id that was asked for', async () => {
    const lab = openTestLab();
    const [a] = madeFiles({ 'trace.csv': TRACE });
    const [b] = madeFiles({ 'trace.csv': 'm,n,count\n1,2,3\n' });
    expect(await lab.workloads.importWorkload({ files: [a!] })).toMatchObject({ id: 'trace', state: 'new' });
    expect(await lab.workloads.importWorkload({ files: [a!] })).toMatchObject({ id: 'trace', state: 'same' });
    expect(await lab.workloads.importWorkload({ files: [b!] })).toMatchObject({
      id: 'trace-2',
      state: 'new',
    });
    expect(await lab.workloads.importWorkload({ files: [b!] })).toMatchObject({
      id: 'trace-2',
      state: 'same',
    });
    expect((await lab.workloads.checkWorkload({ files: [b!] })).check).toMatchObject({ present: 'trace-2' });

    const refused = await rejectionOf(lab.workloads.importWorkload({ files: [b!], id: 'trace' }));
    expect(refused).toMatchObject({
      kind: 'bad-workload',
      message: expect.stringContaining('already') as string,
    });
    expect(lab.showWorkload('trace').workload.pairs).toHaveLength(2);
    const replaced = await lab.workloads.importWorkload({ files: [b!], id: 'trace' }, { replace: true });
    expect(replaced).toMatchObject({ id: 'trace', state: 'replaced' });
    const bundled = await rejectionOf(
      lab.workloads.importWorkload({ files: [b!], id: 'gsm8k' }, { replace: true }),
    );
    expect(bundled.message).toContain('comes with Crossover');
  });

  test('exported here and imported elsewhere, it is the very same: numbers and hash', async () => {
    const here = openTestLab();
    const [file] = madeFiles({ 'trace.csv': TRACE });
    const { id } = await here.workloads.importWorkload({ files: [file!], licence: 'CC0' });
    const there = openTestLab();
    for (const each of [id, 'gsm8k', 'alpaca-gpt4']) {
      const stored = here.showWorkload(each);
      const exported = path.join(temporaryFolder(), 'any name.json');
      writeFileSync(exported, here.workloads.exportWorkload(each));
      const done = await there.workloads.importWorkload({ files: [exported] });
      // A bundled one is in every lab.
      expect(done).toMatchObject({ id: each, state: each === id ? 'new' : 'same' });
      expect(there.showWorkload(each)).toEqual(stored);
    }
  });

  test("a workload's file of another lab can be taken in under another name", async () => {
    const lab = openTestLab();
    const files = madeFiles({ 'x.json': JSON.stringify(bundledWorkload('gsm8k')) });
    const done = await lab.workloads.importWorkload({ files, id: 'mine', name: 'Mine' });
    expect(done.state).toBe('new');
    expect(lab.showWorkload('mine').workload).toEqual({
      ...bundledWorkload('gsm8k'),
      id: 'mine',
      name: 'Mine',
    });
  });

  test('columns that do not tell are no error to look at, but nothing to import', async () => {
    const lab = openTestLab();
    const files = madeFiles({ 'a.csv': 'a,b\n1,2\n' });
    expect((await lab.workloads.checkWorkload({ files })).check).toMatchObject({ state: 'unclear' });
    expect(await rejectionOf(lab.workloads.importWorkload({ files }))).toMatchObject({
      kind: 'bad-workload',
    });
    expect(await lab.workloads.importWorkload({ files, input: ['a'], output: 'b' })).toMatchObject({
      state: 'new',
    });
  });

  test('a request in another form is refused', async () => {
    const lab = openTestLab();
    for (const request of [
      undefined,
      {},
      { files: [] },
      { files: ['a'], format: 'none' },
      { files: ['a'], x: 1 },
    ]) {
      expect((await rejectionOf(lab.workloads.checkWorkload(request))).kind).toBe('bad-setting');
    }
  });

  test('it can be stopped, and leaves nothing', async () => {
    const lab = openTestLab();
    const files = madeFiles({
      'long.csv': `prompt,answer\n${'one two three,four five six\n'.repeat(200_000)}`,
    });
    const stop = new AbortController();
    const importing = lab.workloads.importWorkload(
      { files },
      { signal: stop.signal, onProgress: () => stop.abort() },
    );
    expect((await rejectionOf(importing)).kind).toBe('interrupted');
    expect(lab.listWorkloads().every(({ kind }) => kind === 'bundled')).toBe(true);
  });
});

describe('removing a workload', () => {
  test('a study keeps the copy that it was computed from', async () => {
    const lab = openTestLab();
    const files = madeFiles({ 'mine.csv': 'm,n,count\n8,32,100\n512,32,10\n' });
    const { id } = await lab.workloads.importWorkload({ files });
    const study = await lab.saveStudy({ ...PAPER_SETTINGS, workload: id });
    lab.workloads.removeWorkload(id);
    expect(lab.listWorkloads().some((each) => each.id === id)).toBe(false);
    expect(lab.showStudy(study.id).inputs.workload.pairs).toHaveLength(2);
  });

  test('a bundled one stays, and one that is not there is said to be unknown', () => {
    const lab = openTestLab();
    expect(labErrorOf(() => lab.workloads.removeWorkload('gsm8k'))).toMatchObject({
      kind: 'bad-setting',
      message: expect.stringContaining('comes with Crossover') as string,
    });
    expect(labErrorOf(() => lab.workloads.removeWorkload('gsm8'))).toMatchObject({
      kind: 'unknown-workload',
      hint: expect.stringContaining('gsm8k') as string,
    });
    expect(lab.showWorkload('gsm8k').kind).toBe('bundled');
  });
});

test('an exported workload is a file that people can read', () => {
  const lab = openTestLab();
  const text = lab.workloads.exportWorkload('gsm8k');
  expect(JSON.parse(text)).toEqual(bundledWorkload('gsm8k'));
  expect(text.split('\n').length).toBeGreaterThan(5000);
  expect(readFileSync(path.resolve('profiles/workloads/gsm8k.json'), 'utf8')).toContain('"pairs"');
});
