import { expect, test } from 'vitest';
import { createPace, leftText } from './pace.ts';

function clock() {
  let ms = 5000;
  return { now: () => ms, pass: (seconds: number) => (ms += seconds * 1000) };
}

test('what is left follows from how fast the work went, and is told once it says something', () => {
  const time = clock();
  const { stageOf } = createPace(time.now);
  expect(stageOf({ what: 'Reading', fraction: 0 }).remainingS).toBeUndefined();
  time.pass(10);
  expect(stageOf({ what: 'Reading', fraction: 0.1 }).remainingS).toBeUndefined();
  time.pass(10);
  expect(stageOf({ what: 'Reading', fraction: 0.2 })).toEqual({
    what: 'Reading',
    fraction: 0.2,
    remainingS: 80,
  });
  expect(stageOf({ what: 'Reading', fraction: 1 }).remainingS).toBeUndefined();
});

test('a part that begins in the middle has its own pace, and so has work that begins anew', () => {
  const time = clock();
  const { stageOf, begin } = createPace(time.now);
  stageOf({ what: 'Reading', fraction: 0 });
  time.pass(100);
  expect(stageOf({ what: 'Drawing', fraction: 0.5 }).remainingS).toBeUndefined();
  time.pass(5);
  expect(stageOf({ what: 'Drawing', fraction: 0.75 }).remainingS).toBe(5);
  // Going back is beginning again.
  expect(stageOf({ what: 'Drawing', fraction: 0.2 }).remainingS).toBeUndefined();
  time.pass(8);
  expect(stageOf({ what: 'Drawing', fraction: 0.6 }).remainingS).toBeCloseTo(8);
  begin();
  expect(stageOf({ what: 'Drawing', fraction: 0.7 }).remainingS).toBeUndefined();
});

test('what is left is said in the unit that suits it', () => {
  const said = (remainingS: number | undefined): string => leftText({ remainingS });
  expect([said(undefined), said(0.2), said(40), said(170), said(3 * 3600)]).toEqual([
    '',
    'about 1 s left',
    'about 40 s left',
    'about 3 min left',
    'about 3 h left',
  ]);
});
