-- How far every sweep is.
SELECT sweep, completed, failed, queued + running + paused AS left_over, trials,
  round(100.0 * (trials - queued - running - paused) / trials, 1) AS percent
FROM progress;
