import type { Migration } from './index.ts';

/**
 * Profiles, workloads, studies, preferences. Documents are kept once under the SHA-256 of their content, so that
 * a study keeps the very inputs it was computed from when a bundled profile is refreshed or an own one removed.
 */
export const foundation: Migration = {
  version: 1,
  name: 'foundation',
  sql: `
    CREATE TABLE content (
      hash TEXT PRIMARY KEY,
      document TEXT NOT NULL CHECK (json_valid(document))
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE profile (
      id TEXT PRIMARY KEY,
      kind TEXT NOT NULL CHECK (kind IN ('bundled', 'measured', 'imported')),
      content_hash TEXT NOT NULL REFERENCES content (hash),
      name TEXT NOT NULL,
      system TEXT NOT NULL,
      place TEXT NOT NULL,
      model TEXT NOT NULL,
      design TEXT NOT NULL,
      rails TEXT NOT NULL CHECK (json_valid(rails)),
      boundary TEXT NOT NULL,
      estimate INTEGER NOT NULL CHECK (estimate IN (0, 1)),
      cells INTEGER NOT NULL,
      source TEXT NOT NULL
    ) STRICT;

    CREATE TABLE workload (
      id TEXT PRIMARY KEY,
      kind TEXT NOT NULL CHECK (kind IN ('bundled', 'imported')),
      content_hash TEXT NOT NULL REFERENCES content (hash),
      name TEXT NOT NULL,
      queries REAL NOT NULL,
      pairs INTEGER NOT NULL,
      modelled INTEGER NOT NULL CHECK (modelled IN (0, 1)),
      licence TEXT NOT NULL,
      source TEXT NOT NULL
    ) STRICT;

    -- What the bundled files held when they were last taken in.
    CREATE TABLE bundled_file (
      file TEXT PRIMARY KEY,
      file_hash TEXT NOT NULL,
      item TEXT NOT NULL CHECK (item IN ('profile', 'workload')),
      item_id TEXT NOT NULL
    ) STRICT;

    CREATE TABLE study (
      id TEXT PRIMARY KEY,
      stored_at TEXT NOT NULL,
      title TEXT NOT NULL,
      settings TEXT NOT NULL CHECK (json_valid(settings)),
      small_hash TEXT NOT NULL REFERENCES content (hash),
      large_hash TEXT NOT NULL REFERENCES content (hash),
      workload_hash TEXT NOT NULL REFERENCES content (hash),
      analysis_version INTEGER NOT NULL,
      result TEXT NOT NULL CHECK (json_valid(result)),
      verdict_kind TEXT NOT NULL CHECK (verdict_kind IN ('threshold', 'no-useful-threshold')),
      verdict_text TEXT NOT NULL
    ) STRICT;

    CREATE TABLE preference (
      key TEXT PRIMARY KEY,
      value TEXT NOT NULL
    ) STRICT;
  `,
};
