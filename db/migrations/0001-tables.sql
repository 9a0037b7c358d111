-- The tables of schema 1. Names are singular; what people query are the views (db/views.sql, docs/sql.md).
-- Times are milliseconds since 1970-01-01 UTC. JSON is text.

CREATE TABLE meta (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sweep (
  -- AUTOINCREMENT: the id names the lock's file, so a removed sweep's id is never used again.
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE CHECK (name <> '' AND name NOT GLOB '*[^a-z0-9-]*'),
  hash TEXT NOT NULL,
  file TEXT NOT NULL,
  definition TEXT NOT NULL CHECK (json_valid(definition)),
  versions TEXT NOT NULL CHECK (json_valid(versions)),
  seed INTEGER NOT NULL,
  objective TEXT NOT NULL,
  goal TEXT NOT NULL CHECK (goal IN ('minimize', 'maximize')),
  baseline INTEGER,
  replicates INTEGER NOT NULL CHECK (replicates > 0),
  parameters TEXT NOT NULL CHECK (json_valid(parameters)),
  -- The metric columns of the sweep's own views.
  metrics TEXT NOT NULL CHECK (json_valid(metrics)),
  -- Epoch budgets of all its trials together.
  epochs_planned INTEGER NOT NULL CHECK (epochs_planned >= 0),
  -- The rest of the resolved sweep, without its configs.
  resolved TEXT NOT NULL CHECK (json_valid(resolved)),
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE config (
  id INTEGER PRIMARY KEY,
  sweep INTEGER NOT NULL REFERENCES sweep (id) ON DELETE CASCADE,
  ordinal INTEGER NOT NULL CHECK (ordinal >= 0),
  params TEXT NOT NULL CHECK (json_valid(params)),
  -- Epoch budget of one trial.
  epochs INTEGER NOT NULL CHECK (epochs > 0),
  -- The objective over completed replicates. Kept by the writer and always computed in the order of replicates, so
  -- that the bits do not depend on the order in which trials end.
  n INTEGER NOT NULL DEFAULT 0 CHECK (n >= 0),
  mean REAL CHECK ((mean IS NULL) = (n = 0)),
  std REAL CHECK ((std IS NULL) = (n < 2)),
  -- Last, because it is long: data, model and train of the resolved config.
  resolved TEXT NOT NULL CHECK (json_valid(resolved)),
  UNIQUE (sweep, ordinal)
) STRICT;

CREATE INDEX config_by_mean ON config (sweep, mean);

CREATE TABLE trial (
  id INTEGER PRIMARY KEY,
  sweep INTEGER NOT NULL,
  config INTEGER NOT NULL,
  replicate INTEGER NOT NULL CHECK (replicate >= 0),
  -- Place in the order of execution.
  position INTEGER NOT NULL CHECK (position >= 0),
  state TEXT NOT NULL DEFAULT 'queued'
    CHECK (state IN ('queued', 'running', 'paused', 'completed', 'pruned', 'failed', 'cancelled')),
  attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  -- Epochs reached and recorded by the attempt that counts.
  epochs INTEGER NOT NULL DEFAULT 0 CHECK (epochs >= 0),
  failure_kind TEXT
    CHECK (failure_kind IN ('diverged', 'error', 'out_of_memory', 'crashed', 'stalled', 'timed_out')),
  stop_reason TEXT CHECK (stop_reason IN ('epochs', 'early_stopping')),
  kept_epoch INTEGER CHECK (kept_epoch BETWEEN 1 AND epochs),
  objective REAL CHECK (abs(objective) < 9e999),
  generalisation_gap REAL CHECK (abs(generalisation_gap) < 9e999),
  train_loss REAL, train_data_loss REAL, train_accuracy REAL, train_mae REAL, train_mse REAL, train_rmse REAL,
  train_r2 REAL, train_auc REAL, train_f1 REAL, train_precision REAL, train_recall REAL,
  validation_loss REAL, validation_data_loss REAL, validation_accuracy REAL, validation_mae REAL,
  validation_mse REAL, validation_rmse REAL, validation_r2 REAL, validation_auc REAL, validation_f1 REAL,
  validation_precision REAL, validation_recall REAL,
  test_loss REAL, test_data_loss REAL, test_accuracy REAL, test_mae REAL, test_mse REAL, test_rmse REAL,
  test_r2 REAL, test_auc REAL, test_f1 REAL, test_precision REAL, test_recall REAL,
  UNIQUE (sweep, config, replicate),
  FOREIGN KEY (sweep, config) REFERENCES config (sweep, ordinal) ON DELETE CASCADE,
  CHECK ((failure_kind IS NOT NULL) = (state = 'failed')),
  CHECK (state <> 'completed' OR (kept_epoch IS NOT NULL AND stop_reason IS NOT NULL)),
  CHECK (state IN ('completed', 'pruned') OR (kept_epoch IS NULL AND stop_reason IS NULL AND objective IS NULL))
) STRICT;

-- Counts by state and epochs done, without a look at the trials themselves.
CREATE INDEX trial_by_state ON trial (sweep, state, epochs);
CREATE INDEX failed_trial ON trial (sweep, id) WHERE state = 'failed';
CREATE INDEX running_trial ON trial (sweep, id) WHERE state = 'running';

-- One incarnation of a coordinator. `outcome` is 'lost' without an end where it died.
CREATE TABLE run (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  sweep INTEGER NOT NULL REFERENCES sweep (id) ON DELETE CASCADE,
  pid INTEGER NOT NULL,
  host TEXT NOT NULL,
  workers INTEGER NOT NULL CHECK (workers > 0),
  backend TEXT NOT NULL,
  versions TEXT NOT NULL CHECK (json_valid(versions)),
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  outcome TEXT,
  -- Trials that ended and epochs trained in this run, lost ones included.
  trials INTEGER NOT NULL DEFAULT 0,
  epochs INTEGER NOT NULL DEFAULT 0,
  CHECK (ended_at IS NULL OR outcome IS NOT NULL)
) STRICT;

CREATE INDEX run_by_sweep ON run (sweep);

-- One try of a trial; `number` counts from 1. `outcome` is NULL while it goes on.
CREATE TABLE attempt (
  trial INTEGER NOT NULL REFERENCES trial (id) ON DELETE CASCADE,
  number INTEGER NOT NULL CHECK (number > 0),
  run INTEGER NOT NULL REFERENCES run (id),
  cohort INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  worker INTEGER,
  slot INTEGER CHECK (slot >= 0),
  width INTEGER CHECK (width > 0),
  layout TEXT,
  backend TEXT,
  fingerprint TEXT,
  company TEXT CHECK (json_valid(company)),
  ended_at INTEGER,
  outcome TEXT CHECK (outcome IN ('completed', 'pruned', 'failed', 'interrupted', 'lost', 'retried')),
  failure_kind TEXT
    CHECK (failure_kind IN ('diverged', 'error', 'out_of_memory', 'crashed', 'stalled', 'timed_out')),
  epochs INTEGER CHECK (epochs >= 0),
  seconds REAL CHECK (seconds >= 0),
  last_loss REAL,
  message TEXT,
  advice TEXT,
  stack TEXT,
  PRIMARY KEY (trial, number),
  CHECK ((ended_at IS NULL) = (outcome IS NULL)),
  CHECK ((outcome = 'failed') = (failure_kind IS NOT NULL))
) STRICT, WITHOUT ROWID;

-- One recorded epoch of a trial; NULL where a number is not finite or not measured.
CREATE TABLE epoch (
  trial INTEGER NOT NULL REFERENCES trial (id) ON DELETE CASCADE,
  epoch INTEGER NOT NULL CHECK (epoch > 0),
  train_loss REAL, train_data_loss REAL, train_accuracy REAL, train_mae REAL, train_mse REAL, train_rmse REAL,
  train_r2 REAL, train_auc REAL, train_f1 REAL, train_precision REAL, train_recall REAL,
  validation_loss REAL, validation_data_loss REAL, validation_accuracy REAL, validation_mae REAL,
  validation_mse REAL, validation_rmse REAL, validation_r2 REAL, validation_auc REAL, validation_f1 REAL,
  validation_precision REAL, validation_recall REAL,
  test_loss REAL, test_data_loss REAL, test_accuracy REAL, test_mae REAL, test_mse REAL, test_rmse REAL,
  test_r2 REAL, test_auc REAL, test_f1 REAL, test_precision REAL, test_recall REAL,
  PRIMARY KEY (trial, epoch)
) STRICT, WITHOUT ROWID;

-- What other processes ask of a sweep's coordinator.
CREATE TABLE command (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  sweep INTEGER NOT NULL REFERENCES sweep (id) ON DELETE CASCADE,
  command TEXT NOT NULL CHECK (command IN ('pause', 'resume', 'stop')),
  created_at INTEGER NOT NULL,
  taken_at INTEGER
) STRICT;

CREATE INDEX open_command ON command (sweep, id) WHERE taken_at IS NULL;

-- The states of a trial as a table: what is not here cannot happen, whoever writes.
CREATE TRIGGER trial_transition BEFORE UPDATE OF state ON trial
WHEN (OLD.state, NEW.state) NOT IN (VALUES
  ('queued', 'queued'), ('queued', 'running'), ('queued', 'cancelled'),
  ('running', 'running'), ('running', 'completed'), ('running', 'failed'), ('running', 'pruned'),
  ('running', 'queued'), ('running', 'paused'), ('running', 'cancelled'),
  ('paused', 'paused'), ('paused', 'queued'), ('paused', 'cancelled'),
  ('failed', 'queued'))
BEGIN
  SELECT RAISE(ABORT, 'this change of a trial''s state is not allowed');
END;

-- Finished trials never change; a failed one only by being queued again.
CREATE TRIGGER trial_finished BEFORE UPDATE ON trial
WHEN OLD.state IN ('completed', 'pruned', 'cancelled') OR (OLD.state = 'failed' AND NEW.state <> 'queued')
BEGIN
  SELECT RAISE(ABORT, 'finished trials must not change');
END;

-- Results go only together with their whole sweep, whose row is deleted first.
CREATE TRIGGER trial_kept BEFORE DELETE ON trial
WHEN OLD.state IN ('completed', 'pruned', 'failed') AND EXISTS (SELECT 1 FROM sweep WHERE id = OLD.sweep)
BEGIN
  SELECT RAISE(ABORT, 'finished trials must not be deleted');
END;

CREATE TRIGGER epoch_of_running BEFORE INSERT ON epoch
WHEN (SELECT state FROM trial WHERE id = NEW.trial) <> 'running'
BEGIN
  SELECT RAISE(ABORT, 'only a running trial gets epochs');
END;

CREATE TRIGGER epoch_fixed BEFORE UPDATE ON epoch
BEGIN
  SELECT RAISE(ABORT, 'recorded epochs must not change');
END;

CREATE TRIGGER epoch_kept BEFORE DELETE ON epoch
WHEN (SELECT state FROM trial WHERE id = OLD.trial) IN ('completed', 'pruned')
BEGIN
  SELECT RAISE(ABORT, 'epochs of finished trials must not be deleted');
END;
