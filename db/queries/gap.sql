-- Which settings generalise worst: how much worse the objective's metric is than on the training part.
SELECT config, params, count(*) AS n, avg(generalisation_gap) AS gap, min(generalisation_gap) AS least,
  max(generalisation_gap) AS most, avg(objective) AS objective
FROM trial_results
WHERE sweep = :sweep AND generalisation_gap IS NOT NULL
GROUP BY config
ORDER BY gap DESC, config;
