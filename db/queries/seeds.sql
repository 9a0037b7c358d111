-- How much the seeds decide: each replicate's mean over all settings, against that of all replicates.
SELECT replicate, count(objective) AS n, avg(objective) AS mean,
  avg(objective) - (SELECT avg(objective) FROM trial_results WHERE sweep = :sweep) AS effect
FROM trial_results
WHERE sweep = :sweep
GROUP BY replicate
ORDER BY effect DESC;
