-- What failed, how often, how early, and what to try.
SELECT failure_kind, message, count(*) AS trials, count(DISTINCT config) AS configs, min(epoch) AS first_epoch, advice
FROM failures
WHERE sweep = :sweep
GROUP BY failure_kind, message, advice
ORDER BY trials DESC;
