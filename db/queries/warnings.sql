-- What the design of the sweep cannot carry, and whether the analysis is up to date.
SELECT json_extract(warning.value, '$.code') AS code, json_extract(warning.value, '$.message') AS message, stale
FROM sweep_analyses
JOIN json_each(warnings) AS warning
WHERE sweep = :sweep;
