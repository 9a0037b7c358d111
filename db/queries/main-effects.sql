-- What each value of each parameter makes of the objective, over all other parameters.
SELECT parameter, label, mean, interval_low, interval_high, effect, configs, trials
FROM main_effects
WHERE sweep = :sweep
ORDER BY parameter, level;
