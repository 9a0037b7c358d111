-- What a trial goes on from: the newest two while it is running or queued, and the final one of the sweep's best trial.
CREATE TABLE checkpoint (
  trial INTEGER NOT NULL REFERENCES trial (id) ON DELETE CASCADE,
  epoch INTEGER NOT NULL CHECK (epoch > 0),
  fingerprint TEXT NOT NULL,
  -- CRC-32 of `state`.
  checksum INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  -- As a worker has made it, with its format's version in it.
  state BLOB NOT NULL,
  PRIMARY KEY (trial, epoch)
) STRICT;

CREATE TRIGGER checkpoint_of_running BEFORE INSERT ON checkpoint
WHEN (SELECT state FROM trial WHERE id = NEW.trial) NOT IN ('running', 'completed')
BEGIN
  SELECT RAISE(ABORT, 'only a running or a completed trial gets a checkpoint');
END;

-- The sweep's best trial, without a look at the others.
CREATE INDEX best_trial ON trial (sweep, objective, config, replicate)
WHERE state = 'completed' AND objective IS NOT NULL;

-- 0 where it began anew; NULL until it has a slot.
ALTER TABLE attempt ADD COLUMN resumed_from_epoch INTEGER CHECK (resumed_from_epoch >= 0);

-- Whether nothing else was in flight in its process when it began.
ALTER TABLE attempt ADD COLUMN alone INTEGER NOT NULL DEFAULT 0 CHECK (alone IN (0, 1));

-- What took its process down, where that is known.
ALTER TABLE attempt ADD COLUMN loss_cause TEXT
  CHECK (loss_cause IS NULL OR (loss_cause IN ('crashed', 'out_of_memory', 'stalled', 'killed') AND outcome = 'lost'));

-- Since when nothing of the sweep is to be started; NULL unless it is paused.
ALTER TABLE sweep ADD COLUMN paused_at INTEGER;
