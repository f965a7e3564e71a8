import { z } from 'zod';
import { LabError } from '../errors.ts';
import { BOUNDARIES, railNames, RAILS, type Boundary, type Profile, type Rail } from '../profile.ts';
import { outermost } from '../rails.ts';
import type { EnergyRule } from './costCells.ts';

/** The rails of each boundary. */
export const BOUNDARY_RAILS: Readonly<Record<Boundary, readonly Rail[]>> = {
  gpu: ['gpu'],
  'gpu+cpu': ['cpu', 'gpu'],
  soc: ['cpu', 'gpu', 'ane', 'dram'],
  machine: ['machine'],
  wall: ['wall'],
};

const share = z.number().nonnegative().finite();

/** What the user states about a system that its profile does not hold; every result names it. */
export const statedSchema = z.strictObject({
  /** energies of rails that the profile lacks: Σ factor × measured rail + W × runtime */
  rails: z.exactOptional(
    z.array(
      z.strictObject({
        rail: z.enum(RAILS),
        of: z.exactOptional(z.partialRecord(z.enum(RAILS), share)),
        watts: z.exactOptional(share),
      }),
    ),
  ),
  /** power drawn when idle, W */
  idleW: z.exactOptional(share),
  /** power usage effectiveness of the place; counts at the boundary "wall" alone */
  pue: z.exactOptional(z.number().min(1).max(10)),
});
export type Stated = z.output<typeof statedSchema>;

/** A profile with what is stated about its system. */
export interface BoundedSystem {
  readonly profile: Profile;
  readonly stated?: Stated | undefined;
}

/** The energy that is counted, the same on every system. */
export interface CommonBoundary {
  readonly boundary: Boundary;
  readonly rails: readonly Rail[];
  /** for each system what of its energy counts, and how missing rails are filled */
  readonly rules: readonly EnergyRule[];
}

/**
 * The boundary of a comparison. "Like for like" counts the rails that every system has, measured or stated; a
 * boundary asked for by name must be there on every side. Boundaries are never mixed.
 * @throws LabError "incompatible" when the systems share no boundary, or one lacks a rail; "bad-setting" when a
 *   statement does not fit
 */
export function commonBoundary(
  systems: readonly BoundedSystem[],
  asked: Boundary | 'like-for-like',
  idle: EnergyRule['idle'],
): CommonBoundary {
  systems.forEach(checkStated);
  const { boundary, rails } = asked === 'like-for-like' ? sharedBoundary(systems) : named(systems, asked);
  const rules = systems.map(({ profile, stated = {} }): EnergyRule => {
    if (stated.pue !== undefined && boundary !== 'wall') {
      throw new LabError(
        'bad-setting',
        `A PUE is stated for ${profile.name}, but the comparison counts ${railNames(rails)}, not wall power.`,
        'Choose the boundary "wall", or leave the PUE out.',
      );
    }
    return {
      rails,
      idle,
      ...(stated.rails === undefined ? {} : { fills: stated.rails }),
      ...(stated.idleW === undefined ? {} : { idleWatts: stated.idleW }),
      ...(stated.pue === undefined ? {} : { pue: stated.pue }),
    };
  });
  return { boundary, rails, rules };
}

function checkStated({ profile, stated }: BoundedSystem): void {
  for (const { rail, of = {}, watts } of stated?.rails ?? []) {
    const refuse = (why: string): LabError =>
      new LabError(
        'bad-setting',
        `What is stated about the ${railNames([rail])} energy of ${profile.name} ${why}.`,
        `It has measured ${railNames(profile.rails)}. State only what is missing.`,
      );
    if (profile.rails.includes(rail)) throw refuse('is not needed: it was measured');
    const unknown = RAILS.filter((each) => of[each] !== undefined && !profile.rails.includes(each));
    if (unknown.length > 0) throw refuse(`follows ${railNames(unknown)}, which was not measured`);
    if (watts === undefined && Object.keys(of).length === 0) throw refuse('says nothing');
  }
}

/** The rails of a system, measured or stated. */
function railsOf({ profile, stated }: BoundedSystem): readonly Rail[] {
  const filled = stated?.rails?.map(({ rail }) => rail) ?? [];
  return RAILS.filter((rail) => profile.rails.includes(rail) || filled.includes(rail));
}

function named(
  systems: readonly BoundedSystem[],
  boundary: Boundary,
): { boundary: Boundary; rails: readonly Rail[] } {
  const rails = BOUNDARY_RAILS[boundary];
  for (const system of systems) {
    const missing = rails.filter((rail) => !railsOf(system).includes(rail));
    if (missing.length > 0) {
      throw new LabError(
        'incompatible',
        `${system.profile.name} has no energy of ${railNames(missing)}, which the boundary "${boundary}" counts.`,
        `It has ${railNames(system.profile.rails)}. Choose "like-for-like" to count what all systems have, or state ` +
          'what the missing rail draws.',
      );
    }
  }
  return { boundary, rails };
}

function sharedBoundary(systems: readonly BoundedSystem[]): { boundary: Boundary; rails: readonly Rail[] } {
  // Where the whole is there on every side, its parts are in it.
  const shared = outermost(RAILS.filter((rail) => systems.every((system) => railsOf(system).includes(rail))));
  const found = BOUNDARIES.find(
    (name) =>
      BOUNDARY_RAILS[name].length === shared.length &&
      BOUNDARY_RAILS[name].every((rail) => shared.includes(rail)),
  );
  const own = new Set(systems.map(({ profile }) => profile.boundary));
  const [first] = systems;
  if (shared.length > 0 && (found !== undefined || own.size === 1)) {
    return { boundary: found ?? first!.profile.boundary, rails: shared };
  }
  throw new LabError(
    'incompatible',
    `${systems.map(({ profile }) => `${profile.name} counts ${railNames(profile.rails)}`).join(', ')}: ` +
      'they share no boundary, so their energies cannot be set side by side.',
    'Choose profiles that have a rail in common, or state what the missing rail draws.',
  );
}

/** What a profile offers for each boundary and for energy above idle. */
export interface BoundaryReview {
  /** rails that are neither measured nor stated, by boundary; none: it can be counted */
  readonly missing: Readonly<Record<Boundary, readonly Rail[]>>;
  /** cells with a measured energy above idle; with a stated idle power all */
  readonly aboveIdle: 'all' | 'some' | 'none';
}

/** What a profile has and lacks, so that a choice of boundary can be explained before it is made. */
export function reviewBoundary(system: BoundedSystem): BoundaryReview {
  const has = railsOf(system);
  const lacks = (name: Boundary): readonly Rail[] =>
    BOUNDARY_RAILS[name].filter((rail) => !has.includes(rail));
  const missing = {
    gpu: lacks('gpu'),
    'gpu+cpu': lacks('gpu+cpu'),
    soc: lacks('soc'),
    machine: lacks('machine'),
    wall: lacks('wall'),
  };
  const { cells } = system.profile;
  const above = cells.filter(({ aboveIdleJ }) => aboveIdleJ !== undefined).length;
  const all = above === cells.length || system.stated?.idleW !== undefined;
  return { missing, aboveIdle: all ? 'all' : above > 0 ? 'some' : 'none' };
}

/** What is stated about a system, in sentences. */
export function statedSentences({ profile, stated = {} }: BoundedSystem, idle: EnergyRule['idle']): string[] {
  const label = profile.system.label;
  const sentences = (stated.rails ?? []).map(({ rail, of = {}, watts }) => {
    const parts = RAILS.flatMap((each) =>
      of[each] === undefined ? [] : [`${of[each] === 1 ? '' : `${of[each]} × `}${railNames([each])}`],
    );
    if (watts !== undefined) parts.push(`${watts} W over the query's runtime`);
    return `The ${railNames([rail])} energy of the ${label} is assumed, not measured: ${parts.join(' + ')}.`;
  });
  if (stated.pue !== undefined) {
    sentences.push(`The energy of the ${label} is multiplied by an assumed PUE of ${stated.pue}.`);
  }
  if (idle === 'above-idle' && stated.idleW !== undefined) {
    const measured = profile.cells.some(({ aboveIdleJ }) => aboveIdleJ !== undefined);
    sentences.push(
      `The ${label} is assumed to draw ${stated.idleW} W when idle, which is taken off` +
        `${measured ? ' where no baseline was measured' : ''}.`,
    );
  }
  return sentences;
}
