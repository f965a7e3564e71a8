import type { Migration } from './index.ts';

/**
 * Projects: pieces of work, each with the study being worked on and the studies stored in it. The first one takes in
 * the draft that was a preference, and every study that is there. What is removed is only marked, so that it can be
 * taken back, and goes at a later start. Files that were brought in or saved last are remembered.
 */
export const projects: Migration = {
  version: 5,
  name: 'projects',
  sql: `
    CREATE TABLE project (
      id TEXT PRIMARY KEY,
      name TEXT NOT NULL,
      draft TEXT CHECK (draft IS NULL OR json_valid(draft)),
      made_at TEXT NOT NULL,
      -- Counts up with every opening: of those that are not removed, the highest is the current one.
      opened INTEGER NOT NULL UNIQUE,
      removed_at TEXT
    ) STRICT;

    CREATE TABLE project_study (
      project TEXT NOT NULL REFERENCES project (id) ON DELETE CASCADE,
      study TEXT NOT NULL REFERENCES study (id) ON DELETE CASCADE,
      added_at TEXT NOT NULL,
      removed_at TEXT,
      PRIMARY KEY (project, study)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX project_study_study ON project_study (study);

    CREATE TABLE recent_file (
      path TEXT PRIMARY KEY,
      kind TEXT NOT NULL,
      used INTEGER NOT NULL UNIQUE
    ) STRICT;

    INSERT INTO project (id, name, draft, made_at, opened)
      VALUES ('project-first', 'First project',
              (SELECT value FROM preference WHERE key = 'draft' AND json_valid(value)),
              strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), 1);
    INSERT INTO project_study (project, study, added_at) SELECT 'project-first', id, stored_at FROM study;
    DELETE FROM preference WHERE key = 'draft';
  `,
};
