import { effectScope } from 'vue';
import { expect, test } from 'vitest';
import type { ActiveRun, RunNews } from '#core/activeRun';
import type { RunSummary } from '#core/runSummary';
import type { LabClient } from '../lab.ts';
import type { Catalogue } from './useCatalogue.ts';
import { createRuns } from './useRuns.ts';

test('a run that has ended is no longer shown as kept once it is deleted', async () => {
  let stored = ['run-1', 'run-2'];
  let tell: (news: RunNews) => void = () => {};
  const client = {
    on: (_name: string, listener: typeof tell) => ((tell = listener), () => {}),
    listRuns: () => Promise.resolve(stored.map((id) => ({ id }) as RunSummary)),
  } as unknown as LabClient;
  const catalogue = { refresh: () => Promise.resolve(), forget: () => {} } as unknown as Catalogue;
  const scope = effectScope();
  const runs = scope.run(() => createRuns(client, catalogue))!;
  tell({ news: 'state', run: { id: 'run-1', state: 'done' } as ActiveRun });
  await runs.refresh();
  expect(runs.active.value?.id).toBe('run-1');
  stored = ['run-2'];
  await runs.refresh();
  expect(runs.active.value).toBe(null);
  // One that failed before anything of it was stored is still told of.
  tell({ news: 'state', run: { id: 'run-3', state: 'failed' } as ActiveRun });
  await runs.refresh();
  expect(runs.active.value?.id).toBe('run-3');
  scope.stop();
});
