import { z } from 'zod';
import { formatNumber } from './format.ts';
import { energyIn, totalOf, type EnergySample, type MeterInfo, type Span } from './meter.ts';
import { truthOf } from './meterTruth.ts';
import { RAILS, railNames, type Rail } from './profile.ts';

/** Two meters over the same time: what each counted. Energies are in J. */
export const crossCheckSchema = z.strictObject({
  /** the other meter's name */
  with: z.string(),
  lengthS: z.number().positive(),
  /** the rails that both have; `plusMinusJ` is what the difference may be for the edges of the time alone */
  rails: z.array(
    z.strictObject({
      rail: z.enum(RAILS),
      energyJ: z.number(),
      otherJ: z.number(),
      plusMinusJ: z.number().nonnegative(),
      agrees: z.boolean(),
    }),
  ),
  /** the whole machine's energy by the other meter, which cannot be less than that of the parts together */
  machine: z
    .strictObject({
      partsJ: z.number(),
      machineJ: z.number(),
      plusMinusJ: z.number().nonnegative(),
      agrees: z.boolean(),
    })
    .optional(),
  agrees: z.boolean(),
});
export type CrossCheck = z.output<typeof crossCheckSchema>;

/** What a meter gave: its samples in time order, and what it says about itself. */
export interface Metered {
  readonly info: MeterInfo;
  readonly samples: readonly EnergySample[];
}

/** Two meters may differ by this part of the larger energy, beyond what the edges explain. */
const WITHIN = 0.1;
/** Powers that differ by less than this say nothing, W: powermetrics rounds to mW, and idle parts draw a few. */
const LEAST_W = 0.02;
const LEAST_COVERAGE = 0.95;

/**
 * Compares two meters rail by rail over the time that both covered.
 * @returns undefined where there is nothing to compare: no common time, gaps in it, or no rail that both have
 */
export function compareMeters(own: Metered, other: Metered): CrossCheck | undefined {
  const span = commonSpan(own.samples, other.samples);
  if (span === undefined) return undefined;
  const [mine, theirs] = [energyIn(own.samples, span), energyIn(other.samples, span)];
  if (mine.coverage < LEAST_COVERAGE || theirs.coverage < LEAST_COVERAGE) return undefined;
  const lengthS = span.endS - span.startS;
  // Time that one of them missed is small here, and is made up for in proportion.
  const ownJ = (rail: Rail): number | undefined => perCoverage(mine.energyJ[rail], mine.coverage);
  const otherJ = (rail: Rail): number | undefined => perCoverage(theirs.energyJ[rail], theirs.coverage);
  const allowed = (larger: number, plusMinusJ: number): number =>
    Math.max(WITHIN * Math.abs(larger), LEAST_W * lengthS) + plusMinusJ;

  const rails = RAILS.flatMap((rail) => {
    const [energyJ, theirJ] = [ownJ(rail), otherJ(rail)];
    if (energyJ === undefined || theirJ === undefined) return [];
    const plusMinusJ = edgesJ(own, [rail]) + edgesJ(other, [rail]);
    const agrees = Math.abs(energyJ - theirJ) <= allowed(Math.max(energyJ, theirJ), plusMinusJ);
    return [{ rail, energyJ, otherJ: theirJ, plusMinusJ, agrees }];
  });
  const parts = RAILS.filter((rail) => ownJ(rail) !== undefined && rail !== 'machine' && rail !== 'wall');
  const machineJ = otherJ('machine');
  const partsJ = parts.reduce((total, rail) => total + ownJ(rail)!, 0);
  const machine =
    machineJ === undefined || parts.length === 0
      ? undefined
      : ((plusMinusJ) => ({
          partsJ,
          machineJ,
          plusMinusJ,
          agrees: machineJ >= partsJ - allowed(partsJ, plusMinusJ),
        }))(edgesJ(own, parts) + edgesJ(other, ['machine']));
  if (rails.length === 0 && machine === undefined) return undefined;
  return {
    with: other.info.name,
    lengthS,
    rails,
    ...(machine === undefined ? {} : { machine }),
    agrees: rails.every(({ agrees }) => agrees) && machine?.agrees !== false,
  };
}

/** What a comparison found, in a sentence or two. */
export function crossCheckSentence({ with: other, lengthS, rails, machine, agrees }: CrossCheck): string {
  const watts = (energyJ: number): string => `${formatNumber(energyJ / lengthS, 2)} W`;
  const found = rails.map(({ rail, energyJ, otherJ, agrees: fine }) => {
    const name = railNames([rail]);
    if (Math.max(energyJ, otherJ) < LEAST_W * lengthS) return `${name} idle in both`;
    return fine && otherJ > 0
      ? `${name} ${formatNumber(energyJ / otherJ, 2)} ×`
      : `${name} ${watts(energyJ)} against ${watts(otherJ)}`;
  });
  if (machine !== undefined) {
    found.push(`the parts ${watts(machine.partsJ)} of the machine's ${watts(machine.machineJ)}`);
  }
  const over = `Compared with ${other} over ${formatNumber(lengthS, 2)} s: ${found.join(', ')}.`;
  return agrees
    ? over
    : `${over} They do not agree: compare them again, or with a meter at the wall, before you trust either.`;
}

/** From the first to the last edge of the other's samples inside the time of our own. */
function commonSpan(own: readonly EnergySample[], other: readonly EnergySample[]): Span | undefined {
  const [first, last] = [own[0], own.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const inside = other.filter(({ startS, endS }) => startS >= first.startS && endS <= last.endS);
  const [startS, endS] = [inside[0]?.startS, inside.at(-1)?.endS];
  return startS !== undefined && endS !== undefined && endS > startS ? { startS, endS } : undefined;
}

const perCoverage = (energyJ: number | undefined, coverage: number): number | undefined =>
  energyJ === undefined ? undefined : energyJ / coverage;

/** What the energy of some rails may be off by for the two edges of the time, where each cuts a sample, J. */
function edgesJ({ info, samples }: Metered, rails: readonly Rail[]): number {
  const only = samples.flatMap(({ startS, endS, energyJ }): EnergySample[] => {
    const kept = Object.fromEntries(
      rails.flatMap((rail) => (rail in energyJ ? [[rail, energyJ[rail]]] : [])),
    );
    return Object.keys(kept).length === 0 || !(endS > startS) ? [] : [{ startS, endS, energyJ: kept }];
  });
  if (only.length === 0) return 0;
  const powers = only.map(({ startS, endS, energyJ }) => totalOf(energyJ)! / (endS - startS));
  const stepW = Math.max(...powers) - Math.min(...powers);
  return truthOf(only, { ...info, counters: false, estimate: false }, { stepW }).plusMinusJ;
}
