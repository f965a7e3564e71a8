import { expect, test } from 'vitest';
import type { ActiveRun } from './activeRun.ts';
import { createSigns } from './runSigns.ts';
import { makePlan } from './sweep.ts';

const CELL = { valid: 0, flagged: 0, dropped: 0 };
const RUN: ActiveRun = {
  id: 'run-1',
  name: 'Quick sweep',
  state: 'preparing',
  what: 'making weights',
  engine: 'embedded',
  model: 'Tiny',
  meter: 'replay',
  estimate: false,
  plan: makePlan('quick', { seed: 1 }),
  cells: [
    { ...CELL, cell: { m: 8, n: 8 }, done: true },
    { ...CELL, cell: { m: 8, n: 32 }, done: false },
  ],
  trials: [],
  nowS: 0,
  warnings: [],
};

function signs(lookedAt = false) {
  const shown: (number | null)[] = [];
  const notices: string[][] = [];
  const sign = createSigns({
    setProgress: (share) => void shown.push(share),
    isLookedAt: () => lookedAt,
    notify: (...notice) => void notices.push(notice),
  });
  const tell = (changes: Partial<ActiveRun>): void => sign({ news: 'state', run: { ...RUN, ...changes } });
  return { shown, notices, tell };
}

test('progress by time, by cells where that is not known, and gone at the end', () => {
  const { shown, tell } = signs();
  tell({});
  tell({ state: 'measuring' });
  tell({ state: 'measuring' });
  tell({ state: 'measuring', nowS: 30, remainingS: 10 });
  tell({ state: 'done' });
  expect(shown).toEqual([0, 0.5, 0.75, null]);
});

test('who looks elsewhere is told of the end, of a pause with its reason, and of a failure', () => {
  const { notices, tell } = signs();
  tell({ state: 'measuring' });
  tell({ state: 'paused', what: 'the computer runs on battery' });
  tell({ state: 'paused', what: 'the computer runs on battery' });
  tell({ state: 'measuring' });
  tell({ state: 'failed', error: { kind: 'meter-failed', message: 'The meter ended.' } });
  tell({ id: 'run-2', name: 'Grid', state: 'measuring' });
  tell({ id: 'run-2', name: 'Grid', state: 'done' });
  expect(notices).toEqual([
    ['Quick sweep is paused', 'the computer runs on battery. 1 of 2 cells done.'],
    ['Quick sweep has failed', 'The meter ended.'],
    ['Grid is done', '1 of 2 cells done. Its profile is ready.'],
  ]);
});

test('who looks at the window, or cancelled the run, is told nothing', () => {
  const { notices, tell } = signs(true);
  tell({ state: 'measuring' });
  tell({ state: 'done' });
  expect(notices).toEqual([]);
  const other = signs();
  other.tell({ state: 'measuring' });
  other.tell({ state: 'cancelled' });
  other.tell({ id: 'old', state: 'done' });
  expect(other.notices).toEqual([]);
});
