-- What the failures have in common: the values of parameters with which the largest share of trials fails.
SELECT param.key AS parameter, param.value, count(*) AS trials, sum(state = 'failed') AS failed,
  round(100.0 * avg(state = 'failed'), 1) AS percent, group_concat(DISTINCT failure_kind) AS kinds
FROM trial_results
JOIN json_each(params) AS param
WHERE sweep = :sweep AND state IN ('completed', 'failed')
GROUP BY param.key, param.value
HAVING failed > 0
ORDER BY percent DESC, trials DESC, parameter, param.value;
