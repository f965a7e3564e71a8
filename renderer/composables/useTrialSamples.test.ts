import { effectScope, nextTick, shallowRef } from 'vue';
import { expect, test } from 'vitest';
import { LabError } from '#core/errors';
import { useTrialSamples } from './useTrialSamples.ts';

const sample = (i: number) => ({ startS: i, endS: i + 1, energyJ: { cpu: i } });

/** A client whose pages are as large as a test likes, whatever is asked for. */
function paged(count: number, size: number) {
  const asked: number[] = [];
  return {
    asked,
    readSamples: ({ fromS, toS }: { fromS: number; toS: number }) => {
      asked.push(fromS);
      const all = Array.from({ length: count }, (_, i) => sample(i)).filter(
        ({ startS, endS }) => startS < toS && endS > fromS,
      );
      return Promise.resolve({ samples: all.slice(0, size), more: all.length > size });
    },
  };
}

async function settled(work: { state: { value: string } }): Promise<void> {
  while (work.state.value === 'reading') await nextTick();
}

test('all pages of a span are read, each from where the last one ended', async () => {
  const client = paged(10, 4);
  const scope = effectScope();
  const found = scope.run(() => useTrialSamples(client, () => ({ run: 'r', startS: 0.5, endS: 9.5 })))!;
  await settled(found);
  expect(client.asked).toEqual([0.5, 4, 8]);
  expect(found.samples.value.map(({ startS }) => startS)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(found.state.value).toBe('whole');
  scope.stop();
});

test('another span is read anew, and what was on its way for the first is not taken in', async () => {
  const client = paged(10, 100);
  const span = shallowRef({ run: 'r', startS: 0, endS: 2 });
  const scope = effectScope();
  const found = scope.run(() => useTrialSamples(client, () => span.value))!;
  span.value = { run: 'r', startS: 5, endS: 7 };
  await nextTick();
  await settled(found);
  expect(found.samples.value.map(({ startS }) => startS)).toEqual([5, 6]);
  scope.stop();
});

test('a failure is said', async () => {
  const client = {
    readSamples: () => Promise.reject(new LabError('database-damaged', 'The samples are damaged.')),
  };
  const scope = effectScope();
  const found = scope.run(() => useTrialSamples(client, () => ({ run: 'r', startS: 0, endS: 1 })))!;
  await settled(found);
  expect(found.error.value).toMatchObject({ kind: 'database-damaged' });
  scope.stop();
});
