import type { EnergySample, RailEnergy, Span, WindowEnergy } from '../meter.ts';
import { RAILS, type Rail } from '../profile.ts';

/** Sums up the energy of spans while the samples of a log go by. */
export interface SpanEnergy {
  /** @param sample not before the one before it began */
  add: (sample: EnergySample) => void;
  /** the energy of each span, in the order in which the spans were given */
  result: () => WindowEnergy[];
}

/**
 * Energy of any spans by proportional overlap, as `energyIn` has it for one: a log is read once, whatever its length,
 * and held in no memory.
 * @param spans in any order; they may overlap, and those without a length have no energy
 * @param only rails that count; others are left out
 */
export function spanEnergy(spans: readonly Span[], only: readonly Rail[] = RAILS): SpanEnergy {
  const order = spans.map((_, index) => index).sort((a, b) => spans[a]!.startS - spans[b]!.startS);
  const covered = new Float64Array(spans.length);
  const samples = new Uint32Array(spans.length);
  const sums = new Map<Rail, { energy: Float64Array; samples: Uint32Array }>();
  let next = 0;
  let open: number[] = [];

  const sumsOf = (rail: Rail): { energy: Float64Array; samples: Uint32Array } => {
    let found = sums.get(rail);
    if (found === undefined) {
      found = { energy: new Float64Array(spans.length), samples: new Uint32Array(spans.length) };
      sums.set(rail, found);
    }
    return found;
  };
  const addTo = (index: number, { startS, endS, energyJ }: EnergySample): void => {
    const overlap = Math.min(endS, spans[index]!.endS) - Math.max(startS, spans[index]!.startS);
    if (!(overlap > 0)) return;
    const part = overlap / (endS - startS);
    covered[index]! += overlap;
    samples[index]! += 1;
    for (const rail of only) {
      const energy = energyJ[rail];
      if (energy === undefined) continue;
      const sum = sumsOf(rail);
      sum.energy[index]! += part * energy;
      sum.samples[index]! += 1;
    }
  };

  return {
    add: (sample) => {
      while (next < order.length && spans[order[next]!]!.startS < sample.endS) open.push(order[next++]!);
      if (open.length === 0) return;
      let over = false;
      for (const index of open) {
        addTo(index, sample);
        if (spans[index]!.endS <= sample.startS) over = true;
      }
      if (over) open = open.filter((index) => spans[index]!.endS > sample.startS);
    },
    result: () =>
      spans.map(({ startS, endS }, index) => {
        const energyJ: RailEnergy = {};
        for (const rail of only) {
          const sum = sums.get(rail);
          if (sum !== undefined && samples[index]! > 0 && sum.samples[index] === samples[index]) {
            energyJ[rail] = sum.energy[index]!;
          }
        }
        const coverage = endS > startS ? Math.min(1, covered[index]! / (endS - startS)) : 0;
        return { energyJ, coverage, samples: samples[index]! };
      }),
  };
}

/**
 * The mean power over equal steps of a part of a log, as energies of whole steps; steps without a sample are absent.
 * @param points steps, at least 1
 */
export function powerSteps(
  samples: Iterable<EnergySample>,
  part: Span,
  points: number,
  only: readonly Rail[],
): EnergySample[] {
  const length = (part.endS - part.startS) / points;
  if (!(length > 0)) return [];
  const steps = Array.from({ length: points }, (_, i) => ({
    startS: part.startS + i * length,
    endS: part.startS + (i + 1) * length,
  }));
  const energies = spanEnergy(steps, only);
  for (const sample of samples) energies.add(sample);
  return energies.result().flatMap(({ energyJ, coverage }, i) => {
    if (!(coverage > 0)) return [];
    const whole: RailEnergy = {};
    for (const rail of only) if (energyJ[rail] !== undefined) whole[rail] = energyJ[rail] / coverage;
    return [{ ...steps[i]!, energyJ: whole }];
  });
}
