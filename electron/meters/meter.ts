import type { EnergySample, MeterInfo } from '#core/meter';

/** A source of energy samples. */
export interface Meter {
  readonly info: MeterInfo;
  /**
   * Samples in the order of time, from the call until the signal aborts (the iteration then ends normally).
   * @throws LabError "meter-lost" when the meter dies, hangs or prints what cannot be read; samples that came
   * before are kept by whoever took them
   */
  samples(signal: AbortSignal): AsyncIterable<EnergySample>;
  /**
   * Takes a reading now, where the meter can be read on demand (counters): it ends the current span, so that a
   * window's edge needs no interpolation. Comes through `samples` like any other.
   */
  mark?(): Promise<void>;
  /**
   * CPU time that the meter's processes and our reading of them have used so far, s, to be compared with what it is
   * later in the same iteration; undefined where it cannot be read. Storing the samples is not counted.
   */
  cpuS?(): Promise<number | undefined>;
}
