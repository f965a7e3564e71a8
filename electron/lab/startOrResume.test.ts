import { expect, test } from 'vitest';
import { parseRunRequest } from '#core/runRequest';
import type { Runs } from '../measure/runs.ts';
import { madeRun } from '../test/madeRun.ts';
import { labErrorOf } from '../test/thrown.ts';
import { startOrResume } from './startOrResume.ts';

const ASKED = { sweep: '8,32 64,32', shard: { index: 1, of: 2 } };
const ID = 'run-array-7-1';

/** What was done with a run of a state, which was begun as `begunWith` says. */
function done(
  state: 'none' | 'interrupted' | 'paused' | 'failed' | 'done',
  asked: unknown = ASKED,
): string[] {
  const calls: string[] = [];
  const runs = {
    start: (_: unknown, id: string) => void calls.push(`start ${id}`),
    resume: (id: string) => void calls.push(`resume ${id}`),
  } as unknown as Runs;
  const found = state === 'none' ? undefined : madeRun({ id: ID, state, request: parseRunRequest(ASKED) });
  if (startOrResume(runs, found, ID, asked) === null) calls.push('null');
  return calls;
}

test('a task that is started again goes on with its own run, or leaves it as it is when it is done', () => {
  expect(done('none')).toEqual([`start ${ID}`]);
  for (const state of ['interrupted', 'paused', 'failed'] as const)
    expect(done(state)).toEqual([`resume ${ID}`]);
  expect(done('done')).toEqual(['null']);
});

test('with other settings it is refused, and nothing is started', () => {
  for (const state of ['interrupted', 'done'] as const) {
    expect(labErrorOf(() => done(state, { ...ASKED, shard: { index: 2, of: 2 } })).kind).toBe('bad-setting');
    expect(labErrorOf(() => done(state, { ...ASKED, seed: 2 })).message).toContain(
      'begun with other settings',
    );
  }
});

test.each(['', 'Run-1', '../x', 'a b', '-a', 'a'.repeat(81)])('"%s" is no id', (id) => {
  expect(labErrorOf(() => startOrResume({} as Runs, undefined, id, ASKED)).kind).toBe('bad-setting');
});
