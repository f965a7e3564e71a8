import type { Migration } from './index.ts';

/**
 * Studies have a name and a note, which are the user's and no part of the study, and say which Crossover computed them;
 * of those stored before that is not known.
 */
export const studies: Migration = {
  version: 4,
  name: 'studies',
  sql: `
    ALTER TABLE study ADD COLUMN name TEXT NOT NULL DEFAULT '';
    ALTER TABLE study ADD COLUMN note TEXT NOT NULL DEFAULT '';
    ALTER TABLE study ADD COLUMN crossover_version TEXT;
    CREATE INDEX study_stored ON study (stored_at);
  `,
};
