import { z } from 'zod';
import { BOUNDARIES, RAILS, type Rail } from './profile.ts';

/** The kinds of meters, by the names that the command line knows. */
export const METER_KINDS = [
  'ioreport',
  'powermetrics',
  'macmon',
  'rapl',
  'nvidia-smi',
  'replay',
  'estimate',
] as const;
export type MeterKind = (typeof METER_KINDS)[number];

/** What a meter is and what it counts. */
export const meterInfoSchema = z.strictObject({
  kind: z.enum(METER_KINDS),
  /** for people: "IOReport", "replay of cinebench.txt" */
  name: z.string().min(1),
  /** the rails that it reads, where known before the first sample */
  rails: z.array(z.enum(RAILS)),
  boundary: z.enum(BOUNDARIES),
  /** true when the energy is computed from a stated power, not read */
  estimate: z.boolean(),
  /** true when it reads energy counters, which have no sampling error inside a window */
  counters: z.boolean(),
  /** asked-for time between samples, s */
  requestedS: z.number().positive().optional(),
});
export type MeterInfo = z.output<typeof meterInfoSchema>;

/** Energy by rail, J. A rail that was not measured is absent: absent is not zero. */
export type RailEnergy = Partial<Record<Rail, number>>;

/** The energy that a meter counted over a span of the monotonic clock. */
export interface EnergySample {
  /** start and end of the span, s on the machine's monotonic clock */
  readonly startS: number;
  readonly endS: number;
  readonly energyJ: RailEnergy;
  /** share of the CPU energy that the engine's processes caused, 0 to 1, where the meter tells */
  readonly cpuShare?: number;
}

/** A span of time, s on the monotonic clock. */
export interface Span {
  readonly startS: number;
  readonly endS: number;
}

/** The energy of a window. */
export interface WindowEnergy {
  /** by rail, J; only rails that every overlapping sample has */
  readonly energyJ: RailEnergy;
  /** measured time over the window's length, 0 to 1 */
  readonly coverage: number;
  readonly samples: number;
}

/**
 * Energy of a window by proportional overlap: a sample that straddles an edge counts in proportion to its part
 * inside. Time that no sample covers adds nothing; `coverage` tells how much there was.
 * @param samples in time order; spans may have gaps, and must not overlap
 * @param window with a length above 0
 */
export function energyIn(samples: readonly EnergySample[], window: Span): WindowEnergy {
  const energy = new Map<Rail, number>();
  let rails: Set<Rail> | undefined;
  let covered = 0;
  let count = 0;
  for (const sample of samples) {
    const overlap = Math.min(sample.endS, window.endS) - Math.max(sample.startS, window.startS);
    if (!(overlap > 0)) continue;
    const present = RAILS.filter((rail) => sample.energyJ[rail] !== undefined);
    rails = rails === undefined ? new Set(present) : new Set(present.filter((rail) => rails!.has(rail)));
    const part = overlap / (sample.endS - sample.startS);
    for (const rail of present) energy.set(rail, (energy.get(rail) ?? 0) + part * sample.energyJ[rail]!);
    covered += overlap;
    count += 1;
  }
  const energyJ: RailEnergy = {};
  for (const rail of rails ?? []) energyJ[rail] = energy.get(rail)!;
  return { energyJ, coverage: Math.min(1, covered / (window.endS - window.startS)), samples: count };
}

/** Sum of the rails of an energy, J; undefined when there is none. */
export function totalOf(energy: RailEnergy): number | undefined {
  const present = RAILS.filter((rail) => energy[rail] !== undefined);
  if (present.length === 0) return undefined;
  return present.reduce((total, rail) => total + energy[rail]!, 0);
}
