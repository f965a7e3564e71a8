import { expect, onTestFinished, test } from 'vitest';
import { answerVariations, distinctVariations, variationsOf } from '#core/analysis/variations';
import { START_SETTINGS, type StudyInputs } from '#core/study';
import type { Workload } from '#core/workload';
import { bundledProfile, bundledWorkload } from '../test/bundled.ts';
import { rejectionOf } from '../test/testMeters.ts';
import { runVariations } from './runVariations.ts';
import { createWorkerPool, type WorkerPool } from './workerPool.ts';

const thinned = (id: string): Workload => {
  const workload = bundledWorkload(id);
  return { ...workload, pairs: workload.pairs.filter((_, i) => i % 40 === 0) };
};
const workloads = new Map(['gsm8k', 'alpaca-davinci', 'azure-code'].map((id) => [id, thinned(id)]));
const inputs: StudyInputs = {
  small: bundledProfile(START_SETTINGS.small),
  large: bundledProfile(START_SETTINGS.large),
  workload: workloads.get('alpaca-davinci')!,
};

function pool(workers: number): WorkerPool {
  const made = createWorkerPool(workers);
  onTestFinished(() => made.close());
  return made;
}

test('variations come in their order, on threads as in one piece, and tell how far they are', async () => {
  const told: number[] = [];
  const answers = await runVariations(
    pool(2),
    { settings: START_SETTINGS, inputs, workloads },
    { onProgress: ({ fraction }) => told.push(fraction) },
  );
  expect(answers).toEqual(
    distinctVariations(variationsOf(START_SETTINGS, [...workloads.keys()]), inputs).flatMap((variation) =>
      answerVariations([variation], {
        ...inputs,
        workload: workloads.get(variation.settings.workload)!,
      }),
    ),
  );
  expect(told.length).toBeGreaterThan(10);
  expect(told).toEqual(told.toSorted((a, b) => a - b));
  expect(told.at(-1)).toBeCloseTo(1, 12);
});

test('variations are stopped in the middle of computing', async () => {
  const stop = new AbortController();
  const running = runVariations(
    pool(1),
    { settings: START_SETTINGS, inputs, workloads },
    { signal: stop.signal, onProgress: () => stop.abort() },
  );
  expect((await rejectionOf(running)).kind).toBe('interrupted');
});
