-- Rows of the parts of a config's data, those of the replicate where there are fewest; NULL where that is not known: for a
-- module of the user's that loads its own, and in sweeps from before this was recorded.
ALTER TABLE config ADD COLUMN train_rows INTEGER CHECK (train_rows >= 0);
ALTER TABLE config ADD COLUMN validation_rows INTEGER CHECK (validation_rows >= 0);
ALTER TABLE config ADD COLUMN test_rows INTEGER CHECK (test_rows >= 0);

-- All that the views show of a config, without a look at its long `resolved`.
CREATE INDEX config_in_views ON config (sweep, ordinal, n, mean, std, epochs, params);

-- What the results of a sweep say (src/statistics/analysis-rows.ts), as a whole that is replaced as a whole: it comes from
-- the results alone, and can be worked out again at any time. It is out of date where `trials` and `lost` are no longer
-- those of the sweep; what changes the sweep itself deletes it.
CREATE TABLE sweep_analysis (
  sweep INTEGER PRIMARY KEY REFERENCES sweep (id) ON DELETE CASCADE,
  -- Completed trials with an objective, on which it rests.
  trials INTEGER NOT NULL CHECK (trials >= 0),
  -- Trials that can have no result any more.
  lost INTEGER NOT NULL CHECK (lost >= 0),
  analysed_at INTEGER NOT NULL,
  warnings TEXT NOT NULL CHECK (json_valid(warnings))
) STRICT;

CREATE TABLE config_analysis (
  sweep INTEGER NOT NULL REFERENCES sweep_analysis (sweep) ON DELETE CASCADE,
  config INTEGER NOT NULL,
  -- Completed replicates that it rests on.
  n INTEGER NOT NULL CHECK (n >= 0),
  interval_low REAL,
  interval_high REAL,
  rows_interval_low REAL,
  rows_interval_high REAL,
  tied INTEGER CHECK (tied IN (0, 1)),
  PRIMARY KEY (sweep, config)
) STRICT, WITHOUT ROWID;

CREATE TABLE config_comparison (
  sweep INTEGER NOT NULL REFERENCES sweep_analysis (sweep) ON DELETE CASCADE,
  reference TEXT NOT NULL CHECK (reference IN ('baseline', 'best')),
  config INTEGER NOT NULL,
  -- The config that is the reference.
  other INTEGER NOT NULL,
  n INTEGER NOT NULL CHECK (n >= 0),
  difference REAL,
  std REAL CHECK (std >= 0),
  interval_low REAL,
  interval_high REAL,
  p_value REAL CHECK (p_value BETWEEN 0 AND 1),
  p_adjusted REAL CHECK (p_adjusted BETWEEN 0 AND 1),
  effect_size REAL,
  conclusion TEXT CHECK (conclusion IN ('better', 'worse', 'unclear')),
  PRIMARY KEY (sweep, reference, config)
) STRICT, WITHOUT ROWID;

CREATE TABLE main_effect (
  sweep INTEGER NOT NULL REFERENCES sweep_analysis (sweep) ON DELETE CASCADE,
  parameter TEXT NOT NULL,
  level INTEGER NOT NULL CHECK (level >= 0),
  label TEXT NOT NULL,
  -- A number, a text, or 0 and 1 for false and true; NULL for configs that do not reach the parameter.
  value ANY,
  configs INTEGER NOT NULL CHECK (configs >= 0),
  trials INTEGER NOT NULL CHECK (trials >= 0),
  mean REAL,
  interval_low REAL,
  interval_high REAL,
  effect REAL,
  PRIMARY KEY (sweep, parameter, level)
) STRICT, WITHOUT ROWID;

CREATE TABLE importance_term (
  id INTEGER PRIMARY KEY,
  sweep INTEGER NOT NULL REFERENCES sweep_analysis (sweep) ON DELETE CASCADE,
  parameter TEXT NOT NULL,
  -- The other one of an interaction.
  with_parameter TEXT,
  share REAL NOT NULL,
  method TEXT NOT NULL CHECK (method IN ('anova', 'fanova')),
  f REAL,
  df REAL,
  df_error REAL,
  p_value REAL CHECK (p_value BETWEEN 0 AND 1),
  p_adjusted REAL CHECK (p_adjusted BETWEEN 0 AND 1),
  UNIQUE (sweep, parameter, with_parameter)
) STRICT;

-- Queries of the user's, for `nightsweep sql`.
CREATE TABLE saved_query (
  name TEXT PRIMARY KEY CHECK (name <> '' AND name NOT GLOB '*[^a-z0-9-]*'),
  query TEXT NOT NULL,
  saved_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
