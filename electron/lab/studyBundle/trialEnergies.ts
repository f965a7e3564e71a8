import type { EnergySample } from '#core/meter';
import type { Trial } from '#core/trial';
import { checkEnergies, onTrialClock } from '#core/trialSamples';
import type { Difference } from '#core/studyBundle';

/** Computes the energies of trials anew while their samples pass by; no more of those is kept than a trial needs. */
export class TrialEnergies {
  compared = 0;
  /** energies whose places are not told, so that they cannot be computed anew */
  untold = 0;
  readonly differing: Difference[] = [];
  readonly #run: string;
  readonly #waiting: Trial[];
  #samples: EnergySample[] = [];

  constructor(run: string, trials: readonly Trial[]) {
    this.#run = run;
    this.#waiting = [...trials].sort((a, b) => a.startS - b.startS);
  }

  /** @param samples in time order, after those before */
  push(samples: readonly EnergySample[]): void {
    for (const sample of samples) this.#samples.push(sample);
    const reachedS = this.#samples.at(-1)?.startS ?? -Infinity;
    while (this.#waiting[0] !== undefined && reachedS + shiftOf(this.#waiting[0]) >= this.#waiting[0].endS) {
      this.#checkNext();
    }
  }

  /** After the last samples: the trials that are left. */
  end(): void {
    while (this.#waiting.length > 0) this.#checkNext();
  }

  #checkNext(): void {
    const trial = this.#waiting.shift()!;
    // Trials do not overlap, and clocks are off by seconds at the most.
    const fromS = trial.startS - shiftOf(trial) - CLOCKS_OFF_S;
    this.#samples = this.#samples.filter(({ endS }) => endS > fromS);
    for (const { what, addsUp, storedJ, queryJ } of checkEnergies(
      trial,
      onTrialClock(trial, this.#samples),
    )) {
      if (addsUp === undefined) {
        this.untold += 1;
        continue;
      }
      this.compared += 1;
      if (addsUp) continue;
      this.differing.push({
        path: `${this.#run}, trial ${trial.index}, ${what}, J a query`,
        stated: String(storedJ ?? 'absent'),
        recomputed: String(queryJ ?? 'absent'),
      });
    }
  }
}

const CLOCKS_OFF_S = 10;

function shiftOf({ clockShiftS = 0 }: Trial): number {
  return clockShiftS;
}
