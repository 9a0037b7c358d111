-- Trials that a module of the user's runs report metrics of any names: those that are not built in, by name, as JSON.
ALTER TABLE trial ADD COLUMN metrics TEXT CHECK (json_valid(metrics));
ALTER TABLE epoch ADD COLUMN metrics TEXT CHECK (json_valid(metrics));

-- A remark on an attempt that its outcome does not show, such as why it ran op by op.
ALTER TABLE attempt ADD COLUMN note TEXT;
