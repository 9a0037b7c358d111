-- What each setting costs: seconds in a slot per trial, and what lost and failed attempts cost.
SELECT config, count(*) AS attempts, avg(seconds) FILTER (WHERE outcome = 'completed') AS seconds_per_trial,
  sum(seconds) AS seconds, count(*) FILTER (WHERE outcome <> 'completed') AS without_result
FROM attempts
WHERE sweep = :sweep
GROUP BY config
ORDER BY seconds_per_trial DESC, config;
