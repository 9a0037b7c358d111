-- How often each setting was stopped early, at which epoch on average, and which share of its budget that saved.
SELECT config, leaderboard.params, count(*) AS trials, sum(stop_reason = 'early_stopping') AS stopped, avg(epochs) AS epochs,
  epochs_planned, round(100 * (1 - avg(epochs) / epochs_planned), 1) AS percent_saved
FROM trial_results
JOIN leaderboard USING (sweep, config)
WHERE sweep = :sweep AND state = 'completed'
GROUP BY config
ORDER BY percent_saved DESC, config;
