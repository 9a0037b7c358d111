-- The mean learning curve of a setting, with the band that its replicates span.
SELECT epoch, count(*) AS replicates, avg(train_loss) AS train_loss, avg(validation_loss) AS validation_loss,
  min(validation_loss) AS validation_low, max(validation_loss) AS validation_high, avg(test_loss) AS test_loss,
  min(test_loss) AS test_low, max(test_loss) AS test_high
FROM learning_curves
WHERE sweep = :sweep AND config = :config
GROUP BY epoch
ORDER BY epoch;
