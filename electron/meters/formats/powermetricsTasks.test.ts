import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plist } from '../fixtures/powermetrics.ts';
import { cpuShareOf, powermetricsSample } from './powermetricsPlist.ts';
import { withFewTasks } from './powermetricsTasks.ts';

const made = plist({ cpuMw: 5000, impact: { 7: 30, 8: 10, 9: 1 }, all: 80, others: 30 });

test('of hundreds of tasks those that are asked for are read, and all together', () => {
  const few = powermetricsSample(made, [7, 8])!;
  const all = powermetricsSample(made)!;
  expect([...few.impact]).toEqual([
    [7, 30],
    [8, 10],
    [-2, 80],
  ]);
  expect(all.impact.size).toBe(3 + 30 + 1);
  expect(few).toEqual({ ...all, impact: few.impact });
  expect(cpuShareOf(few, [7, 8])).toBe(0.5);
  expect(withFewTasks(made, [7]).length).toBeLessThan(made.length / 10);
});

test('the share and the rest are the same as if all tasks had been read', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.integer({ min: 1, max: 99 }).map(String), fc.integer({ min: 0, max: 1000 }), {
        maxKeys: 8,
      }),
      fc.array(fc.integer({ min: 1, max: 99 }), { maxLength: 5 }),
      fc.integer({ min: 0, max: 5 }),
      (impact, pids, others) => {
        const xml = plist({ cpuMw: 1234, impact, all: 5000, others });
        const few = powermetricsSample(xml, pids)!;
        const all = powermetricsSample(xml)!;
        expect(cpuShareOf(few, pids)).toBe(cpuShareOf(all, pids));
        expect(few).toEqual({ ...all, impact: few.impact });
      },
    ),
    { numRuns: 50 },
  );
});

test.each([
  ['no tasks', plist({ cpuMw: 1 }).replace(/<key>tasks[\s\S]*?<key>processor/, '<key>processor')],
  ['no sum of all', plist({ cpuMw: 1, impact: { 7: 1 }, others: 2 })],
  ['a list that is cut', made.slice(0, made.length / 2)],
  [
    'tasks that are no list',
    made.replace('<key>tasks</key><array>', '<key>tasks</key><string>x</string><array>'),
  ],
])('%s: nothing is left out', (_, xml) => {
  expect(withFewTasks(xml, [7])).toBe(xml);
});

test('the sum of all tasks beside their list is enough', () => {
  const xml = plist({ cpuMw: 1, impact: { 7: 1 }, others: 2 }).replace(
    '<key>processor</key>',
    '<key>all_tasks</key><dict><key>name</key><string>ALL_TASKS</string><key>energy_impact</key><real>4</real></dict><key>processor</key>',
  );
  expect(cpuShareOf(powermetricsSample(xml, [7])!, [7])).toBe(0.25);
  expect(withFewTasks(xml, []).length).toBeLessThan(xml.length);
});
