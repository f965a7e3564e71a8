import { expect, test } from 'vitest';
import type { RunEvent } from '#core/run';
import type { Trial } from '#core/trial';
import { groundsOf } from './trust.ts';

const truth = {
  cadenceS: 0.2,
  cadenceP95S: 0.2,
  coverage: 1,
  idleSdW: 0.1,
  plusMinusJ: 0.5,
  shortestWindowS: 4,
};
const trial = (index: number, changes: Partial<Trial> = {}): Trial => ({
  index,
  m: 32,
  n: 32,
  repeats: 1,
  startS: index * 10,
  endS: index * 10 + 4,
  runtimeS: 4,
  firstTokenS: 1,
  energyJ: { cpu: 5, gpu: 5 },
  coverage: 1,
  flags: [],
  ...changes,
});
const textOf = (title: string, found: Parameters<typeof groundsOf>[0]): string | undefined =>
  groundsOf(found).find((ground) => ground.title === title)?.text;

test('a stated power is no meter, and nothing is said of its windows', () => {
  expect(textOf('Meter', { truth, trials: [], estimate: true })).toBeUndefined();
});

test('what the meter itself uses is said where it is known', () => {
  expect(textOf('Meter', { truth: { ...truth, overhead: 0.0042 }, trials: [] })).toContain(
    'itself 0.42% of a core',
  );
  expect(textOf('Meter', { truth, trials: [] })).not.toContain('of a core');
});

test('a clock that was moved is said, and for how many trials', () => {
  const moved = trial(1, { clockShiftS: -0.4 });
  expect(textOf('Clock', { trials: [trial(0), moved] })).toBe(
    'the samples were late by 0.4 s; 1 of 2 windows are read with that',
  );
  expect(textOf('Clock', { trials: [moved] })).toBe(
    'the samples were late by 0.4 s; the windows are read with that',
  );
  expect(textOf('Clock', { trials: [trial(0)] })).toBeUndefined();
});

test('a comparison with another meter is said where there was one, the last one', () => {
  const compared = (message: string, agrees: boolean): RunEvent => ({
    atS: 0,
    kind: 'cross-check',
    message,
    crossCheck: { with: 'macmon', lengthS: 3, rails: [], agrees },
  });
  const events = [compared('They do not agree.', false), compared('CPU 1 ×.', true)];
  const found = (said: readonly RunEvent[]) =>
    groundsOf({ trials: [], events: said }).find(({ title }) => title === 'Cross-check');
  expect(found(events)).toMatchObject({ verdict: 'ok', text: 'CPU 1 ×.' });
  expect(found(events.slice(0, 1))).toMatchObject({ verdict: 'warning' });
  expect(found([])).toBeUndefined();
});
