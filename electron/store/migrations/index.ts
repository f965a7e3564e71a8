import { foundation } from './0001-foundation.ts';
import { runs } from './0002-runs.ts';
import { imports } from './0003-imports.ts';
import { studies } from './0004-studies.ts';
import { projects } from './0005-projects.ts';
import { comparisons } from './0006-comparisons.ts';
import { projectOperation } from './0007-project-operation.ts';

/** One step of the database's form. A published step never changes; a new form is a new step. */
export interface Migration {
  /** the database's `user_version` after this step: 1, 2, 3 … */
  readonly version: number;
  readonly name: string;
  readonly sql: string;
}

/** Every step, in order. */
export const MIGRATIONS: readonly Migration[] = [
  foundation,
  runs,
  imports,
  studies,
  projects,
  comparisons,
  projectOperation,
];
