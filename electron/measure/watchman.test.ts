import { expect, test } from 'vitest';
import { Watchman, type PowerReader } from './watchman.ts';

function watched(states: Awaited<ReturnType<PowerReader>>[]): {
  watchman: Watchman;
  sleep: (s: number) => void;
} {
  let wall = 1_000_000;
  const read = () => Promise.resolve(states.length > 1 ? states.shift()! : states[0]!);
  return {
    watchman: new Watchman(
      read,
      () => 50,
      () => new Date(wall),
    ),
    sleep: (s) => (wall += s * 1000),
  };
}

test('losing the mains holds the run, once', async () => {
  const { watchman } = watched([
    { powerSource: 'ac' },
    { powerSource: 'battery' },
    { powerSource: 'battery' },
  ]);
  await watchman.begin();
  expect(await watchman.look()).toEqual([expect.stringContaining('mains power was lost')]);
  expect(watchman.hold).toBe(true);
  expect(await watchman.look()).toEqual([]);
  expect(watchman.hold).toBe(false);
  expect(await watchman.flags()).toEqual(['power-source-changed']);
});

test('a run that began on battery is not held for it', async () => {
  const { watchman } = watched([{ powerSource: 'battery' }]);
  await watchman.begin();
  expect(await watchman.look()).toEqual([]);
  expect(await watchman.flags()).toEqual([]);
});

test('heat holds the run and flags the trial', async () => {
  const { watchman } = watched([{ thermal: 'nominal' }, { thermal: 'speed limited to 60%' }]);
  await watchman.begin();
  expect(await watchman.look()).toHaveLength(1);
  expect(await watchman.flags()).toEqual(['thermal-pressure']);
});

test('sleep is told, and the run goes on', async () => {
  const { watchman, sleep } = watched([{}]);
  await watchman.begin();
  sleep(600);
  expect(await watchman.look()).toEqual(['The computer slept for 600 s; the run goes on.']);
  expect(watchman.hold).toBe(false);
  expect(await watchman.look()).toEqual([]);
});
