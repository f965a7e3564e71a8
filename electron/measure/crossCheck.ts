import { compareMeters, crossCheckSentence, type CrossCheck } from '#core/crossCheck';
import type { EnergySample } from '#core/meter';
import type { RunEvent } from '#core/run';
import type { Engine } from '../engines/engine.ts';
import type { Meter } from '../meters/meter.ts';

/** Both meters read for so long while nothing runs, then for so long while the engine works, s. */
const IDLE_S = 1;
const BUSY_S = 2;
/** Longest wait for a meter's first sample, and for its last, s. */
const START_S = 5;
const END_S = 3;
/** What the engine is given to do: short, so that it is over soon on a slow computer too. */
const QUERY = { m: 32, n: 16 };
/** No query of it may take longer, s. */
const QUERY_S = 10;

export interface CrossCheckWork {
  readonly own: Meter;
  readonly other: Meter;
  readonly engine: Engine;
  /** the machine's monotonic clock, s */
  readonly clock: () => number;
  readonly signal: AbortSignal;
}

/**
 * Reads two meters at once, first idle and then while the engine works, and compares them. It takes some seconds, at
 * the most some twenty, and never fails: whatever goes wrong, there is nothing to say.
 * @returns undefined where nothing could be compared
 */
export async function crossCheck(work: CrossCheckWork): Promise<CrossCheck | undefined> {
  const { own, other, engine, clock, signal } = work;
  const stop = new AbortController();
  const end = (): void => stop.abort();
  signal.addEventListener('abort', end, { once: true });
  const readings = [own, other].map((meter) => new Reading(meter, stop.signal, clock));
  try {
    if (signal.aborted) return undefined;
    const started = await Promise.all(readings.map((reading) => reading.reaches(-Infinity, START_S)));
    const idleUntilS = clock() + IDLE_S;
    if (!started.every((each) => each)) return undefined;
    await Promise.all(readings.map((reading) => reading.reaches(idleUntilS, IDLE_S + END_S)));
    const busyUntilS = clock() + BUSY_S;
    for (let seed = 1; clock() < busyUntilS && !signal.aborted; seed += 1) {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(QUERY_S * 1000)]);
      await engine.query(QUERY.m, QUERY.n, { seed, signal: limit });
    }
    await own.mark?.();
    const endS = clock();
    await Promise.all(readings.map((reading) => reading.reaches(endS, END_S)));
    const [mine, theirs] = readings.map(({ samples }) => samples);
    if (signal.aborted) return undefined;
    return compareMeters({ info: own.info, samples: mine! }, { info: other.info, samples: theirs! });
  } catch {
    // The engine failed at it: the run will say so itself.
    return undefined;
  } finally {
    signal.removeEventListener('abort', end);
    stop.abort();
    await Promise.all(readings.map(({ ended }) => ended));
  }
}

/** What a comparison found, as an event of the run. */
export function crossCheckEvent(check: CrossCheck, atS: number): RunEvent {
  return { atS, kind: 'cross-check', message: crossCheckSentence(check), crossCheck: check };
}

/** A meter that is read in the background. */
class Reading {
  readonly samples: EnergySample[] = [];
  readonly ended: Promise<void>;
  #over = false;
  readonly #waiting = new Set<() => void>();

  constructor(
    meter: Meter,
    signal: AbortSignal,
    private readonly clock: () => number,
  ) {
    this.ended = this.#read(meter, signal);
  }

  async #read(meter: Meter, signal: AbortSignal): Promise<void> {
    try {
      for await (const sample of meter.samples(signal)) {
        this.samples.push(sample);
        this.#wake();
      }
    } catch {
      // A meter that fails here has said nothing; the run's own says why when it is read for the run.
    } finally {
      this.#over = true;
      this.#wake();
    }
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }

  /** Waits until a sample ends at or after a time. @returns false when the meter ends or the limit passes first */
  async reaches(timeS: number, limitS: number): Promise<boolean> {
    const untilS = this.clock() + limitS;
    for (;;) {
      if ((this.samples.at(-1)?.endS ?? NaN) >= timeS) return true;
      const leftS = untilS - this.clock();
      if (this.#over || leftS <= 0) return false;
      await new Promise<void>((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          this.#waiting.delete(done);
          resolve();
        };
        const timer = setTimeout(done, leftS * 1000);
        this.#waiting.add(done);
      });
    }
  }
}
