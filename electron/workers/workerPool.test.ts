import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { parseManySettings } from '#core/analysis/manySettings';
import { PLAIN_LOCALE, writeNumbersAs } from '#core/format';
import { parseSettings, type StudyInputs } from '#core/study';
import { analyseWithUncertainty } from '#core/studyUncertainty';
import { bundledProfile, bundledWorkload } from '../test/bundled.ts';
import { temporaryFolder } from '../test/temporaryFolder.ts';
import { rejectionOf } from '../test/testMeters.ts';
import { runManySystems, runStudy } from './runStudy.ts';
import { createWorkerPool, useAnalysisWorker, type WorkerPool } from './workerPool.ts';

const settings = parseSettings({
  small: 'm1-pro.llama-2-7b.sweeps',
  large: 'swing-a100.llama-2-7b.sweeps',
  workload: 'gsm8k',
  energyModel: 'grid',
  policy: 'all',
  thresholds: 'every-integer',
});
const inputs: StudyInputs = {
  small: bundledProfile(settings.small),
  large: bundledProfile(settings.large),
  workload: bundledWorkload(settings.workload),
};
/** Takes seconds: long enough to be stopped in the middle. */
const long = (): StudyInputs => {
  const pairs = Array.from({ length: 400_000 }, (_, i): [number, number, number] => [
    1 + (i % 800),
    1 + Math.floor(i / 800),
    1,
  ]);
  return { ...inputs, workload: { ...inputs.workload, pairs } };
};

function pool(workers: number): WorkerPool {
  const made = createWorkerPool(workers);
  onTestFinished(() => made.close());
  return made;
}

describe('analysing threads', () => {
  test('give the same bytes however many there are, and as many as in one piece', async () => {
    const drawn = { ...settings, bootstrap: 60, seed: 7 };
    const results = await Promise.all([1, 2].map((workers) => runStudy(pool(workers), drawn, inputs)));
    const whole = JSON.stringify(analyseWithUncertainty(drawn, inputs));
    const [one, two] = results.map((result) => JSON.stringify(result));
    expect(one).toBe(two);
    expect(one).toBe(whole);
    expect(one).toContain('"threshold-product"');
  });

  test('compare any number of systems alike, tell how far they are, and are stopped', async () => {
    const ids = [settings.small, 'palmetto-v100.llama-2-7b.sweeps', settings.large];
    const asked = {
      settings: parseManySettings({ profiles: ids, workload: 'gsm8k', energyModel: 'grid', bootstrap: 24 }),
      profiles: ids.map(bundledProfile),
      workload: inputs.workload,
    };
    const told: number[] = [];
    const [one, two] = await Promise.all(
      [1, 2].map((workers) =>
        runManySystems(pool(workers), asked, {
          onProgress: ({ fraction }) => workers === 2 && told.push(fraction),
        }),
      ),
    );
    expect(JSON.stringify(one)).toBe(JSON.stringify(two));
    expect(one!.uncertainty).toMatchObject({ replicates: 24, seed: 1 });
    expect(told.at(-1)).toBe(1);
    expect(told).toEqual(told.toSorted((a, b) => a - b));
    const stop = new AbortController();
    const running = runManySystems(pool(1), asked, { signal: stop.signal });
    stop.abort();
    expect((await rejectionOf(running)).kind).toBe('interrupted');
  });

  test('write numbers as whoever asks does, and the next job as the next who asks', async () => {
    const threads = pool(1);
    onTestFinished(() => writeNumbersAs(PLAIN_LOCALE));
    const verdict = async (): Promise<string> =>
      (await threads.run('analyse', { settings, inputs })).verdict.text;
    writeNumbersAs('de');
    const german = verdict();
    writeNumbersAs(PLAIN_LOCALE);
    const [shown, plain] = await Promise.all([german, verdict()]);
    expect(shown).toMatch(/\d,\d+%/);
    expect(plain).toMatch(/\d\.\d+%/);
    expect(shown.replaceAll(/(\d),(\d+%)/g, '$1.$2')).toBe(plain);
  });

  test('answer in the order of the questions, whichever was done first', async () => {
    const asked = ['gsm8k', 'alpaca-davinci', 'gsm8k'].map((workload) => ({
      settings: { ...settings, workload },
      inputs: { ...inputs, workload: bundledWorkload(workload) },
    }));
    const told: number[] = [];
    const found = await pool(2).runAll('analyse', asked, { onProgress: (fraction) => told.push(fraction) });
    const [first, second, third] = found.map(({ policies }) => policies[1]!.energyJ);
    expect(first).toBe(third);
    expect(second).not.toBe(first);
    expect(told.at(-1)).toBe(1);
    expect(told).toEqual([...told].sort((a, b) => a - b));
  });

  test('pass on what a study refuses, and go on', async () => {
    const threads = pool(1);
    const { small, workload } = inputs;
    const error = await rejectionOf(runStudy(threads, settings, { small, large: small, workload }));
    expect(error.kind).toBe('bad-setting');
    expect((await runStudy(threads, settings, inputs)).policies).not.toEqual([]);
  });

  test('are stopped in the middle of computing, waiting jobs too; the next job has a fresh thread', async () => {
    const threads = pool(1);
    const stop = new AbortController();
    const running = runStudy(threads, settings, long(), { signal: stop.signal });
    const queued = runStudy(threads, settings, inputs, { signal: stop.signal });
    stop.abort();
    for (const job of [running, queued]) {
      expect(await rejectionOf(job)).toMatchObject({
        kind: 'interrupted',
        message: 'The analysis was stopped. Nothing was stored.',
      });
    }
    expect((await rejectionOf(runStudy(threads, settings, inputs, { signal: stop.signal }))).kind).toBe(
      'interrupted',
    );
    expect((await runStudy(threads, settings, inputs)).policies).not.toEqual([]);
  });

  test('of which one fails end the others', async () => {
    const refused = { settings, inputs: { ...inputs, large: inputs.small } };
    const work = pool(2).runAll('analyse', [{ settings, inputs: long() }, refused]);
    expect((await rejectionOf(work)).kind).toBe('bad-setting');
  });

  test('that die of a job take no other along: the next has a fresh thread', async () => {
    const file = path.join(temporaryFolder(), 'thread.mjs');
    writeFileSync(
      file,
      `import { parentPort } from 'node:worker_threads';
       parentPort.on('message', ({ job }) => {
         if (job === 'reproduce') setImmediate(() => { throw new Error('it fell over'); });
         else parentPort.postMessage({ kind: 'done', value: job });
       });`,
    );
    useAnalysisWorker(file);
    onTestFinished(() => useAnalysisWorker(inject('analysisWorker' as never)));
    const threads = pool(1);
    const inputsOfPaper = { profiles: [], workload: inputs.workload, others: [] };
    const falling = threads.run('reproduce', inputsOfPaper);
    const waiting = threads.run('analyse', { settings, inputs });
    await expect(falling).rejects.toThrow('it fell over');
    expect(await waiting).toBe('analyse');
  });

  test('end with their pool, and take no job afterwards', async () => {
    const threads = pool(1);
    const running = runStudy(threads, settings, long());
    threads.close();
    threads.close();
    expect((await rejectionOf(running)).kind).toBe('interrupted');
    expect((await rejectionOf(runStudy(threads, settings, inputs))).kind).toBe('interrupted');
  });

  test('tell how far a study is', async () => {
    const told: { what: string; fraction: number }[] = [];
    await runStudy(pool(1), { ...settings, bootstrap: 20 }, inputs, {
      onProgress: (progress) => told.push(progress),
    });
    expect(told.at(-1)).toMatchObject({ fraction: 1 });
    expect(told.map(({ fraction }) => fraction)).toEqual(
      told.map(({ fraction }) => fraction).toSorted((a, b) => a - b),
    );
    expect(new Set(told.map(({ what }) => what)).size).toBe(3);
  });
});
