-- The shared views: the documented, stable interface for people and programs (docs/sql.md). Computed columns are cast, so that
-- clients that ask for types find them; and DuckDB, which parses views by itself, knows all that is used here.
-- A change here needs a higher VIEWS_VERSION in db/views.ts.

CREATE VIEW sweeps AS
SELECT
  sweep.name AS sweep,
  sweep.objective,
  sweep.goal,
  CAST((SELECT count(config.id) FROM config WHERE config.sweep = sweep.id) AS INTEGER) AS configs,
  sweep.replicates,
  CAST((SELECT count(trial.id) FROM trial WHERE trial.sweep = sweep.id) AS INTEGER) AS trials,
  CAST((SELECT count(trial.id) FROM trial WHERE trial.sweep = sweep.id AND state = 'completed') AS INTEGER) AS completed,
  CAST((SELECT count(trial.id) FROM trial WHERE trial.sweep = sweep.id AND state = 'failed') AS INTEGER) AS failed,
  sweep.baseline,
  sweep.parameters,
  sweep.metrics,
  sweep.seed,
  CAST(strftime('%Y-%m-%dT%H:%M:%fZ', sweep.created_at / 1000.0, 'unixepoch') AS TEXT) AS created_at,
  sweep.file,
  sweep.hash,
  sweep.versions,
  sweep.definition
FROM sweep;

CREATE VIEW leaderboard AS
SELECT
  sweep.name AS sweep,
  config.ordinal AS config,
  config.params,
  config.n,
  config.mean,
  config.std,
  config_analysis.interval_low,
  config_analysis.interval_high,
  CAST(
    CASE WHEN config.mean IS NOT NULL THEN
      rank() OVER (
        PARTITION BY sweep.name
        ORDER BY config.mean IS NULL, CASE sweep.goal WHEN 'maximize' THEN -config.mean ELSE config.mean END
      )
    END AS INTEGER
  ) AS rank,
  config_analysis.tied AS tied_with_best,
  CAST(coalesce(config.ordinal = sweep.baseline, 0) AS INTEGER) AS is_baseline,
  config_analysis.rows_interval_low,
  config_analysis.rows_interval_high,
  config.epochs AS epochs_planned
FROM config
JOIN sweep ON sweep.id = config.sweep
-- What rests on fewer trials than there are now would contradict the other columns.
LEFT JOIN config_analysis
  ON config_analysis.sweep = config.sweep AND config_analysis.config = config.ordinal AND config_analysis.n = config.n;

CREATE VIEW comparisons AS
SELECT
  sweep.name AS sweep,
  config_comparison.config,
  config_comparison.reference,
  config_comparison.other,
  config_comparison.n,
  config_comparison.difference,
  config_comparison.std,
  config_comparison.interval_low,
  config_comparison.interval_high,
  config_comparison.p_value,
  config_comparison.p_adjusted,
  config_comparison.effect_size,
  config_comparison.conclusion
FROM config_comparison
JOIN sweep ON sweep.id = config_comparison.sweep;

CREATE VIEW main_effects AS
SELECT
  sweep.name AS sweep,
  main_effect.parameter,
  main_effect.level,
  main_effect.label,
  main_effect.value,
  main_effect.configs,
  main_effect.trials,
  main_effect.mean,
  main_effect.interval_low,
  main_effect.interval_high,
  main_effect.effect
FROM main_effect
JOIN sweep ON sweep.id = main_effect.sweep;

CREATE VIEW parameter_importance AS
SELECT
  sweep.name AS sweep,
  importance_term.parameter,
  importance_term.with_parameter,
  importance_term.share,
  importance_term.method,
  importance_term.f,
  importance_term.df,
  importance_term.df_error,
  importance_term.p_value,
  importance_term.p_adjusted
FROM importance_term
JOIN sweep ON sweep.id = importance_term.sweep;

CREATE VIEW sweep_analyses AS
SELECT
  sweep.name AS sweep,
  sweep_analysis.trials,
  CAST(strftime('%Y-%m-%dT%H:%M:%fZ', sweep_analysis.analysed_at / 1000.0, 'unixepoch') AS TEXT) AS analysed_at,
  CAST(
    sweep_analysis.trials <> (
      SELECT count(trial.id) FROM trial
      WHERE trial.sweep = sweep.id AND trial.state = 'completed' AND trial.objective IS NOT NULL
    ) OR sweep_analysis.trials + sweep_analysis.lost <> (
      SELECT count(trial.id) FROM trial
      WHERE trial.sweep = sweep.id AND trial.state IN ('completed', 'failed', 'pruned', 'cancelled')
    ) AS INTEGER
  ) AS stale,
  sweep_analysis.warnings
FROM sweep_analysis
JOIN sweep ON sweep.id = sweep_analysis.sweep;

CREATE VIEW saved_queries AS
SELECT
  name,
  query,
  CAST(strftime('%Y-%m-%dT%H:%M:%fZ', saved_at / 1000.0, 'unixepoch') AS TEXT) AS saved_at
FROM saved_query;

CREATE VIEW trial_results AS
SELECT
  sweep.name AS sweep,
  trial.config,
  trial.replicate,
  trial.state,
  trial.failure_kind,
  trial.stop_reason,
  trial.epochs,
  trial.kept_epoch,
  config.params,
  trial.objective,
  trial.generalisation_gap,
  train_loss, train_data_loss, train_accuracy, train_mae, train_mse, train_rmse, train_r2, train_auc, train_f1,
  train_precision, train_recall,
  validation_loss, validation_data_loss, validation_accuracy, validation_mae, validation_mse, validation_rmse,
  validation_r2, validation_auc, validation_f1, validation_precision, validation_recall,
  test_loss, test_data_loss, test_accuracy, test_mae, test_mse, test_rmse, test_r2, test_auc, test_f1,
  test_precision, test_recall,
  trial.metrics
FROM trial
JOIN config ON config.sweep = trial.sweep AND config.ordinal = trial.config
JOIN sweep ON sweep.id = trial.sweep;

CREATE VIEW attempts AS
SELECT
  sweep.name AS sweep,
  trial.config,
  trial.replicate,
  trial.id AS trial,
  attempt.number AS attempt,
  attempt.run,
  attempt.outcome,
  attempt.failure_kind,
  CAST(strftime('%Y-%m-%dT%H:%M:%fZ', attempt.started_at / 1000.0, 'unixepoch') AS TEXT) AS started_at,
  CAST(strftime('%Y-%m-%dT%H:%M:%fZ', attempt.ended_at / 1000.0, 'unixepoch') AS TEXT) AS ended_at,
  attempt.seconds,
  attempt.epochs,
  attempt.worker,
  attempt.cohort,
  attempt.slot,
  attempt.width AS stack_width,
  attempt.company,
  attempt.layout,
  attempt.backend,
  attempt.fingerprint,
  attempt.resumed_from_epoch,
  attempt.message,
  attempt.note,
  attempt.loss_cause
FROM attempt
JOIN trial ON trial.id = attempt.trial
JOIN sweep ON sweep.id = trial.sweep;

CREATE VIEW learning_curves AS
SELECT
  sweep.name AS sweep,
  trial.config,
  trial.replicate,
  epoch.epoch,
  epoch.train_loss, epoch.train_data_loss, epoch.train_accuracy, epoch.train_mae, epoch.train_mse, epoch.train_rmse,
  epoch.train_r2, epoch.train_auc, epoch.train_f1, epoch.train_precision, epoch.train_recall,
  epoch.validation_loss, epoch.validation_data_loss, epoch.validation_accuracy, epoch.validation_mae,
  epoch.validation_mse, epoch.validation_rmse, epoch.validation_r2, epoch.validation_auc, epoch.validation_f1,
  epoch.validation_precision, epoch.validation_recall,
  epoch.test_loss, epoch.test_data_loss, epoch.test_accuracy, epoch.test_mae, epoch.test_mse, epoch.test_rmse,
  epoch.test_r2, epoch.test_auc, epoch.test_f1, epoch.test_precision, epoch.test_recall,
  epoch.metrics
FROM epoch
JOIN trial ON trial.id = epoch.trial
JOIN sweep ON sweep.id = trial.sweep;

CREATE VIEW layer_history AS
SELECT
  sweep.name AS sweep,
  trial.config,
  trial.replicate,
  layer_epoch.epoch,
  layer_epoch.layer,
  layer_epoch.kernel_norm,
  layer_epoch.gradient_norm,
  layer_epoch.clipped_share
FROM layer_epoch
JOIN trial ON trial.id = layer_epoch.trial
JOIN sweep ON sweep.id = trial.sweep;

CREATE VIEW failures AS
SELECT
  sweep.name AS sweep,
  trial.config,
  trial.replicate,
  trial.id AS trial,
  trial.failure_kind,
  trial.epochs AS epoch,
  attempt.last_loss,
  attempt.message,
  attempt.advice,
  trial.attempts,
  config.params,
  attempt.stack
FROM trial
JOIN attempt ON attempt.trial = trial.id AND attempt.number = trial.attempts
JOIN config ON config.sweep = trial.sweep AND config.ordinal = trial.config
JOIN sweep ON sweep.id = trial.sweep
WHERE trial.state = 'failed';

CREATE VIEW progress AS
SELECT
  sweep.name AS sweep,
  CAST(count(trial.id) AS INTEGER) AS trials,
  CAST(count(trial.id) FILTER (WHERE trial.state = 'queued') AS INTEGER) AS queued,
  CAST(count(trial.id) FILTER (WHERE trial.state = 'running') AS INTEGER) AS running,
  CAST(count(trial.id) FILTER (WHERE trial.state = 'paused') AS INTEGER) AS paused,
  CAST(count(trial.id) FILTER (WHERE trial.state = 'completed') AS INTEGER) AS completed,
  CAST(count(trial.id) FILTER (WHERE trial.state = 'pruned') AS INTEGER) AS pruned,
  CAST(count(trial.id) FILTER (WHERE trial.state = 'failed') AS INTEGER) AS failed,
  CAST(count(trial.id) FILTER (WHERE trial.state = 'cancelled') AS INTEGER) AS cancelled,
  CAST(sum(trial.epochs) AS INTEGER) AS epochs_done,
  sweep.epochs_planned
FROM trial
JOIN sweep ON sweep.id = trial.sweep
GROUP BY sweep.id;
