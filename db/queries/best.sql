-- The best settings with their 95 % intervals, and which of them cannot be told from the best.
SELECT rank, config, params, n, mean, std, interval_low, interval_high, tied_with_best
FROM leaderboard
WHERE sweep = :sweep AND rank <= 10
ORDER BY rank, config;
