/** Configs, best first, each with its interval in the table; sorted by any column. */

import { useState } from 'preact/hooks';
import type { LeaderRow, ReportData } from '../../../report-data.ts';
import { decimalsFor, formatMean } from '../../../../dashboard/format.ts';
import { Tag } from '../figure.tsx';
import { formatCell, measure, NONE, pValue, range, signed, withInterval } from '../text.ts';
import { IntervalAxis, IntervalMark, scaleFor } from './interval.tsx';

/** Shown before anybody asks for more. */
const FIRST = 20;

type Value = number | string | boolean | null;

interface Column {
  readonly title: string;
  readonly isNumber: boolean;
  readonly value: (row: LeaderRow) => Value;
}

interface Order {
  /** Title of the column; null is the order of ranks. */
  readonly column: Column | null;
  readonly isDescending: boolean;
}

export function LeaderboardSection({ data }: { readonly data: ReportData }) {
  const { leaderboard, sweep } = data;
  const [order, setOrder] = useState<Order>({ column: null, isDescending: false });
  const [showsAll, setShowsAll] = useState(leaderboard.length <= FIRST);
  const rows = sorted(leaderboard, order);
  const decimals = decimalsFor(leaderboard);
  const isShown = (row: LeaderRow, index: number) => showsAll || index < FIRST || row.is_baseline;
  const scale = scaleFor(rows.filter(isShown));
  const best = leaderboard.find(({ rank }) => rank === 1);
  const baseline = leaderboard.find(({ is_baseline }) => is_baseline);
  const hasGap = leaderboard.some(({ generalisation_gap }) => generalisation_gap !== null);
  const parameters = sweep.parameters.map((name): Column => ({
    title: name,
    isNumber: leaderboard.every(({ params }) => typeof (params[name] ?? 0) === 'number'),
    value: ({ params }) => params[name] ?? null,
  }));
  const header = (column: Column) => <SortableHeader key={column.title} {...{ column, order, setOrder }} />;

  return (
    <>
      <p>
        By {sweep.objective}, {sweep.goal === 'maximize' ? 'higher' : 'lower'} is better. A dot is the mean over
        replicates, its line the 95 % interval of the mean
        {leaderboard.some(({ tied }) => tied) && '; a hollow dot cannot be told from the best by these results'}
        {baseline && '. The dashed line is the baseline'}.
      </p>
      <div className="scrolled">
        <table className="leaderboard">
          <thead>
            <tr>
              {header(RANK)}
              {parameters.map(header)}
              {header({ ...MEAN, title: sweep.objective })}
              {header(N)}
              <th scope="col" className="plot">
                <IntervalAxis scale={scale} />
              </th>
              <th scope="col">Against the best</th>
              {baseline && header(DIFFERENCE)}
              {baseline && <th scope="col">95 % interval</th>}
              {baseline && <th scope="col">Conclusion</th>}
              {hasGap && header(GAP)}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, index) => (
              <tr
                key={row.config}
                className={[row.is_baseline ? 'baseline' : '', isShown(row, index) ? '' : 'more'].join(' ').trim()}
              >
                <th scope="row" className="number">
                  {row.rank}
                </th>
                {parameters.map(({ title, isNumber }) => (
                  <td key={title} className={isNumber ? 'number' : ''} title={String(row.params[title] ?? NONE)}>
                    {formatCell(row.params[title])}
                  </td>
                ))}
                <td className="number" title={withInterval(row.mean, row.interval)}>
                  {formatMean(row.mean, decimals)}
                  {row.std !== null && <small> ±{formatMean(row.std, decimals)}</small>}
                </td>
                <td className="number">{row.n}</td>
                <td className="plot">
                  <IntervalMark row={row} scale={scale} baseline={baseline?.mean ?? null} />
                </td>
                <td>
                  {row === best ? 'best' : row.tied === null ? NONE : row.tied ? 'tied' : 'worse'}
                  {row.is_baseline && <Tag>baseline</Tag>}
                </td>
                {baseline && <Against row={row} />}
                {hasGap && <td className="number">{measure(row.generalisation_gap)}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {leaderboard.length > FIRST && (
        <p className="controls">
          <button type="button" aria-expanded={showsAll} onClick={() => setShowsAll(!showsAll)}>
            {showsAll ? `Show the first ${FIRST}` : `Show all ${leaderboard.length}`}
          </button>
          {sweep.configs > leaderboard.length && ` These are the best of ${sweep.configs} configs.`}
        </p>
      )}
    </>
  );
}

const RANK: Column = { title: 'Rank', isNumber: true, value: ({ rank }) => rank };
const MEAN: Column = { title: 'Mean', isNumber: true, value: ({ mean }) => mean };
const N: Column = { title: 'n', isNumber: true, value: ({ n }) => n };
const DIFFERENCE: Column = {
  title: 'Difference from the baseline',
  isNumber: true,
  value: ({ against_baseline }) => against_baseline?.difference ?? null,
};
const GAP: Column = { title: 'Gap', isNumber: true, value: ({ generalisation_gap }) => generalisation_gap };

/** Stable; what is missing comes last in either direction. */
function sorted(rows: readonly LeaderRow[], { column, isDescending }: Order): readonly LeaderRow[] {
  if (column === null) return rows;
  const sign = isDescending ? -1 : 1;
  return rows.toSorted((a, b) => {
    const [x, y] = [column.value(a), column.value(b)];
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    if (typeof x === 'number' && typeof y === 'number') return sign * (x - y);
    return sign * String(x).localeCompare(String(y), 'en', { numeric: true });
  });
}

function SortableHeader(props: {
  readonly column: Column;
  readonly order: Order;
  readonly setOrder: (order: Order) => void;
}) {
  const { column, order, setOrder } = props;
  const isSorted = order.column?.title === column.title;
  const sort = () => setOrder({ column, isDescending: isSorted && !order.isDescending });
  const direction = order.isDescending ? 'descending' : 'ascending';
  return (
    <th scope="col" className={column.isNumber ? 'number' : ''} aria-sort={isSorted ? direction : 'none'}>
      <button type="button" onClick={sort}>
        {column.title}
      </button>
    </th>
  );
}

function Against({ row: { against_baseline: against, is_baseline } }: { readonly row: LeaderRow }) {
  if (against === null) {
    return (
      <>
        <td className="number">{NONE}</td>
        <td>{NONE}</td>
        <td>{is_baseline ? '' : NONE}</td>
      </>
    );
  }
  const { conclusion, p_adjusted } = against;
  return (
    <>
      <td className="number">{signed(against.difference)}</td>
      <td className="interval">{against.interval ? range(against.interval, signed) : NONE}</td>
      <td title={`p ${pValue(p_adjusted)}, for all comparisons at once`}>
        {conclusion === null ? NONE : <span className={`conclusion ${conclusion}`}>{conclusion}</span>}
      </td>
    </>
  );
}
