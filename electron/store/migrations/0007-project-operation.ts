import type { Migration } from './index.ts';

/** A project remembers how the devices are run that carry its policy out; a project from before has said nothing of it. */
export const projectOperation: Migration = {
  version: 7,
  name: 'project operation',
  sql: 'ALTER TABLE project ADD COLUMN operation TEXT CHECK (operation IS NULL OR json_valid(operation));',
};
