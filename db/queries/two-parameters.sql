-- The objective for each pair of values of two parameters, such as for a heat map.
SELECT json_extract(params, '$."' || :first || '"') AS first, json_extract(params, '$."' || :second || '"') AS second,
  count(*) AS configs, avg(mean) AS mean, min(mean) AS least, max(mean) AS most
FROM leaderboard
WHERE sweep = :sweep AND n > 0
GROUP BY 1, 2
ORDER BY 1, 2;
