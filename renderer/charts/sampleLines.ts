import type { EnergySample, Span } from '#core/meter';
import { RAILS } from '#core/profile';
import { thin, type Point, type RailLine } from './powerTrace.ts';

/** Up to so many samples are drawn each at its length; of more, the least and largest of each stretch. */
const MOST_STEPS = 1500;
/** Time between two samples above which the line is broken, as a part of the sample before it. */
const GAP = 0.5;

/** The power of raw samples by rail: a step as long as each sample, and a break where nothing was measured. */
export function sampleLines(samples: readonly EnergySample[], span: Span): RailLine[] {
  return RAILS.flatMap((rail): RailLine[] => {
    const own = samples.filter((sample) => sample.energyJ[rail] !== undefined);
    if (own.length === 0) return [];
    const power = ({ startS, endS, energyJ }: EnergySample): number => energyJ[rail]! / (endS - startS);
    if (own.length > MOST_STEPS) {
      const x = own.map(({ startS, endS }) => (startS + endS) / 2);
      return [{ rail, points: thin(x, own.map(power), span, MOST_STEPS / 2) }];
    }
    const points: Point[] = [];
    own.forEach((sample, i) => {
      const before = own[i - 1];
      const gapS = before === undefined ? 0 : sample.startS - before.endS;
      if (before !== undefined && gapS > GAP * (before.endS - before.startS)) {
        points.push({ x: before.endS, y: NaN });
      }
      points.push({ x: sample.startS, y: power(sample) }, { x: sample.endS, y: power(sample) });
    });
    return [{ rail, points }];
  });
}
