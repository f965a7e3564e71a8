import type { EnergySample } from '#core/meter';

/** Samples on their way from a meter to whoever iterates, in order; nothing is dropped. */
export interface SampleQueue extends AsyncIterable<EnergySample> {
  push(sample: EnergySample): void;
  /** Ends the iteration once what was pushed has been taken. */
  end(): void;
  /** As `end`, with an error. */
  fail(error: unknown): void;
}

/**
 * @param signal ends the iteration when it aborts; what was pushed before is still handed out
 * @param release called once when the iteration is over, for whatever reason
 */
export function sampleQueue(signal: AbortSignal, release: () => void | Promise<void>): SampleQueue {
  const waiting: EnergySample[] = [];
  let over: { error?: unknown } | undefined;
  let wake: (() => void) | undefined;
  const finish = (how: { error?: unknown }): void => {
    over ??= how;
    wake?.();
  };
  const aborted = (): void => finish({});
  if (signal.aborted) aborted();
  else signal.addEventListener('abort', aborted, { once: true });
  return {
    push: (sample) => {
      if (over !== undefined) return;
      waiting.push(sample);
      wake?.();
    },
    end: () => finish({}),
    fail: (error) => finish({ error }),
    async *[Symbol.asyncIterator]() {
      try {
        for (;;) {
          for (let sample = waiting.shift(); sample !== undefined; sample = waiting.shift()) yield sample;
          if (over !== undefined) break;
          await new Promise<void>((resolve) => (wake = resolve));
          wake = undefined;
        }
        if ('error' in over) throw over.error;
      } finally {
        signal.removeEventListener('abort', aborted);
        await release();
      }
    },
  };
}
