import fc from 'fast-check';
import { expect, test } from 'vitest';
import { freshOnly } from './freshOnly.ts';

interface Made {
  readonly elapsedS: number;
  readonly startS: number;
}

test('a steady stream is handed on from its second sample', () => {
  const fresh = freshOnly(10);
  const one = { elapsedS: 0.2 };
  expect(fresh([one], 10.05)).toEqual([]);
  expect(fresh([one], 10.25)).toEqual([one]);
  expect(fresh([one], 10.45)).toEqual([one]);
});

test('what waited in the pipe is dropped, and so is the sample that covers the wait', () => {
  const fresh = freshOnly(100);
  const old = { elapsedS: 0.2 };
  expect(fresh([old, old], 100.01)).toEqual([]);
  expect(fresh([{ elapsedS: 60 }], 100.02)).toEqual([]);
  expect(fresh([old], 100.22)).toEqual([old]);
});

test('also where the reader was late itself', () => {
  const fresh = freshOnly(100);
  const old = { elapsedS: 0.2 };
  expect(fresh([old], 100.6)).toEqual([]);
  expect(fresh([{ elapsedS: 0.9 }], 100.601)).toEqual([]);
  expect(fresh([old], 100.8)).toEqual([old]);
});

/** A program that samples every 0.2 s, stops at a full pipe of some samples, and goes on when it is read. */
function received(options: {
  pipe: number;
  openedS: number;
  lateS: readonly number[];
  jitterS: readonly number[];
}): { samples: Made[]; receivedS: number }[] {
  const { pipe, openedS, lateS, jitterS } = options;
  const made: (Made & { writtenS: number })[] = [];
  let endS = 0;
  while (endS < openedS + 4) {
    const startS = endS;
    // The one that does not fit is written when the pipe is read; the next is taken after that.
    const blocked = made.length === pipe + 1 && openedS > endS;
    endS = Math.max(blocked ? openedS : startS, startS) + 0.2;
    const writtenS = made.length >= pipe ? Math.max(endS, openedS) : endS;
    made.push({
      startS,
      elapsedS: endS - startS,
      writtenS: writtenS + jitterS[made.length % jitterS.length]!,
    });
  }
  const pieces: { samples: Made[]; receivedS: number }[] = [];
  let nowS = openedS;
  for (let at = 0, i = 0; at < made.length; i++) {
    nowS = Math.max(nowS + 0.001, made[at]!.writtenS) + lateS[i % lateS.length]!;
    const upTo = made.findIndex(({ writtenS }) => writtenS > nowS);
    const until = upTo < 0 ? made.length : Math.max(upTo, at + 1);
    pieces.push({ samples: made.slice(at, until), receivedS: nowS });
    at = until;
  }
  return pieces;
}

test('nothing from before the opening is ever handed on, and the stream comes through soon', () => {
  const late = fc.array(fc.double({ min: 0, max: 0.5, noNaN: true }), { minLength: 1, maxLength: 5 });
  const jitter = fc.array(fc.double({ min: 0, max: 0.03, noNaN: true }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 4 }),
      fc.double({ min: 0.1, max: 100, noNaN: true }),
      late,
      jitter,
      (pipe, openedS, lateS, jitterS) => {
        const fresh = freshOnly<Made>(openedS);
        const handed = received({ pipe, openedS, lateS, jitterS }).flatMap(({ samples, receivedS }) =>
          fresh(samples, receivedS),
        );
        // One that was under way at the opening may seem later than it was, by what writing and reading took.
        const seemsLaterS = 0.04 + Math.max(...lateS);
        for (const { startS, elapsedS } of handed) {
          expect(startS + elapsedS).toBeGreaterThan(openedS);
          expect(startS).toBeGreaterThan(openedS - seemsLaterS);
        }
        if (Math.max(...lateS) < 0.05) {
          expect(handed.length).toBeGreaterThan(10);
          handed.slice(1).forEach(({ startS }, i) => {
            expect(startS).toBeCloseTo(handed[i]!.startS + handed[i]!.elapsedS, 9);
          });
        }
      },
    ),
    { numRuns: 500 },
  );
});
