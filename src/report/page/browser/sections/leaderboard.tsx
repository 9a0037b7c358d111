/** Configs, best first, each with its interval in the table; sorted by any column. */

import { useState } from 'preact/hooks';
import type { LeaderRow, ReportData } from '../../../report-data.ts';
import { decimalsFor, formatMean } from '../../../../dashboard/format.ts';
import { counted } from '../../../../counted.ts';
import { ScrolledTable, Tag } from '../figure.tsx';
import { BreakableName } from '../prose.tsx';
import { formatCell, NONE, pValue, range, rounded, signed, withInterval } from '../text.ts';
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
  const [best] = leaderboard;
  const baseline = leaderboard.find(({ is_baseline }) => is_baseline);
  const hasGap = leaderboard.some(({ generalisation_gap }) => generalisation_gap !== null);
  const parameters = sweep.parameters.map((name): Column => ({
    title: name,
    isNumber: leaderboard.every(({ params }) => typeof (params[name] ?? 0) === 'number'),
    value: ({ params }) => params[name] ?? null,
  }));
  const header = (column: Column) => <SortableHeader key={column.title} {...{ column, order, setOrder }} />;
  const countOfAll = leaderboard.every(({ n }) => n === best?.n) ? best?.n : undefined;

  return (
    <>
      <p>
        By {sweep.objective}, {sweep.goal === 'maximize' ? 'higher' : 'lower'} is better. A dot is the mean
        {countOfAll === undefined ? ' over n replicates' : ` over ${counted(countOfAll, 'replicate')}`}, ± the standard
        deviation, a line the 95 % interval of the mean
        {leaderboard.some((row) => row !== best && row.tied) && '; the results cannot tell a hollow dot from the best'}
        {baseline && '. The dashed line is the baseline'}.
      </p>
      <ScrolledTable label="Leaderboard">
        <thead>
          {baseline && (
            <tr className="groups">
              <td colSpan={parameters.length + (countOfAll === undefined ? 5 : 4)} />
              <th colSpan={3} scope="colgroup">
                Against the baseline
              </th>
            </tr>
          )}
          <tr>
            {header(RANK)}
            {parameters.map(header)}
            {header({ ...MEAN, title: sweep.objective })}
            {countOfAll === undefined && header(N)}
            <th scope="col" className="plot">
              <IntervalAxis scale={scale} />
            </th>
            <th scope="col">Standing</th>
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
              <th scope="row" className="number" title={`config ${row.config}`}>
                {row.rank}
              </th>
              {parameters.map(({ title, isNumber }) => (
                <td key={title} className={isNumber ? 'number' : ''} title={String(row.params[title] ?? NONE)}>
                  {formatCell(row.params[title])}
                </td>
              ))}
              <td className="number" title={describeMean(row)}>
                {formatMean(row.mean, decimals)}
                {row.std !== null && <small> ±{rounded(row.std, decimals)}</small>}
              </td>
              {countOfAll === undefined && <td className="number">{row.n}</td>}
              <td className="plot">
                <IntervalMark
                  row={row}
                  isTied={row !== best && row.tied === true}
                  scale={scale}
                  baseline={baseline?.mean}
                />
              </td>
              <td>
                {row === best ? 'best' : row.tied === null ? NONE : row.tied ? 'tied' : 'worse'}
                {row.is_baseline && <Tag>baseline</Tag>}
              </td>
              {baseline && <Against row={row} decimals={decimals} />}
              {hasGap && (
                <td className="number">
                  {row.generalisation_gap === null ? NONE : signed(row.generalisation_gap, decimals)}
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </ScrolledTable>
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
  title: 'Difference',
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
        <BreakableName name={column.title} />
      </button>
    </th>
  );
}

/** The mean as exactly as it is known, and what other rows would say of it where that is known, too. */
function describeMean({ mean, interval, rows_interval }: LeaderRow): string {
  const rows = rows_interval && `; other rows of the same source: ${range(rows_interval)}`;
  return `${mean}; ${withInterval(mean, interval)}${rows ?? ''}`;
}

function Against({ row, decimals }: { readonly row: LeaderRow; readonly decimals: number }) {
  const against = row.against_baseline;
  const signedAt = (value: number) => signed(value, decimals);
  return (
    <>
      <td className="number">{against ? signedAt(against.difference) : NONE}</td>
      <td className="interval">{against?.interval ? range(against.interval, signedAt) : NONE}</td>
      <td title={against ? `p ${pValue(against.p_adjusted)}, for all comparisons at once` : undefined}>
        {against?.conclusion ? <span className={`conclusion ${against.conclusion}`}>{against.conclusion}</span> : NONE}
      </td>
    </>
  );
}
