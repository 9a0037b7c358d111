-- Cost against result: the settings that no cheaper one equals (the Pareto front).
WITH cost AS (
  SELECT config, avg(seconds) AS seconds
  FROM attempts
  WHERE sweep = :sweep AND outcome = 'completed'
  GROUP BY config
), front AS (
  SELECT config, params, mean, seconds, rank,
    min(rank) OVER (ORDER BY seconds, rank ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS cheaper
  FROM leaderboard
  JOIN cost USING (config)
  WHERE sweep = :sweep AND rank IS NOT NULL
)
SELECT config, params, seconds, mean, rank
FROM front
WHERE cheaper IS NULL OR rank < cheaper
ORDER BY seconds;
