import type { Migration } from './index.ts';

/**
 * Imports: which files a profile came from and how they were understood, so that it can be repeated and undone; and
 * how the columns of a table were understood, for the next table with the same columns.
 */
export const imports: Migration = {
  version: 3,
  name: 'imports',
  sql: `
    CREATE TABLE import (
      id TEXT PRIMARY KEY,
      profile_id TEXT NOT NULL UNIQUE REFERENCES profile (id) ON DELETE CASCADE,
      imported_at TEXT NOT NULL,
      format TEXT NOT NULL,
      files TEXT NOT NULL CHECK (json_valid(files)),
      options TEXT NOT NULL CHECK (json_valid(options))
    ) STRICT;

    -- The signature is the hash of the columns' names in their order.
    CREATE TABLE mapping (
      signature TEXT PRIMARY KEY,
      saved_at TEXT NOT NULL,
      columns TEXT NOT NULL CHECK (json_valid(columns))
    ) STRICT, WITHOUT ROWID;
  `,
};
