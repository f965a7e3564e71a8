import { effectScope, shallowRef } from 'vue';
import { expect, test, vi } from 'vitest';
import type { ManySettings } from '#core/analysis/manySettings';
import { START_SETTINGS } from '#core/study';
import type { StudyWork } from '#ipc/studyWork';
import { useIntervals } from './useIntervals.ts';
import type { LabState } from './useLab.ts';
import { useManySystems } from './useManySystems.ts';

/** A lab whose work never ends by itself. */
function busyLab() {
  const asked: string[] = [];
  const stopped: StudyWork[] = [];
  const never = (name: string) => () => (asked.push(name), new Promise(() => {}));
  const lab = {
    client: {
      on: () => () => {},
      previewStudy: never('preview'),
      compareSystems: never('compare'),
      cancelStudy: (kind: StudyWork) => (stopped.push(kind), Promise.resolve()),
    },
    draft: {
      settings: shallowRef(START_SETTINGS),
      outcome: shallowRef({ state: 'done', inputs: { workload: { pairs: [[1, 1, 1]] } }, result: {} }),
    },
  } as unknown as LabState;
  return { lab, asked, stopped };
}

const PAGES: readonly (readonly [StudyWork, (lab: LabState) => unknown])[] = [
  ['preview', useIntervals],
  ['compare', (lab) => useManySystems(lab, () => ({}) as ManySettings)],
];

test.each(PAGES)('%s that nobody waits for any more ends with its page', async (kind, use) => {
  vi.useFakeTimers();
  const { lab, asked, stopped } = busyLab();
  const scope = effectScope();
  scope.run(() => {
    use(lab);
  });
  await vi.advanceTimersByTimeAsync(1000);
  expect([asked, stopped]).toEqual([[kind], []]);
  scope.stop();
  expect(stopped).toEqual([kind]);
  vi.useRealTimers();
});
