/** Dot and whisker of a config, small enough for a cell of a table; all cells of a column share a scale. */

import { scale as plotScale } from '@observablehq/plot';
import type { LeaderRow } from '../../../report-data.ts';
import { intervalDomain } from '../interval-domain.ts';
import { formatCell, withInterval } from '../text.ts';

const WIDTH = 150;
const HEIGHT = 20;
const MARGIN = 8;

export interface Scale {
  readonly low: number;
  readonly high: number;
  /** Pixels from the left. */
  readonly at: (value: number) => number;
}

/** Ends at round numbers; what lies beyond is drawn at its end. */
export function scaleFor(rows: readonly LeaderRow[]): Scale {
  const options = { domain: intervalDomain(rows), range: [MARGIN, WIDTH - MARGIN], nice: 10, clamp: true };
  const x = plotScale({ x: options }) as { readonly domain: [number, number]; apply(value: number): number };
  const [low, high] = x.domain;
  return { low, high, at: (value) => x.apply(value) };
}

export function IntervalAxis({ scale: { low, high } }: { readonly scale: Scale }) {
  return (
    <span className="axis">
      <span>{formatCell(low)}</span>
      <span>{formatCell(high)}</span>
    </span>
  );
}

export function IntervalMark(props: {
  readonly row: LeaderRow;
  readonly isTied: boolean;
  readonly scale: Scale;
  /** Its mean. */
  readonly baseline: number | undefined;
}) {
  const { row, isTied, scale, baseline } = props;
  const middle = HEIGHT / 2;
  return (
    <svg
      className="interval-mark"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      width={WIDTH}
      height={HEIGHT}
      role="img"
      aria-label={withInterval(row.mean, row.interval)}
    >
      {baseline !== undefined && (
        <line className="reference" x1={scale.at(baseline)} x2={scale.at(baseline)} y1={0} y2={HEIGHT} />
      )}
      {row.interval && (
        <line
          className="whisker"
          x1={scale.at(row.interval[0])}
          x2={scale.at(row.interval[1])}
          y1={middle}
          y2={middle}
        />
      )}
      <circle className={isTied ? 'tied' : ''} cx={scale.at(row.mean)} cy={middle} r={4} />
    </svg>
  );
}
