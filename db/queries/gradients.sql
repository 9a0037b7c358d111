-- Where gradients vanish or explode: their mean norm in each layer, against that of the last layer of the same setting.
SELECT config, layer, mean_norm, mean_norm / last_value(mean_norm) OVER whole AS against_last_layer, clipped_share
FROM (
  SELECT config, layer, avg(gradient_norm) AS mean_norm, avg(clipped_share) AS clipped_share
  FROM layer_history
  WHERE sweep = :sweep
  GROUP BY config, layer
)
WINDOW whole AS (
  PARTITION BY config ORDER BY layer ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
)
ORDER BY against_last_layer, config, layer;
