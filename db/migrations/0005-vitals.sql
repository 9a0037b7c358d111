-- What the newest coordinator of a sweep used over the last seconds, for displays: no result depends on it.
CREATE TABLE vitals (
  sweep INTEGER PRIMARY KEY REFERENCES sweep (id) ON DELETE CASCADE,
  run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  measured_at INTEGER NOT NULL,
  -- As src/coordinator/vitals.ts has measured it.
  facts TEXT NOT NULL CHECK (json_valid(facts))
) STRICT;
