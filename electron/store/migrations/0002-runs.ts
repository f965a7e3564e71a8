import type { Migration } from './index.ts';

/**
 * Measured runs: the run itself, its trials and events as documents, its samples in compact chunks, and a pyramid
 * of powers over them. Everything goes with its run, and so does the profile that was made of it.
 */
export const runs: Migration = {
  version: 2,
  name: 'runs',
  sql: `
    CREATE TABLE run (
      id TEXT PRIMARY KEY,
      name TEXT NOT NULL,
      note TEXT NOT NULL,
      state TEXT NOT NULL
        CHECK (state IN ('running', 'paused', 'interrupted', 'done', 'cancelled', 'failed')),
      started_at TEXT NOT NULL,
      ended_at TEXT,
      request TEXT CHECK (json_valid(request)),
      plan TEXT NOT NULL CHECK (json_valid(plan)),
      engine TEXT NOT NULL CHECK (json_valid(engine)),
      meter TEXT NOT NULL CHECK (json_valid(meter)),
      truth TEXT CHECK (json_valid(truth)),
      environment TEXT NOT NULL CHECK (json_valid(environment))
    ) STRICT;
    CREATE INDEX run_started ON run (started_at);

    CREATE TABLE trial (
      run_id TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
      trial_index INTEGER NOT NULL CHECK (trial_index >= 0),
      start_s REAL NOT NULL,
      end_s REAL NOT NULL,
      document TEXT NOT NULL CHECK (json_valid(document)),
      PRIMARY KEY (run_id, trial_index)
    ) STRICT;

    CREATE TABLE run_event (
      id INTEGER PRIMARY KEY,
      run_id TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
      at_s REAL NOT NULL,
      document TEXT NOT NULL CHECK (json_valid(document))
    ) STRICT;
    CREATE INDEX run_event_run ON run_event (run_id, id);

    -- Samples are numbered from 0 within their run; data holds those from first_sample on, see sampleChunk.ts.
    CREATE TABLE sample_chunk (
      id INTEGER PRIMARY KEY,
      run_id TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
      first_sample INTEGER NOT NULL,
      samples INTEGER NOT NULL CHECK (samples > 0),
      start_s REAL NOT NULL,
      end_s REAL NOT NULL,
      data BLOB NOT NULL,
      UNIQUE (run_id, first_sample)
    ) STRICT;
    CREATE INDEX sample_chunk_span ON sample_chunk (run_id, start_s, end_s);

    -- Buckets of consecutive samples, coarser from level to level; see samplePyramid.ts.
    CREATE TABLE sample_level (
      id INTEGER PRIMARY KEY,
      run_id TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
      level INTEGER NOT NULL CHECK (level > 0),
      first_sample INTEGER NOT NULL,
      samples INTEGER NOT NULL CHECK (samples > 0),
      start_s REAL NOT NULL,
      end_s REAL NOT NULL,
      data BLOB NOT NULL,
      UNIQUE (run_id, level, first_sample)
    ) STRICT;
    CREATE INDEX sample_level_span ON sample_level (run_id, level, start_s, end_s);

    -- The run that a measured profile was made of; without its trials it could not be checked.
    ALTER TABLE profile ADD COLUMN run_id TEXT REFERENCES run (id) ON DELETE CASCADE;
    CREATE UNIQUE INDEX profile_run ON profile (run_id) WHERE run_id IS NOT NULL;
  `,
};
