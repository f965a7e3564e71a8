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
