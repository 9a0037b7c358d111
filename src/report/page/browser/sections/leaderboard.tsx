/** Configs, best first, each with its interval in the table; sorted by any column. */

import { useState } from 'preact/hooks';
import type { LeaderRow, ReportData } from '../../../report-data.ts';
import { formatCount } from '../../../../dashboard/format.ts';
import { ScrolledTable } from '../figure.tsx';
import { BreakableName } from '../prose.tsx';
import { IntervalAxis, scaleFor, type Scale } from './interval.tsx';
import { Row } from './leaderboard-row.tsx';
import {
  DIFFERENCE,
  GAP,
  layoutOf,
  meanColumn,
  N,
  RANK,
  sortRows,
  type Column,
  type Layout,
  type Order,
} from './leaderboard-columns.ts';

/** Shown before anybody asks for more. */
const FIRST = 20;

export function LeaderboardSection({ data }: { readonly data: ReportData }) {
  const { leaderboard, sweep } = data;
  const [order, setOrder] = useState<Order>({ column: null, isDescending: false });
  const [showsAll, setShowsAll] = useState(leaderboard.length <= FIRST);
  const layout = layoutOf(data);
  const rows = sortRows(leaderboard, order);
  const isShown = (row: LeaderRow, index: number) => showsAll || index < FIRST || row.is_baseline;
  const scale = scaleFor(rows.filter(isShown));
  const { best, baseline, n } = layout;
  return (
    <>
      <p>
        By {sweep.objective}, {sweep.goal === 'maximize' ? 'higher' : 'lower'} is better. {describeDots(n)}
        {leaderboard.some((row) => row !== best && row.tied) && ' The results cannot tell a hollow dot from the best.'}
        {baseline && ' The dashed line is the baseline.'}
      </p>
      <ScrolledTable label="Table of configs">
        <Head layout={layout} objective={sweep.objective} scale={scale} order={order} setOrder={setOrder} />
        <tbody>
          {rows.map((row, index) => (
            <Row key={row.config} row={row} layout={layout} scale={scale} isShown={isShown(row, index)} />
          ))}
        </tbody>
      </ScrolledTable>
      {leaderboard.length > FIRST && (
        <p className="controls">
          <button type="button" aria-expanded={showsAll} onClick={() => setShowsAll(!showsAll)}>
            {showsAll ? `Show the first ${FIRST}` : `Show all ${leaderboard.length}`}
          </button>
          {sweep.configs > leaderboard.length && ` These are the best of ${formatCount(sweep.configs)} configs.`}
        </p>
      )}
    </>
  );
}

/** @param n replicates of all configs, where they have equally many */
function describeDots(n: number | undefined): string {
  if (n === 1) return 'A dot is the result of the one replicate.';
  const replicates = n === undefined ? 'n replicates' : `${n} replicates`;
  return `A dot is the mean over ${replicates}, ± the standard deviation, a line the 95\u00a0% interval of the mean.`;
}

interface Sorting {
  readonly order: Order;
  readonly setOrder: (order: Order) => void;
}

function Head(props: Sorting & { readonly layout: Layout; readonly objective: string; readonly scale: Scale }) {
  const { layout, objective, scale, order, setOrder } = props;
  const { parameters, baseline, n, hasGap } = layout;
  const before = [RANK, ...parameters, meanColumn(objective), ...(n === undefined ? [N] : [])];
  const header = (column: Column) => <SortableHeader key={column.key} {...{ column, order, setOrder }} />;
  return (
    <thead>
      {baseline && (
        <tr className="groups">
          <td colSpan={before.length + 2} />
          <th colSpan={3} scope="colgroup">
            Against the baseline
          </th>
        </tr>
      )}
      <tr>
        {before.map(header)}
        <th scope="col" className="plot">
          <IntervalAxis scale={scale} />
        </th>
        <th scope="col">Standing</th>
        {baseline && (
          <>
            {header(DIFFERENCE)}
            <th scope="col">95 % interval</th>
            <th scope="col">Conclusion</th>
          </>
        )}
        {hasGap && header(GAP)}
      </tr>
    </thead>
  );
}

function SortableHeader({ column, order, setOrder }: Sorting & { readonly column: Column }) {
  const isSorted = order.column?.key === column.key;
  const direction = order.isDescending ? 'descending' : 'ascending';
  const sort = () => setOrder({ column, isDescending: isSorted && !order.isDescending });
  return (
    <th scope="col" className={column.isNumber ? 'number' : ''} aria-sort={isSorted ? direction : 'none'}>
      <button type="button" onClick={sort}>
        <BreakableName name={column.title} />
      </button>
    </th>
  );
}
