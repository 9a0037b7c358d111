/** The verdict, the figures that people ask for first, and what they should bear in mind. */

import type { ReportData } from '../../../report-data.ts';
import { decimalsFor, formatCount, formatDuration, formatMean } from '../../../../dashboard/format.ts';
import { Prose } from '../prose.tsx';
import { describeParams, NONE, pValue, range, signed } from '../text.ts';

export function SummarySection({ data }: { readonly data: ReportData }) {
  return (
    <>
      <p className="headline">
        <Prose text={data.verdict.headline} />
      </p>
      {data.verdict.sentences.length > 0 && (
        <p className="verdict">
          <Prose text={data.verdict.sentences.join(' ')} />
        </p>
      )}
      <dl className="figures">
        {keyFigures(data).map(({ name, value, detail }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <strong>{value}</strong>
              <span>{detail}</span>
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}

interface KeyFigure {
  readonly name: string;
  readonly value: string;
  readonly detail: string;
}

function keyFigures({ sweep, leaderboard, failures }: ReportData): readonly KeyFigure[] {
  const [best] = leaderboard;
  const decimals = decimalsFor(leaderboard);
  const against = best?.against_baseline;
  const figures: (KeyFigure | undefined)[] = [
    best && {
      name: `Best ${sweep.objective}`,
      value: formatMean(best.mean, decimals),
      detail: best.interval
        ? `95 % ${range(best.interval, (value) => formatMean(value, decimals))}`
        : describeParams(best.params),
    },
    against
      ? {
          name: 'Against the baseline',
          value: signed(against.difference, decimals),
          detail:
            against.conclusion === null ? 'not comparable' : `${against.conclusion}, p ${pValue(against.p_adjusted)}`,
        }
      : undefined,
    {
      name: 'Configs',
      value: formatCount(sweep.configs),
      detail: `${sweep.replicates === 1 ? 'one replicate' : `${sweep.replicates} replicates`} each`,
    },
    { name: 'Trials', value: formatCount(sweep.trials), detail: describeStates(sweep.states) },
    {
      name: 'Epochs trained',
      value: formatCount(sweep.epochs),
      detail: sweep.seconds > 0 ? `in ${formatDuration(sweep.seconds)}` : NONE,
    },
    failures.total > 0
      ? {
          name: 'Failed',
          value: formatCount(failures.total),
          detail: failures.kinds.map(({ kind, trials }) => `${trials} ${kind}`).join(', '),
        }
      : undefined,
  ];
  return figures.filter((figure) => figure !== undefined);
}

function describeStates(states: ReportData['sweep']['states']): string {
  return Object.entries(states)
    .map(([state, trials]) => `${formatCount(trials)} ${state}`)
    .join(', ');
}

export function Remarks({ data: { warnings, split, notes } }: { readonly data: ReportData }) {
  const messages = [...warnings, ...split].map(({ message }) => message);
  return (
    <ul className="remarks">
      {[...messages, ...notes].map((message) => (
        <li key={message}>
          <Prose text={message} />
        </li>
      ))}
    </ul>
  );
}
