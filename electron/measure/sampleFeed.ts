import { totalOf, type EnergySample, type Span } from '#core/meter';
import type { Meter } from '../meters/meter.ts';

/** How long samples are kept for windows that are still open, s. Longer windows keep theirs from `keepFrom` on. */
const KEPT_S = 60;
const FORGOTTEN_AT_ONCE = 256;

/**
 * Reads a meter in the background and keeps what an open window still needs.
 * Times pass through unchanged: s on the machine's monotonic clock.
 */
export class SampleFeed {
  readonly #recent: EnergySample[] = [];
  readonly #stop = new AbortController();
  readonly #waiting = new Set<() => void>();
  readonly #ended: Promise<void>;
  #failure: unknown;
  #keepFromS = Infinity;

  /** @param take gets every sample once, in order */
  constructor(
    readonly meter: Meter,
    private readonly take: (sample: EnergySample) => void,
  ) {
    this.#ended = this.#read();
  }

  async #read(): Promise<void> {
    try {
      for await (const sample of this.meter.samples(this.#stop.signal)) {
        this.#recent.push(sample);
        this.#forget(sample.endS);
        this.take(sample);
        this.#wake();
      }
    } catch (thrown) {
      this.#failure = thrown;
    } finally {
      this.#wake();
    }
  }

  #forget(nowS: number): void {
    const edge = Math.min(this.#keepFromS, nowS - KEPT_S);
    let past = 0;
    while (past < this.#recent.length && this.#recent[past]!.endS < edge) past += 1;
    // Taking the first of tens of thousands away moves all the others: done for many at once.
    if (past >= FORGOTTEN_AT_ONCE) this.#recent.splice(0, past);
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }

  /** Keeps samples from this time on, until the next call. */
  keepFrom(startS: number): void {
    this.#keepFromS = startS;
  }

  /** The samples that overlap a span, as far as they are here. */
  within(span: Span): readonly EnergySample[] {
    return this.#recent.filter((sample) => sample.endS > span.startS && sample.startS < span.endS);
  }

  /** Mean total power over the last so many seconds, W; undefined without a sample. */
  recentPower(seconds: number): number | undefined {
    const last = this.#recent.at(-1);
    if (last === undefined) return undefined;
    let energy = 0;
    let time = 0;
    for (let i = this.#recent.length - 1; i >= 0 && time < seconds; i--) {
      const sample = this.#recent[i]!;
      energy += totalOf(sample.energyJ) ?? 0;
      time += sample.endS - sample.startS;
    }
    return energy / time;
  }

  /** The next sample, or undefined when `limitMs` pass or the signal aborts first. */
  next(limitMs: number, signal?: AbortSignal): Promise<EnergySample | undefined> {
    this.#throwFailure();
    const before = this.#recent.at(-1);
    return new Promise((resolve, reject) => {
      const finish = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', finish);
        this.#waiting.delete(finish);
        if (this.#failure !== undefined) {
          reject(this.#failure as Error);
          return;
        }
        const now = this.#recent.at(-1);
        resolve(now === before ? undefined : now);
      };
      const timer = setTimeout(finish, limitMs);
      signal?.addEventListener('abort', finish, { once: true });
      this.#waiting.add(finish);
    });
  }

  /**
   * Waits until samples reach a time, or `limitS` pass without them (a slow meter's last sample is then missing
   * from the window, which its coverage shows).
   * @throws LabError what the meter failed with
   */
  async reach(timeS: number, limitS: number, clock: () => number, signal: AbortSignal): Promise<void> {
    const until = clock() + limitS;
    while (!signal.aborted) {
      this.#throwFailure();
      if ((this.#recent.at(-1)?.endS ?? -Infinity) >= timeS) return;
      const left = until - clock();
      if (left <= 0) return;
      await this.next(left * 1000, signal);
    }
  }

  /** @throws LabError what the meter failed with, if it did */
  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure as Error;
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#ended;
  }
}
