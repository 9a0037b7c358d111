-- Which settings are better or worse than the baseline, by how much, and how sure that is.
SELECT config, params, comparisons.n, difference, comparisons.interval_low, comparisons.interval_high, p_adjusted,
  effect_size, conclusion
FROM comparisons
JOIN leaderboard USING (sweep, config)
WHERE sweep = :sweep AND reference = 'baseline'
ORDER BY rank, config;
