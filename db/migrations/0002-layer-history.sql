-- What is recorded of a layer with a kernel at a recorded epoch, where the sweep asks for it; NULL where a number is not
-- finite or not asked for. It comes and goes with its epoch.
CREATE TABLE layer_epoch (
  trial INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  -- Place in the model's layers from 0, `repeat` written out.
  layer INTEGER NOT NULL CHECK (layer >= 0),
  kernel_norm REAL CHECK (kernel_norm >= 0),
  gradient_norm REAL CHECK (gradient_norm >= 0),
  clipped_share REAL CHECK (clipped_share BETWEEN 0 AND 1),
  PRIMARY KEY (trial, epoch, layer),
  FOREIGN KEY (trial, epoch) REFERENCES epoch (trial, epoch) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TRIGGER layer_epoch_of_running BEFORE INSERT ON layer_epoch
WHEN (SELECT state FROM trial WHERE id = NEW.trial) <> 'running'
BEGIN
  SELECT RAISE(ABORT, 'only a running trial gets epochs');
END;

CREATE TRIGGER layer_epoch_fixed BEFORE UPDATE ON layer_epoch
BEGIN
  SELECT RAISE(ABORT, 'recorded epochs must not change');
END;

CREATE TRIGGER layer_epoch_kept BEFORE DELETE ON layer_epoch
WHEN (SELECT state FROM trial WHERE id = OLD.trial) IN ('completed', 'pruned')
BEGIN
  SELECT RAISE(ABORT, 'epochs of finished trials must not be deleted');
END;
