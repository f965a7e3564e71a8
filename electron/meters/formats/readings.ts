import type { RailEnergy } from '#core/meter';
import { RAILS } from '#core/profile';
import { FIRST_READING, LEFT_OUT, readingLengths } from '#core/readingLengths';
import type { TraceFacts, TraceSample } from '#core/traceReport';

/** Power read at an instant: the mean since the reading before it. */
export interface PowerReading {
  readonly atS: number;
  readonly powerW: RailEnergy;
}

/**
 * Gives readings of power their spans. Each stands for the time since the one before; the first for as long as the
 * second. After a gap a reading stands for a usual interval, not for the time in which nobody looked.
 */
export function spansOf(facts: TraceFacts): {
  push: (reading: PowerReading) => TraceSample[];
  end: () => void;
} {
  const lengthOf = readingLengths();
  let first: PowerReading | undefined;
  let backwards = 0;

  const span = ({ atS, powerW }: PowerReading, lengthS: number): TraceSample => {
    const energyJ: RailEnergy = {};
    for (const rail of RAILS) {
      const power = powerW[rail];
      if (power !== undefined) energyJ[rail] = power * lengthS;
    }
    return { startS: atS - lengthS, endS: atS, energyJ };
  };

  return {
    push: (reading) => {
      const lengthS = lengthOf(reading.atS);
      if (lengthS === FIRST_READING) {
        first = reading;
        return [];
      }
      if (lengthS === LEFT_OUT) {
        backwards += 1;
        if (backwards === 1) {
          facts.warnings.push({
            kind: 'time-runs-back',
            message: 'Readings whose time is not after the one before were left out.',
          });
        }
        return [];
      }
      const samples = [span(reading, lengthS)];
      if (first !== undefined) samples.unshift(span(first, lengthS));
      first = undefined;
      return samples;
    },
    end: () => {
      if (first === undefined) return;
      facts.aloneW = first.powerW;
      facts.warnings.push({
        kind: 'single-reading',
        message: 'The log has one reading alone: it tells a power, but no time and so no energy.',
      });
    },
  };
}
