import { expect, test } from 'vitest';
import { LabError } from '#core/errors';
import { useTask } from './useTask.ts';

test('a task keeps what its work gave', async () => {
  const task = useTask(async (x: number) => x * 2);
  expect(await task.run(21)).toBe(42);
  expect(task.result.value).toBe(42);
  expect(task.busy.value).toBe(false);
});

test('a task that fails keeps the reason, and the result of before', async () => {
  let fail = false;
  const task = useTask(async () => {
    if (fail) throw new LabError('disk-full', 'The disk is full.', 'Make room.');
    return 'fine';
  });
  await task.run();
  fail = true;
  expect(await task.run()).toBeUndefined();
  expect(task.error.value).toEqual({ kind: 'disk-full', message: 'The disk is full.', hint: 'Make room.' });
  expect(task.result.value).toBe('fine');
});

test('of overlapping calls the last one counts, whichever ends first', async () => {
  const ends: ((value: string) => void)[] = [];
  const task = useTask(() => new Promise<string>((end) => ends.push(end)));
  const first = task.run();
  const second = task.run();
  ends[1]!('second');
  await second;
  ends[0]!('first');
  await first;
  expect(task.result.value).toBe('second');
});

test('a cleared task has neither result nor failure, and does not take in what comes late', async () => {
  const ends: ((value: string) => void)[] = [];
  const task = useTask(() => new Promise<string>((end) => ends.push(end)));
  const late = task.run();
  task.clear();
  ends[0]!('late');
  await late;
  expect(task.result.value).toBeUndefined();
  expect(task.busy.value).toBe(false);
});
