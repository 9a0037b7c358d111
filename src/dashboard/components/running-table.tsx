/** The trials that train right now: where they are and how they do. */

import { formatMeasure, formatParamCell } from '../format.ts';
import type { TablePlan } from '../layout.ts';
import type { RunningTrial, Snapshot } from '../snapshot.ts';
import type { TableColumn } from '../table.ts';
import type { Theme } from '../theme.ts';
import { TableView } from './table-view.tsx';

export interface RunningTableProps {
  readonly snapshot: Snapshot;
  readonly theme: Theme;
  readonly width: number;
  readonly plan: TablePlan;
}

const FIXED: readonly TableColumn[] = [
  { title: 'config', align: 'right', fixed: true },
  { title: 'rep', align: 'right', fixed: true },
  { title: 'epoch', align: 'right', fixed: true },
  { title: 'train loss', align: 'right', fixed: true },
];

export function RunningTable({ snapshot, theme, width, plan }: RunningTableProps) {
  const { running, parameters } = snapshot;
  const { missing } = theme.glyphs;
  const columns = [...FIXED, ...parameters.map((title): TableColumn => ({ title, align: 'right', fixed: false }))];
  const rows = byProgress(running).map((trial) => [
    String(trial.config),
    String(trial.replicate),
    trial.epoch > trial.epochs ? String(trial.epoch) : `${trial.epoch}/${trial.epochs}`,
    formatMeasure(trial.train_loss, missing),
    ...parameters.map((name) => formatParamCell(trial.params[name], missing)),
  ]);
  return (
    <TableView
      title="Running"
      remark={running.length > plan.rows ? `${plan.rows} of ${running.length}` : ''}
      columns={columns}
      rows={rows}
      empty={snapshot.live ? 'waiting for the first trial' : 'nothing runs'}
      theme={theme}
      width={width}
      plan={plan}
    />
  );
}

/** Trials that wait in a worker for a free slot, and have no loss yet, come after those that train. */
function byProgress(running: readonly RunningTrial[]): readonly RunningTrial[] {
  return [...running].sort((a, b) => Number(a.train_loss === null) - Number(b.train_loss === null));
}
