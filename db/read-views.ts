/** The views of a database, and what their columns are. */

import type Database from 'better-sqlite3';
import { didYouMean } from '../src/did-you-mean.ts';
import { SweepError } from '../src/errors.ts';
import { sweepColumns } from './sweep-rows.ts';
import { type ColumnDocument, VIEW_DOCUMENTS } from './view-documents.ts';

export interface ViewColumns {
  readonly view: string;
  /** What a row is, as a sentence without its full stop. */
  readonly rows: string;
  readonly columns: readonly string[];
}

const CURVES = '.curves';

/** By name. */
export function readViews(db: Database.Database): ViewColumns[] {
  const columns = db.prepare<[string], string>('SELECT name FROM pragma_table_info(?)').pluck();
  return db
    .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'view' ORDER BY name")
    .pluck()
    .all()
    .map((view) => ({ view, rows: rowsOf(view), columns: columns.all(view) }));
}

function rowsOf(view: string): string {
  if (isShared(view)) return VIEW_DOCUMENTS[view].rows;
  return isCurves(view) ? 'A row per recorded epoch of this sweep' : 'A row per trial of this sweep';
}

function isShared(view: string): view is keyof typeof VIEW_DOCUMENTS {
  return Object.hasOwn(VIEW_DOCUMENTS, view);
}

/** Whether a sweep's own view is that of its epochs. */
function isCurves(view: string): boolean {
  return view.endsWith(CURVES);
}

/** The columns of a view in words. @throws SweepError `usage` where there is no such view */
export function describeView(db: Database.Database, name: string): readonly ColumnDocument[] {
  if (isShared(name)) return VIEW_DOCUMENTS[name].columns;
  const views = readViews(db);
  const found = views.find(({ view }) => view === name);
  if (found) return ownViewColumns(db, found);
  throw new SweepError('usage', {
    message: `there is no view '${name}'`,
    hint:
      didYouMean(
        name,
        views.map(({ view }) => view),
      ) ?? 'nightsweep sql --views lists them',
  });
}

/** Of a view of one sweep: the columns that it shares with all, its parameters, and the metrics of its module. */
function ownViewColumns(db: Database.Database, { view, columns }: ViewColumns): ColumnDocument[] {
  const sweep = isCurves(view) ? view.slice(0, -CURVES.length) : view;
  const parameters = sweepColumns(db).find(({ name }) => name === sweep)?.parameters ?? [];
  const shared = isCurves(view) ? VIEW_DOCUMENTS.learning_curves : VIEW_DOCUMENTS.trial_results;
  return columns.map((column) => {
    const known = shared.columns.find(([name]) => name === column);
    if (parameters.includes(column))
      return [column, 'ANY', 'searched parameter; NULL where a config does not reach it'];
    return known ?? [column, 'REAL', "reported by the sweep's own module"];
  });
}
