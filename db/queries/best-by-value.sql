-- The best setting for each value of a parameter, such as of each optimizer when it is tuned.
SELECT json_extract(params, '$."' || :parameter || '"') AS value, config, params, mean, std, min(rank) AS rank
FROM leaderboard
WHERE sweep = :sweep AND rank IS NOT NULL
GROUP BY value
ORDER BY rank;
