-- Which parameters act together: the share that two explain beyond what each explains alone.
SELECT parameter, with_parameter, round(100 * share, 1) AS percent, method, p_adjusted
FROM parameter_importance
WHERE sweep = :sweep AND with_parameter IS NOT NULL
ORDER BY share DESC;
