-- What matters most: the share of the differences between settings that each parameter explains.
SELECT parameter, round(100 * share, 1) AS percent, method, p_adjusted
FROM parameter_importance
WHERE sweep = :sweep AND with_parameter IS NULL
ORDER BY share DESC;
