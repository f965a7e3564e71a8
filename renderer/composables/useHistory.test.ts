import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shallowRef } from 'vue';
import { createHistory } from './useHistory.ts';

function made() {
  let atMs = 0;
  const value = shallowRef<unknown>(0);
  return { value, history: createHistory(value, () => atMs), wait: (ms: number) => (atMs += ms) };
}

test('a change is taken back, and made again', () => {
  const { value, history, wait } = made();
  history.put(1, 'a');
  wait(1000);
  history.put(2, 'a');
  history.undo();
  expect(value.value).toBe(1);
  history.redo();
  expect(value.value).toBe(2);
  history.undo();
  history.undo();
  expect([value.value, history.canUndo.value, history.canRedo.value]).toEqual([0, false, true]);
  history.undo();
  expect(value.value).toBe(0);
});

test('deeds are taken back and done again in their turn among the changes', () => {
  const { value, history } = made();
  const done: string[] = [];
  history.put(1);
  history.record({ undo: () => done.push('undone'), redo: () => done.push('done again') });
  history.put(2);
  history.undo();
  expect([value.value, done]).toEqual([1, []]);
  history.undo();
  expect([value.value, done]).toEqual([1, ['undone']]);
  history.undo();
  expect(value.value).toBe(0);
  history.redo();
  history.redo();
  history.redo();
  expect([value.value, done]).toEqual([2, ['undone', 'done again']]);
});

test('a deed is taken back out of its turn once', () => {
  const { value, history } = made();
  let undone = 0;
  const deed = { undo: () => (undone += 1), redo: () => {} };
  history.record(deed);
  history.put(1);
  history.takeBack(deed);
  history.takeBack(deed);
  history.undo();
  history.undo();
  expect([undone, value.value, history.canUndo.value]).toEqual([1, 0, false]);
});

test('a burst of one kind is one change, others are not', () => {
  const { value, history, wait } = made();
  for (let i = 1; i <= 5; i++) {
    history.put(i, 'lambda');
    wait(100);
  }
  history.put(6, 'policy');
  history.undo();
  expect(value.value).toBe(5);
  history.undo();
  expect(value.value).toBe(0);
});

test('what changes nothing is no change; a new change forgets what was taken back', () => {
  const { value, history } = made();
  history.put({ a: 1 });
  history.put({ a: 1 });
  history.undo();
  expect(value.value).toBe(0);
  history.put(7);
  expect(history.canRedo.value).toBe(false);
});

test('everything can be taken back, in order', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 1 }), { maxLength: 30 }), (changes) => {
      const { value, history } = made();
      for (const change of changes) history.put(change);
      const seen: unknown[] = [];
      while (history.canUndo.value) {
        seen.push(value.value);
        history.undo();
      }
      expect(seen).toEqual([...changes].reverse());
      expect(value.value).toBe(0);
      while (history.canRedo.value) history.redo();
      expect(value.value).toBe(changes.at(-1) ?? 0);
    }),
  );
});
