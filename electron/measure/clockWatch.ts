import { estimateOffset, isShift, shifted, type ClockOffset } from '#core/clock';
import type { EnergySample, MeterInfo, Span } from '#core/meter';
import type { SampleFeed } from './sampleFeed.ts';

/** The clock is looked at after each of so many windows; if it agrees then, it is left alone. */
const LOOKS = 12;
/** One edge may be chance: so many windows are looked at first. */
const LEAST_WINDOWS = 2;
/** No meter that prints as it measures is later than this, s. */
export const MOST_SHIFT_S = 3;
/** Samples of a long idle time before the first window tell no more than those of a short one, s. */
const BEFORE_S = 20;

/**
 * Looks whether a meter's samples lie where the work was. Samples that a meter prints are placed by their receipt,
 * so they may all be late by the same time; then a window would get the energy of another time. Until that is known
 * all samples are kept, so that the windows made so far can be read anew. Samples themselves are never changed.
 */
export class ClockWatch {
  readonly #samples: EnergySample[] = [];
  readonly #busy: Span[] = [];
  #looks = 0;
  #open: boolean;
  /** to be added to the samples' times, s; 0 while nothing speaks for a shift */
  shiftS = 0;

  constructor(
    private readonly feed: SampleFeed,
    info: MeterInfo,
  ) {
    this.#open = isPlacedByReceipt(info);
  }

  /** Whether it is still to be found out. */
  get open(): boolean {
    return this.#open;
  }

  take(sample: EnergySample): void {
    if (!this.#open) return;
    this.#samples.push(sample);
    if (this.#busy.length > 0) return;
    while (sample.endS - this.#samples[0]!.endS > BEFORE_S) this.#samples.shift();
  }

  /** A window in which the engine worked, as it was by the engine's own clock. */
  worked(window: Span): void {
    if (this.#open) this.#busy.push(window);
  }

  /** The samples of a span, with their times as they are to be read. */
  within({ startS, endS }: Span): readonly EnergySample[] {
    const raw = { startS: startS - this.shiftS, endS: endS - this.shiftS };
    const samples = this.#open
      ? this.#samples.filter((sample) => sample.endS > raw.startS && sample.startS < raw.endS)
      : this.feed.within(raw);
    return this.shiftS === 0 ? samples : shifted(samples, this.shiftS);
  }

  /**
   * Compares once after each window.
   * @returns the offset, where the clocks differ: it is then in `shiftS`, and `close` is due once the windows so far
   * have been read anew
   */
  look(): ClockOffset | undefined {
    if (!this.#open || this.#busy.length < LEAST_WINDOWS || this.#busy.length === this.#looks)
      return undefined;
    this.#looks = this.#busy.length;
    const lengths = this.#samples.map(({ startS, endS }) => endS - startS).sort((a, b) => a - b);
    const offset = estimateOffset(this.#samples, this.#busy, MOST_SHIFT_S);
    if (offset !== undefined && isShift(offset, lengths[Math.floor(lengths.length / 2)]!)) {
      this.shiftS = offset.shiftS;
      return offset;
    }
    if (this.#looks >= LOOKS) this.close();
    return undefined;
  }

  /** Ends the looking, and lets go of what was kept for it. */
  close(): void {
    this.#open = false;
    this.#samples.length = 0;
    this.#busy.length = 0;
  }
}

/** Counters are read on our clock, a stated power has no time, and a replayed trace does not follow the engine. */
function isPlacedByReceipt({ counters, estimate, kind }: MeterInfo): boolean {
  return !counters && !estimate && kind !== 'replay';
}
