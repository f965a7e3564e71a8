import type { RailEnergy } from '#core/meter';
import { RAILS } from '#core/profile';
import type { TraceFacts, TraceSample } from '#core/traceReport';

/** Power read at an instant: the mean since the reading before it. */
export interface PowerReading {
  readonly atS: number;
  readonly powerW: RailEnergy;
}

/** A reading that comes later than five usual intervals, and by more than this, leaves a gap. */
const LATE_S = 0.5;
const REMEMBERED = 31;

/**
 * Gives readings of power their spans. Each stands for the time since the one before; the first for as long as the
 * second. After a gap a reading stands for a usual interval, not for the time in which nobody looked.
 */
export function spansOf(facts: TraceFacts): {
  push: (reading: PowerReading) => TraceSample[];
  end: () => void;
} {
  const recent: number[] = [];
  let first: PowerReading | undefined;
  let last: PowerReading | undefined;
  let backwards = 0;

  const usual = (): number => [...recent].sort((a, b) => a - b)[Math.floor(recent.length / 2)]!;
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
      if (last === undefined) {
        first = last = reading;
        return [];
      }
      const step = reading.atS - last.atS;
      if (!(step > 0)) {
        backwards += 1;
        if (backwards === 1) {
          facts.warnings.push({
            kind: 'time-runs-back',
            message: 'Readings whose time is not after the one before were left out.',
          });
        }
        return [];
      }
      last = reading;
      const late = recent.length > 0 && step > 5 * usual() && step - usual() > LATE_S;
      if (!late) {
        recent.push(step);
        if (recent.length > REMEMBERED) recent.shift();
      }
      const samples = [span(reading, late ? usual() : step)];
      if (first !== undefined) samples.unshift(span(first, step));
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
