import { onTestFinished, expect, test } from 'vitest';
import { copyName, freeProjectName, LONGEST_PROJECT_NAME } from '#core/project';
import { PAPER_SETTINGS } from '#core/study';
import { openLab, type Lab } from '../lab.ts';
import { temporaryFolder } from '../test/temporaryFolder.ts';
import { labErrorOf } from '../test/thrown.ts';

function open(dataFolder = temporaryFolder()): Lab {
  const lab = openLab({ dataFolder, program: 'command line', version: '1.2.3', analysisWorkers: 1 });
  onTestFinished(() => lab.close());
  return lab;
}

const paper = { ...PAPER_SETTINGS };
const save = async (lab: Lab, lambda: number): Promise<string> =>
  (await lab.saveStudy({ ...paper, lambda })).id;
const ids = (lab: Lab): string[] => lab.projects.studies().map(({ id }) => id);
const current = (lab: Lab): string => lab.projects.list().find((each) => each.current)!.name;

test('a fresh lab has one project, which takes what is stored and what is worked on', async () => {
  const lab = open();
  expect(lab.projects.list()).toMatchObject([
    { id: 'project-first', name: 'First project', studies: 0, current: true, draft: null },
  ]);
  const study = await save(lab, 1);
  lab.projects.change('project-first', { draft: { ...paper, lambda: 0.25 }, name: '  Mine ' });
  expect(lab.projects.list()).toMatchObject([{ name: 'Mine', studies: 1, draft: { lambda: 0.25 } }]);
  expect(ids(lab)).toEqual([study]);
});

test('projects hold studies of their own, and the one opened last is there at the next start', async () => {
  const dataFolder = temporaryFolder();
  const lab = open(dataFolder);
  const both = await save(lab, 1);
  const first = await save(lab, 0.5);
  const other = lab.projects.make();
  expect(other).toMatchObject({ name: 'Project 1', current: true, studies: 0 });
  expect(ids(lab)).toEqual([]);
  // The same study again is put into this project as well; it is run once.
  expect(await save(lab, 1)).toBe(both);
  expect(ids(lab)).toEqual([both]);
  lab.projects.open('project-first');
  expect(ids(lab).sort()).toEqual([both, first].sort());
  lab.projects.open(other.id);
  lab.close();
  const again = open(dataFolder);
  expect(current(again)).toBe('Project 1');
  expect(ids(again)).toEqual([both]);
});

test('a study is stored in the project that it was asked for in, whichever is open when it is computed', async () => {
  const lab = open();
  const study = save(lab, 1);
  const other = lab.projects.make();
  const id = await study;
  expect(ids(lab)).toEqual([]);
  lab.projects.open('project-first');
  expect(ids(lab)).toEqual([id]);

  // Of a project that is no more it goes into the one that is open.
  lab.projects.open(other.id);
  const late = save(lab, 0.5);
  lab.projects.remove(other.id);
  const lateId = await late;
  expect(ids(lab).sort()).toEqual([id, lateId].sort());
});

test('a copy has the draft and the studies, and goes its own way', async () => {
  const lab = open();
  const study = await save(lab, 1);
  lab.projects.change('project-first', { draft: { ...paper, lambda: 0.25 } });
  const copy = lab.projects.duplicate('project-first');
  expect(copy).toMatchObject({
    name: 'First project copy',
    studies: 1,
    draft: { lambda: 0.25 },
    current: true,
  });
  lab.projects.removeStudy(study);
  lab.projects.change(copy.id, { draft: paper });
  expect(ids(lab)).toEqual([]);
  expect(lab.projects.open('project-first')).toMatchObject({ studies: 1, draft: { lambda: 0.25 } });
  expect(lab.projects.duplicate(copy.id).name).toBe('First project copy 2');
});

test('a project that is removed can be taken back until the next start, and then is gone with its studies', async () => {
  const dataFolder = temporaryFolder();
  const lab = open(dataFolder);
  const kept = await save(lab, 1);
  const other = lab.projects.make('Other');
  await save(lab, 1);
  const own = await save(lab, 0.5);
  expect(lab.projects.remove(other.id)).toMatchObject({ id: 'project-first', current: true });
  expect(lab.listStudies().map(({ id }) => id)).toEqual([kept]);
  expect(labErrorOf(() => lab.projects.open(other.id)).kind).toBe('unknown-project');
  expect(lab.projects.restore(other.id)).toMatchObject({ name: 'Other', studies: 2, current: true });
  expect(lab.listStudies()).toHaveLength(2);
  lab.projects.remove(other.id);
  lab.close();
  const again = open(dataFolder);
  expect(labErrorOf(() => again.projects.restore(other.id)).kind).toBe('unknown-project');
  expect(labErrorOf(() => again.showStudy(own)).kind).toBe('unknown-study');
  expect(again.showStudy(kept).study.id).toBe(kept);
});

test('after the last project there is an empty one', () => {
  const lab = open();
  expect(lab.projects.remove('project-first')).toMatchObject({
    name: 'Project 1',
    studies: 0,
    current: true,
  });
  expect(lab.projects.restore('project-first').current).toBe(true);
  expect(lab.projects.list().map(({ name }) => name)).toEqual(['First project', 'Project 1']);
});

test('a study that is removed can be taken back, or stored again, until the next start', async () => {
  const dataFolder = temporaryFolder();
  const lab = open(dataFolder);
  const [one, two] = [await save(lab, 1), await save(lab, 0.5)];
  lab.projects.removeStudy(one);
  expect([ids(lab), lab.listStudies().map(({ id }) => id)]).toEqual([[two], [two]]);
  expect(labErrorOf(() => lab.projects.removeStudy(one)).kind).toBe('unknown-study');
  lab.projects.restoreStudy(one);
  lab.projects.removeStudy(two);
  expect(await save(lab, 0.5)).toBe(two);
  expect(ids(lab)).toHaveLength(2);
  lab.projects.removeStudy(two);
  lab.close();
  const again = open(dataFolder);
  expect(ids(again)).toEqual([one]);
  expect(labErrorOf(() => again.projects.restoreStudy(two)).kind).toBe('unknown-study');
});

test('a name is a name, and who only reads changes nothing', () => {
  const dataFolder = temporaryFolder();
  const lab = open(dataFolder);
  for (const name of ['', '   ', 'x'.repeat(LONGEST_PROJECT_NAME + 1)])
    expect(labErrorOf(() => lab.projects.change('project-first', { name })).kind).toBe('bad-setting');
  expect(labErrorOf(() => lab.projects.change('project-9', { name: 'N' })).kind).toBe('unknown-project');
  lab.close();
  const reader = openLab({ dataFolder, program: 'command line', version: '1', readonly: true });
  onTestFinished(() => reader.close());
  expect(labErrorOf(() => reader.projects.make()).kind).toBe('database-read-only');
  expect(reader.projects.list()).toHaveLength(1);
});

test('names of new projects and of copies are free', () => {
  expect(freeProjectName(['Project 1', 'Project 3'])).toBe('Project 2');
  expect(copyName('A copy', ['A copy'])).toBe('A copy 2');
  const long = 'y'.repeat(LONGEST_PROJECT_NAME);
  expect(copyName(long, [])).toHaveLength(LONGEST_PROJECT_NAME);
});

test('how the devices are run is kept with its project, copied with it, and there at the next start', () => {
  const dataFolder = temporaryFolder();
  const lab = open(dataFolder);
  const operation = { arrivalRate: 2.5, small: { devices: 3, idleW: 4 }, large: { pricePerKwh: 0.3 } };
  lab.projects.change('project-first', { operation });
  const copy = lab.projects.duplicate('project-first');
  expect(copy).toMatchObject({ draft: null, operation });
  lab.projects.change(copy.id, { operation: { small: {}, large: {} } });
  expect(lab.projects.make().operation).toBeNull();
  expect(
    labErrorOf(() => lab.projects.change(copy.id, { operation: { small: { idleW: -1 }, large: {} } })).kind,
  ).toBe('bad-setting');
  lab.close();
  const kept = open(dataFolder).projects.list();
  expect(kept.map((project) => project.operation)).toEqual([operation, { small: {}, large: {} }, null]);
});
