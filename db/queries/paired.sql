-- Two settings side by side, replicate by replicate: the same seeds in both.
SELECT a.replicate, a.objective AS objective, b.objective AS other_objective, a.objective - b.objective AS difference
FROM trial_results AS a
JOIN trial_results AS b ON b.sweep = a.sweep AND b.replicate = a.replicate
WHERE a.sweep = :sweep AND a.config = :config AND b.config = :other
ORDER BY a.replicate;
