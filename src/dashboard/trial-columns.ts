/** The columns of the table of trials: what each says, and which of them a screen has room for. Pure. */

import { formatMeasure, formatParam } from './format.ts';
import type { TrialOrder, TrialRow } from './queries.ts';
import type { Snapshot } from './snapshot.ts';
import { layTable, type TableColumn } from './table.ts';
import type { Glyphs } from './theme.ts';

export interface TrialColumn {
  /** What `TrialOrder.by` calls it. */
  readonly by: string;
  readonly title: string;
  readonly align: TableColumn['align'];
  readonly cell: (row: TrialRow, glyphs: Glyphs) => string;
}

/** Columns of the terminal from which on there is room for words, and for all measures. */
const ROOMY = 60;
const WIDE = 100;

const CONFIG = column('config', 'config', (row) => String(row.config));
const REPLICATE = column('replicate', 'rep', (row) => String(row.replicate));
const EPOCH = column('epoch', 'epoch', ({ epoch, budget }) => (epoch > budget ? String(epoch) : `${epoch}/${budget}`));
const OBJECTIVE = measure('objective', 'objective');
const VALIDATION_LOSS = measure('validation_loss', 'val. loss');
const TRAIN_LOSS = measure('train_loss', 'train loss');
const GAP = measure('generalisation_gap', 'gap');

/** A failed trial says how it failed: that it did is said by its mark. */
const STATE: TrialColumn = {
  by: 'state',
  title: 'state',
  align: 'left',
  cell: ({ state, failure_kind }, { mark }) => `${mark[state]} ${failure_kind ?? state}`,
};
const STATE_MARK: TrialColumn = { ...STATE, title: '', cell: ({ state }, { mark }) => mark[state] };

/** What trials are and how they stand, always shown; and the rest, as far as there is room. */
interface Choice {
  readonly pinned: readonly TrialColumn[];
  readonly others: readonly TrialColumn[];
}

export interface TrialLayout {
  readonly columns: readonly TrialColumn[];
  /** The same, for the table. */
  readonly headings: readonly TableColumn[];
  /** Cells of all rows given. */
  readonly cells: readonly (readonly string[])[];
  /** Columns out of sight, at the left or for want of room. */
  readonly unseen: number;
  /** Whether scrolling on would bring another one into sight. */
  readonly scrolls: boolean;
}

export interface TrialLayoutOptions {
  readonly parameters: readonly string[];
  readonly order: Pick<TrialOrder, 'by' | 'descending'>;
  /** Columns that are scrolled out of sight. */
  readonly skipped: number;
  readonly width: number;
  readonly glyphs: Glyphs;
}

/** Columns for these rows. The one that they are sorted by is always among them. */
export function layTrials(rows: readonly TrialRow[], options: TrialLayoutOptions): TrialLayout {
  const { parameters, order, skipped, width, glyphs } = options;
  const { pinned, others } = choose(parameters, width);
  const isSorted = ({ by }: TrialColumn): boolean => by === order.by;
  const columns = [...pinned, ...others.filter((each, index) => index >= skipped || isSorted(each))];
  const headings = columns.map((each, index): TableColumn => ({
    title: isSorted(each) ? `${each.title}${glyphs[order.descending ? 'descending' : 'ascending']}` : each.title,
    align: each.align,
    fixed: index < pinned.length || isSorted(each),
  }));
  const cells = rows.map((row) => columns.map((each) => each.cell(row, glyphs)));
  const { shown, hidden } = layTable(headings, [], width, glyphs.ellipsis, cells);
  return {
    columns,
    headings,
    cells,
    unseen: pinned.length + others.length - shown.length,
    scrolls: hidden > 0 && skipped < others.length,
  };
}

/** Params come before the rest of the measures where there is no room for both. */
function choose(parameters: readonly string[], width: number): Choice {
  const params = parameters.map((name) =>
    column(name, name, (row, { missing }) => formatParam(row.params[name], missing)),
  );
  if (width < ROOMY)
    return {
      pinned: [CONFIG, REPLICATE, STATE_MARK, OBJECTIVE],
      others: [...params, EPOCH, VALIDATION_LOSS, TRAIN_LOSS, GAP],
    };
  return {
    pinned: [CONFIG, REPLICATE, STATE, EPOCH, OBJECTIVE],
    others:
      width < WIDE ? [VALIDATION_LOSS, ...params, TRAIN_LOSS, GAP] : [VALIDATION_LOSS, TRAIN_LOSS, GAP, ...params],
  };
}

/** All that trials can be sorted by, as they are offered. */
export function sortableColumns(parameters: readonly string[]): readonly TrialColumn[] {
  const { pinned, others } = choose(parameters, WIDE);
  return [...pinned, ...others];
}

/** Whether the first trials are to be those with the greatest values: the best ones, where that can be said. */
export function startsDescending(by: string, { goal }: Pick<Snapshot, 'goal'>): boolean {
  return by === 'objective' && goal === 'maximize';
}

function column(by: string, title: string, cell: TrialColumn['cell']): TrialColumn {
  return { by, title, align: 'right', cell };
}

function measure(
  by: 'objective' | 'validation_loss' | 'train_loss' | 'generalisation_gap',
  title: string,
): TrialColumn {
  return column(by, title, (row, { missing }) => formatMeasure(row[by], missing));
}
