import { expect, test } from 'vitest';
import type { RunEvent } from '#core/run';
import { madeRun, madeTrial } from '../test/madeRun.ts';
import { temporaryFolder } from '../test/temporaryFolder.ts';
import { labErrorOf } from '../test/thrown.ts';
import { openForWriting } from './database.ts';
import { hasAgreed, listEvents, putEvent } from './events.ts';
import { createRun, deleteRun, findRun, listRuns, markInterrupted, runEndS, updateRun } from './runs.ts';
import { createSampleWriter } from './samples.ts';
import type { WriteDb } from './sqlite.ts';
import { listTrials, putTrial } from './trials.ts';

function fresh(): WriteDb {
  return openForWriting(temporaryFolder());
}

const truth = {
  cadenceS: 0.1,
  cadenceP95S: 0.11,
  coverage: 1,
  idleSdW: 0.01,
  plusMinusJ: 0.2,
  shortestWindowS: 2,
};

test('a run comes back as it was stored, with and without what may be absent', () => {
  const db = fresh();
  const run = madeRun();
  const whole = madeRun({ id: 'run-2', endedAt: '2026-01-03T00:00:00.000Z', truth, state: 'done' });
  createRun(db, run);
  createRun(db, whole);
  expect(findRun(db, run.id)).toEqual(run);
  expect(findRun(db, whole.id)).toEqual(whole);
  expect(findRun(db, 'none')).toBeUndefined();
  db.close();
});

test('a run changes where it is told to and nowhere else, and its end can be taken away', () => {
  const db = fresh();
  const run = madeRun();
  createRun(db, run);
  updateRun(db, run.id, { name: 'Mine', truth });
  updateRun(db, run.id, { state: 'done', endedAt: '2026-01-03T00:00:00.000Z' });
  updateRun(db, run.id, { note: 'on battery' });
  const done = { ...run, name: 'Mine', note: 'on battery', truth, state: 'done' as const };
  expect(findRun(db, run.id)).toEqual({ ...done, endedAt: '2026-01-03T00:00:00.000Z' });
  updateRun(db, run.id, { state: 'running', endedAt: undefined });
  expect(findRun(db, run.id)).toEqual({ ...done, state: 'running' });
  expect(labErrorOf(() => updateRun(db, 'none', { note: 'x' })).kind).toBe('unknown-run');
  db.close();
});

test('a run that is not what it should be is damage', () => {
  const db = fresh();
  createRun(db, madeRun());
  db.exec(`UPDATE run SET plan = '{"name":"none"}'`);
  const error = labErrorOf(() => findRun(db, madeRun().id));
  expect(error.kind).toBe('database-damaged');
  expect(error.message).toContain('plan');
  db.close();
});

test('runs found running were interrupted; others stay as they are', () => {
  const db = fresh();
  const states = ['running', 'paused', 'interrupted', 'done', 'cancelled', 'failed'] as const;
  for (const state of states) createRun(db, madeRun({ id: state, state }));
  expect(markInterrupted(db)).toEqual(['running']);
  expect(markInterrupted(db)).toEqual([]);
  for (const state of states) {
    expect(findRun(db, state)?.state).toBe(state === 'running' ? 'interrupted' : state);
  }
  db.close();
});

test('a trial is there once however often it is stored, and trials come in their order', () => {
  const db = fresh();
  const { id } = madeRun();
  createRun(db, madeRun());
  const first = madeTrial({ index: 0, flags: ['warm-up'] });
  const second = madeTrial({ index: 1, aboveIdleJ: { cpu: -0.01 }, prefillJ: { gpu: 3 }, cpuShare: 0.5 });
  putTrial(db, id, second);
  putTrial(db, id, first);
  putTrial(db, id, second);
  expect(listTrials(db, id)).toEqual([first, second]);
  const mended = { ...second, fault: '3 input tokens came from a cache' };
  putTrial(db, id, mended);
  expect(listTrials(db, id)).toEqual([first, mended]);
  expect(listTrials(db, 'none')).toEqual([]);
  db.close();
});

test('a trial or an event without its run is refused', () => {
  const db = fresh();
  expect(() => putTrial(db, 'none', madeTrial())).toThrow('FOREIGN KEY');
  expect(() => putEvent(db, 'none', { atS: 0, kind: 'start', message: 'x' })).toThrow('FOREIGN KEY');
  db.close();
});

test('events come back in the order in which they were stored', () => {
  const db = fresh();
  createRun(db, madeRun());
  const events: RunEvent[] = [
    { atS: 5, kind: 'start', message: 'Started.' },
    { atS: 9, kind: 'idle', message: 'Idle.', idleW: { cpu: 0.3, gpu: 0.01 } },
    { atS: 7, kind: 'warning', message: 'Warm.' },
  ];
  for (const event of events) putEvent(db, madeRun().id, event);
  expect(listEvents(db, madeRun().id)).toEqual(events);
  db.close();
});

test('the list counts trials and cells, and has the latest run first', () => {
  const db = fresh();
  const run = madeRun();
  createRun(db, run);
  createRun(db, madeRun({ id: 'later', startedAt: '2026-02-01T00:00:00.000Z', state: 'done' }));
  // The quick plan's first cell is done after three trials that agree.
  [0, 1, 2].forEach((index) => putTrial(db, run.id, madeTrial({ index })));
  putTrial(db, run.id, madeTrial({ index: 3, flags: ['background-load'] }));
  putTrial(db, run.id, madeTrial({ index: 4, fault: 'wrong' }));
  putEvent(db, run.id, { atS: -3, kind: 'start', message: 'Started.' });
  const [later, earlier] = listRuns(db);
  expect(later).toMatchObject({ id: 'later', valid: 0, cellsDone: 0, durationS: 0 });
  expect(earlier).toMatchObject({
    id: run.id,
    state: 'running',
    plan: 'quick',
    model: 'Tiny',
    meterName: 'IOReport',
    valid: 3,
    flagged: 1,
    dropped: 1,
    cellsDone: 1,
    cells: 11,
    durationS: 12,
  });
  db.close();
});

test("a run's clock stands behind everything that it has", () => {
  const db = fresh();
  const { id } = madeRun();
  createRun(db, madeRun());
  expect(runEndS(db, id)).toBe(0);
  putTrial(db, id, madeTrial({ index: 2 }));
  expect(runEndS(db, id)).toBe(5);
  putEvent(db, id, { atS: 6, kind: 'pause', message: 'Paused.' });
  expect(runEndS(db, id)).toBe(6);
  const writer = createSampleWriter(db, id);
  writer.push([{ startS: 6, endS: 7.5, energyJ: { cpu: 1 } }]);
  writer.close();
  expect(runEndS(db, id)).toBe(7.5);
  db.close();
});

test('a deleted run leaves nothing behind, and other runs whole', () => {
  const db = fresh();
  for (const id of ['gone', 'kept']) {
    createRun(db, madeRun({ id }));
    putTrial(db, id, madeTrial());
    putEvent(db, id, { atS: 0, kind: 'start', message: 'Started.' });
    const writer = createSampleWriter(db, id);
    writer.push(
      Array.from({ length: 200 }, (_, i) => ({ startS: i, endS: i + 1, energyJ: { cpu: 1, gpu: i } })),
    );
    writer.close();
  }
  deleteRun(db, 'gone');
  for (const table of ['trial', 'run_event', 'sample_chunk', 'sample_level']) {
    expect(db.prepare(`SELECT DISTINCT run_id FROM ${table}`).pluck().all(), table).toEqual(['kept']);
  }
  expect(listRuns(db).map(({ id }) => id)).toEqual(['kept']);
  expect(labErrorOf(() => deleteRun(db, 'gone')).kind).toBe('unknown-run');
  db.close();
});

test('whether a meter agreed with another one is known for a system, and only where it did', () => {
  const db = fresh();
  const run = madeRun();
  createRun(db, run);
  const event = (agrees: boolean): RunEvent => ({
    atS: 0,
    kind: 'cross-check',
    message: 'Compared.',
    crossCheck: { with: 'macmon', lengthS: 3, rails: [], agrees },
  });
  const { environment } = run;
  expect(hasAgreed(db, 'ioreport', environment)).toBe(false);
  putEvent(db, run.id, event(false));
  expect(hasAgreed(db, 'ioreport', environment)).toBe(false);
  putEvent(db, run.id, event(true));
  expect(listEvents(db, run.id)).toEqual([event(false), event(true)]);
  expect(hasAgreed(db, 'ioreport', environment)).toBe(true);
  expect(hasAgreed(db, 'rapl', environment)).toBe(false);
  expect(hasAgreed(db, 'ioreport', { ...environment, os: 'macOS 27.0' })).toBe(false);
  db.close();
});
