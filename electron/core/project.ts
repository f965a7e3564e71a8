import { z } from 'zod';
import { saidOperationSchema } from './simulation/operation.ts';
import { settingsSchema } from './study.ts';

/** The longest that a project's name may be. */
export const LONGEST_PROJECT_NAME = 120;

/** A piece of work: a name, the study being worked on, and the studies that were stored in it. */
export const projectSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  /** when it was made, ISO 8601 */
  madeAt: z.string(),
  /** how many studies it holds */
  studies: z.number().int(),
  /** the one that is open, into which studies are stored */
  current: z.boolean(),
  /** the study being worked on; null where nothing was changed yet */
  draft: settingsSchema.nullable(),
  /** how devices are run that carry a policy out, as far as it was said; null where nothing was */
  operation: saidOperationSchema.nullable(),
});
export type Project = z.output<typeof projectSchema>;

/** The first of "Project 1", "Project 2" … that no project is called. */
export function freeProjectName(taken: readonly string[]): string {
  for (let number = 1; ; number++) {
    const name = `Project ${number}`;
    if (!taken.includes(name)) return name;
  }
}

/** What a copy of a project is called: "Mine copy", "Mine copy 2" …; never longer than a name may be. */
export function copyName(name: string, taken: readonly string[]): string {
  const stem = name.replace(/ copy(?: \d+)?$/, '');
  for (let number = 1; ; number++) {
    const ending = number === 1 ? ' copy' : ` copy ${number}`;
    const copy = stem.slice(0, LONGEST_PROJECT_NAME - ending.length) + ending;
    if (!taken.includes(copy)) return copy;
  }
}
