/** The columns of the table of trials: what each says, and which of them a screen has room for. Pure. */

import { formatMeasure, formatParamCell } from '../format.ts';
import type { TrialOrder, TrialRow } from '../queries.ts';
import type { Snapshot } from '../snapshot.ts';
import { layTable, type TableColumn } from '../table.ts';
import type { Glyphs } from '../theme.ts';

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

/** Measures that not every sweep has. */
export type Measure = 'validation_loss' | 'train_loss' | 'generalisation_gap';

const CONFIG = column('config', 'config', (row) => String(row.config));
const REPLICATE = column('replicate', 'rep', (row) => String(row.replicate));
const EPOCH = column('epoch', 'epoch', ({ epoch, budget }) => (epoch > budget ? String(epoch) : `${epoch}/${budget}`));
const OBJECTIVE = measure('objective', 'objective');
const MEASURES: readonly Measure[] = ['validation_loss', 'train_loss', 'generalisation_gap'];
const MEASURE_TITLES: Readonly<Record<Measure, string>> = {
  validation_loss: 'val. loss',
  train_loss: 'train loss',
  generalisation_gap: 'gap',
};

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

/** What there is to be shown of the trials of a sweep. */
export interface TrialFields {
  readonly parameters: readonly string[];
  /** Those that some trial has. */
  readonly measures: ReadonlySet<Measure>;
}

export interface TrialLayoutOptions extends TrialFields {
  readonly order: Pick<TrialOrder, 'by' | 'descending'>;
  /** Columns that are scrolled out of sight. */
  readonly skipped: number;
  readonly width: number;
  readonly glyphs: Glyphs;
}

/** Columns for these rows. The one that they are sorted by is always among them. */
export function layTrials(rows: readonly TrialRow[], options: TrialLayoutOptions): TrialLayout {
  const { order, skipped, width, glyphs } = options;
  const { pinned, others } = choose(options, width);
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

/** Params come before most measures where there is no room for all. */
function choose({ parameters, measures }: TrialFields, width: number): Choice {
  const params = parameters.map((name) =>
    column(name, name, (row, { missing }) => formatParamCell(row.params[name], missing)),
  );
  const known = (...names: readonly Measure[]): readonly TrialColumn[] =>
    names.filter((name) => measures.has(name)).map((name) => measure(name, MEASURE_TITLES[name]));
  if (width < ROOMY) {
    return {
      pinned: [CONFIG, REPLICATE, STATE_MARK, OBJECTIVE],
      others: [...params, EPOCH, ...known(...MEASURES)],
    };
  }
  return {
    pinned: [CONFIG, REPLICATE, STATE, EPOCH, OBJECTIVE],
    others:
      width < WIDE
        ? [...known('validation_loss'), ...params, ...known('train_loss', 'generalisation_gap')]
        : [...known(...MEASURES), ...params],
  };
}

/** All that trials can be sorted by, as they are offered. */
export function sortableColumns(fields: TrialFields): readonly TrialColumn[] {
  const { pinned, others } = choose(fields, WIDE);
  return [...pinned, ...others];
}

/** Which measures one of these rows has. */
export function measuresOf(rows: readonly TrialRow[]): readonly Measure[] {
  return MEASURES.filter((name) => rows.some((row) => row[name] !== null));
}

/** Whether the first trials are to be those with the greatest values: the best ones, where that can be said. */
export function startsDescending(by: string, { goal }: Pick<Snapshot, 'goal'>): boolean {
  return by === 'objective' && goal === 'maximize';
}

function column(by: string, title: string, cell: TrialColumn['cell']): TrialColumn {
  return { by, title, align: 'right', cell };
}

function measure(by: 'objective' | Measure, title: string): TrialColumn {
  return column(by, title, (row, { missing }) => formatMeasure(row[by], missing));
}
