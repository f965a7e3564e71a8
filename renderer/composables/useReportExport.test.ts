import { effectScope, shallowRef } from 'vue';
import { expect, test } from 'vitest';
import type { LabState } from './useLab.ts';
import { useReportExport } from './useReportExport.ts';

test('a report that is asked for twice is exported once, and then again when it is asked for again', async () => {
  const ends: ((study: { id: string }) => void)[] = [];
  let dialogs = 0;
  const lab = {
    client: {
      on: () => () => {},
      saveStudy: () => new Promise((resolve) => ends.push(resolve)),
      exportReport: () => ((dialogs += 1), Promise.resolve(null)),
    },
    catalogue: { refreshStudies: () => Promise.resolve() },
    draft: { settings: shallowRef({}) },
    paper: shallowRef('A4'),
    savedReport: shallowRef(),
    reported: shallowRef(),
  } as unknown as LabState;
  const scope = effectScope();
  const exporting = scope.run(() => useReportExport(lab))!;
  const first = exporting.run('html');
  const second = exporting.run('html');
  for (const end of ends) end({ id: 'study-1' });
  expect([await first, await second]).toEqual([null, undefined]);
  expect([ends.length, dialogs]).toEqual([1, 1]);
  const third = exporting.run('html');
  ends[1]!({ id: 'study-1' });
  expect(await third).toBe(null);
  expect(dialogs).toBe(2);
  scope.stop();
});
