-- The settings that cannot be told from the best, the cheapest first: any of them may be taken.
SELECT config, params, mean, n, seconds
FROM leaderboard
JOIN (
  SELECT sweep, config, avg(seconds) AS seconds
  FROM attempts
  WHERE sweep = :sweep AND outcome = 'completed'
  GROUP BY sweep, config
) USING (sweep, config)
WHERE sweep = :sweep AND tied_with_best
ORDER BY seconds, rank;
