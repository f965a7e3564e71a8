import { expect, test } from 'vitest';
import { BEAT_S, Watchman, type PowerReader } from './watchman.ts';

type State = Awaited<ReturnType<PowerReader>>;

/** A watchman in a time of its own: `pass` lets both clocks go on, `sleep` as Linux and as macOS do it. */
function watched(first: State) {
  let state = first;
  let clock = 50;
  let wall = 1_000_000;
  const watchman = new Watchman(() => Promise.resolve(state), {
    clock: () => clock,
    wall: () => new Date(wall * 1000),
  });
  const pass = (s: number): void => {
    clock += s;
    wall += s;
  };
  return {
    watchman,
    now: () => clock,
    change: (next: State) => (state = next),
    pass,
    /** the heart beats while time passes */
    live: (s: number): void => {
      for (let past = 0; past < s; past += BEAT_S) {
        pass(BEAT_S);
        watchman.beat();
      }
    },
    /** the monotonic clock stands still */
    sleepOnLinux: (s: number) => (wall += s),
    /** the monotonic clock goes on, and no timer fires */
    sleepOnMac: pass,
    messages: async () => (await watchman.look()).map(({ message }) => message),
  };
}

const ALWAYS = { startS: -Infinity, endS: Infinity };

test('losing the mains holds the run until it is back, and is told once', async () => {
  const { watchman, change, messages } = watched({ powerSource: 'ac' });
  await watchman.begin();
  expect(await messages()).toEqual([]);
  expect(watchman.holds).toBe(false);
  change({ powerSource: 'battery' });
  expect(await messages()).toEqual([expect.stringContaining('mains power was lost')]);
  expect(watchman.holds).toBe(true);
  expect(await messages()).toEqual([]);
  expect(watchman.holds).toBe(true);
  expect(await watchman.flags(ALWAYS)).toEqual(['power-source-changed']);
  change({ powerSource: 'ac' });
  expect(await messages()).toEqual([expect.stringContaining('mains power is back')]);
  expect(watchman.holds).toBe(false);
  expect(await watchman.flags(ALWAYS)).toEqual([]);
});

test('a run that began on battery is not held for it', async () => {
  const { watchman, messages } = watched({ powerSource: 'battery' });
  await watchman.begin();
  expect(await messages()).toEqual([]);
  expect(watchman.holds).toBe(false);
  expect(await watchman.flags(ALWAYS)).toEqual([]);
});

test('whoever goes on in spite of it is not held again, until it has been over', async () => {
  const { watchman, change, messages } = watched({ powerSource: 'ac' });
  await watchman.begin();
  change({ powerSource: 'battery' });
  await messages();
  watchman.accept();
  expect(watchman.holds).toBe(false);
  expect(await messages()).toEqual([]);
  change({ powerSource: 'ac' });
  expect(await messages()).toEqual([]);
  change({ powerSource: 'battery' });
  expect(await messages()).toHaveLength(1);
  expect(watchman.holds).toBe(true);
});

test('heat holds the run and flags the trial', async () => {
  const { watchman, change, messages } = watched({ thermal: 'nominal' });
  await watchman.begin();
  change({ thermal: 'speed limited to 60%' });
  expect(await messages()).toEqual(['The computer is too hot, so the run was paused.']);
  expect(watchman.holds).toBe(true);
  expect(await watchman.flags(ALWAYS)).toEqual(['thermal-pressure']);
});

test.each(['sleepOnLinux', 'sleepOnMac'] as const)(
  '%s is told, holds once, and flags what it lay in',
  async (how) => {
    const found = watched({});
    const { watchman, messages, live, now } = found;
    await watchman.begin();
    live(10);
    const beforeS = now();
    live(3);
    found[how](600);
    watchman.beat();
    const afterS = now();
    live(3);
    expect(await watchman.look()).toEqual([
      {
        kind: 'sleep',
        message: expect.stringMatching(
          /^The computer slept for (599|600) s, and the run with it\.$/,
        ) as string,
      },
    ]);
    expect(watchman.holds).toBe(true);
    expect(await watchman.flags({ startS: beforeS, endS: afterS + 1 })).toEqual(['slept']);
    expect(await watchman.flags({ startS: beforeS - 5, endS: beforeS })).toEqual([]);
    expect(await watchman.flags({ startS: afterS + 1, endS: afterS + 2 })).toEqual([]);
    expect(await watchman.look()).toEqual([
      { kind: 'sleep', message: expect.stringContaining('awake again') as string },
    ]);
    expect(watchman.holds).toBe(false);
    live(100);
    expect(await messages()).toEqual([]);
  },
);

test('sleep is noticed at once by who looks, before the next beat, and only once', async () => {
  const { watchman, live, sleepOnMac, messages } = watched({});
  await watchman.begin();
  live(2);
  sleepOnMac(60);
  expect(await messages()).toEqual([expect.stringContaining('slept for 59 s')]);
  live(2);
  expect(await messages()).toEqual([expect.stringContaining('awake again')]);
  expect(await messages()).toEqual([]);
});

test('a busy moment and a clock that is set by a little are no sleep', async () => {
  const { watchman, live, sleepOnLinux, sleepOnMac, messages } = watched({});
  await watchman.begin();
  live(2);
  sleepOnMac(4);
  watchman.beat();
  sleepOnLinux(3);
  live(2);
  sleepOnLinux(-3600);
  live(2);
  expect(await messages()).toEqual([]);
});
