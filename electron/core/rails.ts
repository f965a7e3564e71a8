import { z } from 'zod';

/** The rails whose energy a profile may hold, in the order in which they are shown. */
export const RAILS = ['cpu', 'gpu', 'ane', 'dram', 'package', 'machine', 'wall'] as const;
export type Rail = (typeof RAILS)[number];

const RAIL_LABELS: Readonly<Record<Rail, string>> = {
  cpu: 'CPU',
  gpu: 'GPU',
  ane: 'ANE',
  dram: 'DRAM',
  package: 'package',
  machine: 'machine',
  wall: 'wall',
};

/** Rails in words: "CPU and GPU". */
export function railNames(rails: readonly Rail[], between = ' and '): string {
  return rails.map((rail) => RAIL_LABELS[rail]).join(between);
}

/** What a rail's energy is already part of: adding both would count it twice. */
export const INSIDE: Readonly<Partial<Record<Rail, readonly Rail[]>>> = {
  package: ['cpu', 'ane'],
  machine: ['cpu', 'gpu', 'ane', 'dram', 'package'],
  wall: ['cpu', 'gpu', 'ane', 'dram', 'package', 'machine'],
};

/** True when the energies of two rails have a part in common, so that they must not be added up. */
export function overlapping(a: Rail, b: Rail): boolean {
  return a === b || INSIDE[a]?.includes(b) === true || INSIDE[b]?.includes(a) === true;
}

/** Two rails of several of which the first holds the second; undefined where all can be added up. */
export function countedTwice(rails: readonly Rail[]): readonly [outer: Rail, inner: Rail] | undefined {
  for (const outer of rails) {
    const inner = rails.find((each) => INSIDE[outer]?.includes(each) === true);
    if (inner !== undefined) return [outer, inner];
  }
  return undefined;
}

/** The rails of several that no other of them holds, so that they can be added up. */
export function outermost(rails: readonly Rail[]): Rail[] {
  return rails.filter((rail) => !rails.some((other) => INSIDE[other]?.includes(rail) === true));
}

const finite = z.number().finite();

/** The fields of an energy by rail, J; a rail that was not measured is absent. */
export const eachRail = {
  cpu: finite.optional(),
  gpu: finite.optional(),
  ane: finite.optional(),
  dram: finite.optional(),
  package: finite.optional(),
  machine: finite.optional(),
  wall: finite.optional(),
};
