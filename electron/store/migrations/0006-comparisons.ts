import type { Migration } from './index.ts';

/**
 * Comparisons of any number of systems are stored beside the studies of two, with the very inputs that they were computed
 * from. They belong to the lab, not to a project. What is removed is only marked, so that it can be taken back, and goes
 * at a later start.
 */
export const comparisons: Migration = {
  version: 6,
  name: 'comparisons',
  sql: `
    CREATE TABLE comparison (
      id TEXT PRIMARY KEY,
      stored_at TEXT NOT NULL,
      title TEXT NOT NULL,
      name TEXT NOT NULL DEFAULT '',
      note TEXT NOT NULL DEFAULT '',
      settings TEXT NOT NULL CHECK (json_valid(settings)),
      workload_hash TEXT NOT NULL REFERENCES content (hash),
      analysis_version INTEGER NOT NULL,
      crossover_version TEXT NOT NULL,
      result TEXT NOT NULL CHECK (json_valid(result)),
      verdict_kind TEXT NOT NULL CHECK (verdict_kind IN ('threshold', 'no-useful-threshold')),
      verdict_text TEXT NOT NULL,
      removed_at TEXT
    ) STRICT;

    CREATE TABLE comparison_profile (
      comparison TEXT NOT NULL REFERENCES comparison (id) ON DELETE CASCADE,
      position INTEGER NOT NULL,
      hash TEXT NOT NULL REFERENCES content (hash),
      PRIMARY KEY (comparison, position)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX comparison_profile_hash ON comparison_profile (hash);
  `,
};
