import { computed, effectScope, shallowRef } from 'vue';
import { expect, test } from 'vitest';
import { LabError } from '#core/errors';
import type { Project } from '#core/project';
import { START_SETTINGS, type StudySettings } from '#core/study';
import type { LabClient } from '../lab.ts';
import type { Catalogue } from './useCatalogue.ts';
import { createHistory } from './useHistory.ts';
import type { Draft } from './useDraft.ts';
import { createProjects } from './useProjects.ts';
import { NOTHING_SAID, type OperationFields } from './useSimulation.ts';

const projectOf = (id: string, current: boolean): Project => ({
  id,
  name: id,
  draft: null,
  operation: null,
  madeAt: '2026-01-01T00:00:00.000Z',
  studies: 0,
  current,
});

/** Projects over a lab that refuses to write for as long as it is told to. */
function made() {
  const written: StudySettings[] = [];
  const asked: object[] = [];
  const opened: string[] = [];
  const disk = { full: false };
  const settings = shallowRef<StudySettings>(START_SETTINGS);
  const history = createHistory(settings);
  const draft = { ...history, settings, restore: history.restart } as unknown as Draft;
  const client = {
    listProjects: () => Promise.resolve([projectOf('one', true), projectOf('two', false)]),
    changeProject: (changes: { draft: StudySettings }) => {
      if (disk.full) return Promise.reject(new LabError('disk-full', 'The disk is full.'));
      asked.push(changes);
      written.push(changes.draft);
      return Promise.resolve(projectOf('one', true));
    },
    openProject: (id: string) => {
      opened.push(id);
      return Promise.resolve(projectOf(id, true));
    },
  } as unknown as LabClient;
  const catalogue = { refreshStudies: () => Promise.resolve(), studies: computed(() => []) };
  const operation = shallowRef<OperationFields>(NOTHING_SAID);
  const scope = effectScope();
  const projects = scope.run(() =>
    createProjects(client, catalogue as unknown as Catalogue, draft, operation),
  )!;
  return { projects, settings, operation, written, asked, opened, disk, end: () => scope.stop() };
}

test('what could not be written is written before another project is opened, once it can be', async () => {
  const { projects, settings, written, opened, disk, end } = made();
  await projects.begin();
  settings.value = { ...START_SETTINGS, lambda: 0.25 };
  disk.full = true;
  await projects.flush();
  expect(projects.error.value?.kind).toBe('disk-full');
  await projects.open('two');
  expect(opened).toEqual([]);
  expect(settings.value.lambda).toBe(0.25);

  disk.full = false;
  await projects.open('two');
  expect(written.map(({ lambda }) => lambda)).toEqual([0.25]);
  expect(opened).toEqual(['two']);
  end();
});

test('how the devices are run is written with the project, alone where the draft did not change', async () => {
  const { projects, operation, asked, end } = made();
  await projects.begin();
  operation.value = { ...NOTHING_SAID, arrivalRate: 2.5, small: { devices: 3, idleW: 4 } };
  await projects.flush();
  expect(asked).toEqual([{ project: 'one', operation: operation.value }]);
  await projects.flush();
  expect(asked).toHaveLength(1);
  await projects.open('two');
  expect(operation.value).toEqual(NOTHING_SAID);
  end();
});
