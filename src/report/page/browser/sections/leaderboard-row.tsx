/** A config in the leaderboard. */

import type { LeaderRow } from '../../../report-data.ts';
import { formatMean } from '../../../../dashboard/format.ts';
import { Tag } from '../figure.tsx';
import { formatCell, NONE, pValue, range, rounded, signed, withInterval } from '../text.ts';
import { IntervalMark, type Scale } from './interval.tsx';
import type { Layout } from './leaderboard-columns.ts';

export function Row(props: {
  readonly row: LeaderRow;
  readonly layout: Layout;
  readonly scale: Scale;
  readonly isShown: boolean;
}) {
  const { row, layout, scale, isShown } = props;
  const { parameters, best, baseline, n, hasGap, decimals } = layout;
  return (
    <tr className={`${row.is_baseline ? 'baseline' : ''} ${isShown ? '' : 'more'}`.trim()}>
      <th scope="row" className="number" title={`config ${row.config}`}>
        {row.rank}
      </th>
      {parameters.map(({ key, isNumber, value }) => (
        <td key={key} className={isNumber ? 'number' : ''} title={String(value(row) ?? NONE)}>
          {formatCell(value(row))}
        </td>
      ))}
      <td className="number" title={describeMean(row)}>
        {formatMean(row.mean, decimals)}
        {row.std !== null && <small> ±{rounded(row.std, decimals)}</small>}
      </td>
      {n === undefined && <td className="number">{row.n}</td>}
      <td className="plot">
        <IntervalMark row={row} isTied={row !== best && row.tied === true} scale={scale} baseline={baseline?.mean} />
      </td>
      <td>
        {row === best ? 'best' : row.tied === null ? NONE : row.tied ? 'tied' : 'worse'}
        {row.is_baseline && <Tag>baseline</Tag>}
      </td>
      {baseline && <Against comparison={row.against_baseline} decimals={decimals} />}
      {hasGap && (
        <td className="number">{row.generalisation_gap === null ? NONE : signed(row.generalisation_gap, decimals)}</td>
      )}
    </tr>
  );
}

/** The mean as exactly as it is known, and what other rows would say of it where that is known, too. */
function describeMean({ mean, interval, rows_interval }: LeaderRow): string {
  const rows = rows_interval && `; other rows of the same source: ${range(rows_interval)}`;
  return `${mean}; ${withInterval(mean, interval)}${rows ?? ''}`;
}

function Against(props: { readonly comparison: LeaderRow['against_baseline']; readonly decimals: number }) {
  const { comparison, decimals } = props;
  const signedAt = (value: number) => signed(value, decimals);
  if (comparison === null) {
    return (
      <>
        <td className="number">{NONE}</td>
        <td>{NONE}</td>
        <td>{NONE}</td>
      </>
    );
  }
  const { difference, interval, conclusion, p_adjusted, effect_size } = comparison;
  const p = `p ${pValue(p_adjusted)}, for all comparisons at once`;
  return (
    <>
      <td className="number" title={String(difference)}>
        {signedAt(difference)}
      </td>
      <td className="interval">{interval ? range(interval, signedAt) : NONE}</td>
      <td title={effect_size === null ? p : `${p}; effect size ${signed(effect_size)} (Cohen's d of paired samples)`}>
        {conclusion ? <span className={`conclusion ${conclusion}`}>{conclusion}</span> : NONE}
      </td>
    </>
  );
}
