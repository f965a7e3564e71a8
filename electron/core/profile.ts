import { z } from 'zod';
import { LabError } from './errors.ts';
import { countedTwice, eachRail, railNames, RAILS, type Rail } from './rails.ts';
import { leastSquares, type Fit } from './statistics.ts';
import { trialValueSchema, trialValuesFault } from './trialValues.ts';
import {
  joules,
  joulesPerToken,
  meanPower,
  seconds,
  tokens,
  type Joules,
  type JoulesPerToken,
  type Tokens,
  type Watts,
} from './units.ts';

export { RAILS, railNames, type Rail } from './rails.ts';

/** Which energy a profile counts. */
export const BOUNDARIES = ['gpu', 'gpu+cpu', 'soc', 'machine', 'wall'] as const;
export type Boundary = (typeof BOUNDARIES)[number];

/** How the cells lie: two sweeps (one axis varied at a time), a full grid, or cells of the user's choice. */
export const DESIGNS = ['sweeps', 'grid', 'cells'] as const;

const identifier = z
  .string()
  .regex(/^[a-z0-9][a-z0-9.-]*$/, 'an id has lower-case letters, digits, dots and dashes only');
const positive = z.number().positive().finite();
const finite = z.number().finite();
const notNegative = finite.nonnegative();
const tokenCount = z.number().int().positive();

const railEnergies = z.strictObject({ total: positive, ...eachRail });

/** One (m, n) with the means over its trials. Energy in J, runtime in s, per query. */
export const cellSchema = z.strictObject({
  /** input tokens of the cell */
  m: tokenCount,
  /** output tokens of the cell */
  n: tokenCount,
  /** in a profile of two sweeps: the axis that was varied when this cell was measured */
  sweep: z.enum(['input', 'output']).optional(),
  trials: z.number().int().positive(),
  /** mean of input plus output tokens over the trials, where they differed from m + n */
  tokensMean: positive.optional(),
  energyJ: railEnergies,
  /** sample standard deviation of the total energy over the trials */
  sdEnergyJ: notNegative.optional(),
  /**
   * what of it the query added to the idle computer, by rail, where an idle baseline was measured; the total only
   * where every rail of `energyJ` has it. Slightly negative within noise is possible.
   */
  aboveIdleJ: z.strictObject({ total: finite.optional(), ...eachRail }).optional(),
  /** sample standard deviation of the total above idle over the trials */
  sdAboveIdleJ: notNegative.optional(),
  runtimeS: positive,
  sdRuntimeS: notNegative.optional(),
  /**
   * each trial's own values, where they are kept: all of its trials, in the order in which they were measured. The means
   * and standard deviations above are theirs.
   */
  trialValues: z.array(trialValueSchema).min(1).optional(),
  /** the means as published, under the source's own selection of trials */
  published: z
    .strictObject({ trials: z.number().int().positive(), jPerToken: positive, runtimeS: positive })
    .optional(),
  /** why the figure cannot be right, where it is kept as its source published it */
  doubt: z.string().min(1).optional(),
});
export type Cell = z.output<typeof cellSchema>;

export const profileSchema = z
  .strictObject({
    format: z.literal('crossover-profile'),
    version: z.literal(1),
    id: identifier,
    name: z.string().min(1),
    system: z.strictObject({
      id: identifier,
      name: z.string().min(1),
      /** short name, for charts and sentences */
      label: z.string().min(1),
      place: z.enum(['mac', 'gpu', 'other']),
      hardware: z.string().min(1),
    }),
    model: z.strictObject({ id: identifier, name: z.string().min(1) }),
    design: z.enum(DESIGNS),
    /** true when the energy was estimated, not measured */
    estimate: z.boolean(),
    conditions: z.strictObject({
      engine: z.string().min(1),
      precision: z.string().min(1),
      kvCache: z.boolean(),
      batch: z.number().int().positive(),
      gpus: z.number().int().nonnegative(),
      /** the batch size that the source's tables record, where it is not the real one */
      recordedBatch: z.number().int().positive().optional(),
    }),
    rails: z.array(z.enum(RAILS)).min(1),
    /** mean power of the idle computer by rail, W, where it was measured */
    idleW: z.partialRecord(z.enum(RAILS), notNegative).optional(),
    boundary: z.enum(BOUNDARIES),
    boundaryNote: z.string().min(1),
    source: z.strictObject({
      title: z.string().min(1),
      authors: z.string().min(1),
      doi: z.string().optional(),
      arxiv: z.string().optional(),
      repository: z.string().optional(),
      commit: z.string().optional(),
      note: z.string().optional(),
    }),
    notes: z.array(z.string().min(1)).default([]),
    cells: z.array(cellSchema).min(1),
  })
  .superRefine((profile, context) => {
    const seen = new Set<string>();
    profile.cells.forEach((cell, index) => {
      const say = (message: string): void =>
        void context.addIssue({ code: 'custom', message, path: ['cells', index] });
      const key = `${cell.sweep ?? ''} ${cell.m} ${cell.n}`;
      if (seen.has(key)) say(`the cell m = ${cell.m}, n = ${cell.n} occurs twice`);
      seen.add(key);
      if (profile.design === 'sweeps' && cell.sweep === undefined)
        say('a cell of a sweep must name its sweep');
      const present = RAILS.filter((rail) => cell.energyJ[rail] !== undefined);
      if (present.join() !== RAILS.filter((rail) => profile.rails.includes(rail)).join()) {
        say(`the rails (${present.join(', ')}) are not those of the profile (${profile.rails.join(', ')})`);
      }
      if (cell.doubt === undefined && present.some((rail) => cell.energyJ[rail]! < 0)) {
        say('an energy is negative; a cell kept as published all the same must say so under "doubt"');
      }
      const parts = present.reduce((total, rail) => total + cell.energyJ[rail]!, 0);
      if (Math.abs(parts - cell.energyJ.total) > SUM_TOLERANCE * cell.energyJ.total) {
        say(`the rails add up to ${parts} J, the total says ${cell.energyJ.total} J`);
      }
      for (const fault of [aboveIdleFault(cell), trialValuesFault(cell)]) if (fault !== undefined) say(fault);
    });
    const strange = RAILS.filter(
      (rail) => profile.idleW?.[rail] !== undefined && !profile.rails.includes(rail),
    );
    if (strange.length > 0) {
      context.addIssue({
        code: 'custom',
        message: `there is an idle power of ${railNames(strange)}, which the profile does not count`,
        path: ['idleW'],
      });
    }
  });

/** What is wrong with a cell's energy above idle, a phrase; undefined when nothing is, or there is none. */
function aboveIdleFault({ energyJ, aboveIdleJ, sdAboveIdleJ }: Cell): string | undefined {
  const present = RAILS.filter((rail) => aboveIdleJ?.[rail] !== undefined);
  const strange = present.filter((rail) => energyJ[rail] === undefined);
  if (strange.length > 0)
    return `the energy above idle has rails that are not counted: ${strange.join(', ')}`;
  const total = aboveIdleJ?.total;
  if (total === undefined) {
    return sdAboveIdleJ === undefined ? undefined : 'there is a spread above idle, but no total';
  }
  if (RAILS.some((rail) => energyJ[rail] !== undefined && aboveIdleJ?.[rail] === undefined)) {
    return 'the total above idle is there, but not every rail of it';
  }
  const parts = present.reduce((sum, rail) => sum + aboveIdleJ![rail]!, 0);
  // The rails may cancel out, so it is the gross energy that says what a rounding error is.
  if (Math.abs(parts - total) <= SUM_TOLERANCE * Math.max(energyJ.total, Math.abs(total))) return undefined;
  return `the rails above idle add up to ${parts} J, the total says ${total} J`;
}

/** Figures come with six significant digits, so a total may differ from the sum of its rails by that much. */
const SUM_TOLERANCE = 1e-4;

/** What an LLM query costs on one system with one model, cell by cell. */
export type Profile = z.output<typeof profileSchema>;

/** Where a profile in the lab comes from. */
export type ProfileKind = 'bundled' | 'measured' | 'imported';

/**
 * Validates the content of a profile file.
 * @param document parsed YAML or JSON
 * @param where the file's name, for the message
 * @throws LabError "bad-profile" naming the first fields that are wrong
 */
export function parseProfile(document: unknown, where: string): Profile {
  const result = profileSchema.safeParse(document);
  const fault = result.success ? railsFault(result.data) : firstIssues(result.error);
  if (result.success && fault === undefined) return result.data;
  throw new LabError(
    'bad-profile',
    `${where} is not a Crossover profile: ${fault}.`,
    'Nothing was read from it. Mend the file; profiles/README.md describes the form.',
  );
}

/** Where the rails of a profile cannot be added up to its totals, a phrase; undefined where they can. */
export function railsFault({ rails }: Pick<Profile, 'rails'>): string | undefined {
  const twice = countedTwice(rails);
  return (
    twice &&
    `rails: the ${railNames([twice[0]])} energy holds that of the ${railNames([twice[1]])}, which would be counted twice`
  );
}

/** The first three things that a schema found wrong, as one phrase. */
export function firstIssues(error: z.ZodError): string {
  const named = error.issues
    .slice(0, 3)
    .map((issue) => (issue.path.length > 0 ? `${issue.path.join('.')}: ${issue.message}` : issue.message));
  const more = error.issues.length - named.length;
  return named.join('; ').replace(/\.$/, '') + (more > 0 ? `; and ${more} more` : '');
}

/** Input plus output tokens that a query of the cell really had, in the mean over its trials. */
export function cellTokens(cell: Cell): Tokens {
  return tokens(cell.tokensMean ?? cell.m + cell.n);
}

/**
 * Energy of the cell over some of its rails.
 * @returns undefined when one of the rails was not measured: absent is not zero
 */
export function cellEnergy(cell: Cell, rails: readonly Rail[] | 'total' = 'total'): Joules | undefined {
  if (rails === 'total') return joules(cell.energyJ.total);
  let total = 0;
  for (const rail of rails) {
    const part = cell.energyJ[rail];
    if (part === undefined) return undefined;
    total += part;
  }
  return joules(total);
}

/**
 * Energy of the cell above the idle baseline, over some of its rails; slightly negative within noise is possible.
 * @returns undefined when it is not known of one of the rails: absent is not zero
 */
export function cellAboveIdle(cell: Cell, rails: readonly Rail[] | 'total' = 'total'): Joules | undefined {
  if (rails === 'total')
    return cell.aboveIdleJ?.total === undefined ? undefined : joules(cell.aboveIdleJ.total);
  let total = 0;
  for (const rail of rails) {
    const part = cell.aboveIdleJ?.[rail];
    if (part === undefined) return undefined;
    total += part;
  }
  return joules(total);
}

/** What can be read off a cell, with the standard deviation over trials where there is one. */
export interface Reading {
  readonly mean: number;
  readonly sd?: number;
}

/** The quantities a profile can be looked at by, with their units. */
export const QUANTITIES = {
  energyPerToken: { label: 'Energy per token', unit: 'J/token' },
  energy: { label: 'Energy per query', unit: 'J' },
  runtime: { label: 'Runtime per query', unit: 's' },
  throughput: { label: 'Throughput', unit: 'tokens/s' },
  power: { label: 'Mean power', unit: 'W' },
} as const;
export type QuantityName = keyof typeof QUANTITIES;

/**
 * One quantity of a cell. Standard deviations of ratios are first-order: only the numerator's is known to vary
 * (for throughput and power by energy or runtime alone), so those of power are left out.
 */
export function readCell(cell: Cell, quantity: QuantityName): Reading {
  const total = cellTokens(cell);
  const withSd = (mean: number, sd: number | undefined): Reading =>
    sd === undefined ? { mean } : { mean, sd };
  switch (quantity) {
    case 'energyPerToken':
      return withSd(
        energyPerToken(joules(cell.energyJ.total), total),
        cell.sdEnergyJ === undefined ? undefined : cell.sdEnergyJ / total,
      );
    case 'energy':
      return withSd(cell.energyJ.total, cell.sdEnergyJ);
    case 'runtime':
      return withSd(cell.runtimeS, cell.sdRuntimeS);
    case 'throughput': {
      const mean = total / cell.runtimeS;
      return withSd(
        mean,
        cell.sdRuntimeS === undefined ? undefined : (mean * cell.sdRuntimeS) / cell.runtimeS,
      );
    }
    case 'power':
      return { mean: cellPower(cell) };
  }
}

/** Energy of a query divided by all its tokens, input and output. */
export function energyPerToken(energy: Joules, total: Tokens): JoulesPerToken {
  return joulesPerToken(energy / total);
}

/** Mean power over the query: energy of all measured rails over the runtime. */
export function cellPower(cell: Cell): Watts {
  return meanPower(joules(cell.energyJ.total), seconds(cell.runtimeS));
}

/** The axis along which queries are looked at: input tokens (m) or output tokens (n). */
export type Axis = 'input' | 'output';

/** The nominal length at which the paper held the other axis. */
export const SWEEP_HOLDS = 32;

/**
 * The cells along one axis, in its order. Of two sweeps: the cells of that sweep. Of a grid or free cells: the
 * slice whose other coordinate is nearest to 32 (on a log axis), where the paper held it.
 */
export function axisCells(profile: Profile, axis: Axis): Cell[] {
  const along = (cell: Cell): number => (axis === 'input' ? cell.m : cell.n);
  const across = (cell: Cell): number => (axis === 'input' ? cell.n : cell.m);
  let cells: Cell[];
  if (profile.design === 'sweeps') {
    cells = profile.cells.filter((cell) => cell.sweep === axis);
  } else {
    const distance = (value: number): number => Math.abs(Math.log2(value / SWEEP_HOLDS));
    const counts = new Map<number, number>();
    for (const cell of profile.cells) counts.set(across(cell), (counts.get(across(cell)) ?? 0) + 1);
    const lines = [...counts].filter(([, count]) => count > 1).map(([value]) => value);
    const held = lines.sort((a, b) => distance(a) - distance(b))[0];
    cells = profile.cells.filter((cell) => across(cell) === held);
  }
  return cells.sort((a, b) => along(a) - along(b));
}

/** The thesis's linear model, E = c0 m + c1 n + c2 m n (eq. 5.1), and the same for the runtime. */
export interface LinearModel {
  /** coefficients in J per input token, J per output token, J per product of the two */
  readonly energy: Fit;
  /** coefficients in s per input token, s per output token, s per product of the two */
  readonly runtime: Fit;
}

/**
 * Fits the thesis's linear model by least squares through the origin, cells weighted by their trials.
 * @returns undefined when the profile has too few cells or they lie on one line
 */
export function fitLinear(profile: Profile): LinearModel | undefined {
  const rows = profile.cells.map(({ m, n }) => [m, n, m * n]);
  const weights = profile.cells.map((cell) => cell.trials);
  const energy = leastSquares(
    rows,
    profile.cells.map((cell) => cell.energyJ.total),
    weights,
  );
  const runtime = leastSquares(
    rows,
    profile.cells.map((cell) => cell.runtimeS),
    weights,
  );
  return energy && runtime ? { energy, runtime } : undefined;
}
