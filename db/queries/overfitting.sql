-- Where each setting begins to overfit: the epoch of its lowest mean loss, and how far the loss rises after it.
WITH curve AS (
  SELECT config, epoch, avg(coalesce(validation_data_loss, test_data_loss, validation_loss, test_loss)) AS loss
  FROM learning_curves
  WHERE sweep = :sweep
  GROUP BY config, epoch
), placed AS (
  SELECT config, epoch, loss, row_number() OVER (PARTITION BY config ORDER BY loss, epoch) AS place,
    max(epoch) OVER (PARTITION BY config) AS last_epoch
  FROM curve
  WHERE loss IS NOT NULL
)
SELECT low.config, low.epoch AS best_epoch, low.loss AS lowest_loss, low.last_epoch, last.loss AS last_loss,
  last.loss - low.loss AS rise
FROM placed AS low
JOIN placed AS last ON last.config = low.config AND last.epoch = last.last_epoch
WHERE low.place = 1
ORDER BY rise DESC, low.config;
