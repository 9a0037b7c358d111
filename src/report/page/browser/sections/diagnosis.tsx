/** Bias and variance of the configs, and what the basic recipe advises. */

import type { ReportData } from '../../../report-data.ts';
import type { Diagnosis } from '../../../../diagnosis/diagnosis.ts';
import { Tag } from '../figure.tsx';
import { Prose } from '../prose.tsx';
import { describeConfigs, marksOf, measure, sentence } from '../text.ts';

export function DiagnosisSection({ data }: { readonly data: ReportData }) {
  const { diagnoses, leaderboard } = data;
  const describe = describeConfigs(data);
  const most = Math.max(...diagnoses.flatMap(({ train_error, dev_error }) => [train_error, dev_error]));
  const first = diagnoses[0];
  return (
    <>
      <p>
        The error on the {first?.part} part, in the parts that it is made of: the optimal error
        {first?.optimal_error === null && ' (not given, taken as 0)'}, bias (what the training error has beyond it) and
        variance (what the {first?.part} error has beyond the training error). Errors by {first?.metric}.
      </p>
      <ul className="legend">
        {(['optimal', 'bias', 'variance'] as const).map((part) => (
          <li key={part}>
            <span className={`swatch ${part}`} /> {part}
          </li>
        ))}
      </ul>
      <div className="diagnoses">
        {diagnoses.map((diagnosis, index) => (
          <article key={diagnosis.config}>
            <h3>
              {describe(diagnosis.config)}
              {leaderboard
                .filter(({ config }) => config === diagnosis.config)
                .flatMap((row) => marksOf(row, leaderboard[0]?.config))
                .map((mark) => (
                  <Tag key={mark}>{mark}</Tag>
                ))}
            </h3>
            <ErrorBar diagnosis={diagnosis} most={most} />
            <p>
              <Prose text={sentence(diagnosis.summary)} />
              {diagnosis.overfitting_epoch !== null && ` It overfits from epoch ${diagnosis.overfitting_epoch}.`}
            </p>
            {diagnosis.advice.length > 0 && (
              <details open={index === 0}>
                <summary>What to try</summary>
                <ul>
                  {diagnosis.advice.map((advice) => (
                    <li key={advice}>
                      <Prose text={advice} />
                    </li>
                  ))}
                </ul>
              </details>
            )}
          </article>
        ))}
      </div>
    </>
  );
}

function ErrorBar({ diagnosis, most }: { readonly diagnosis: Diagnosis; readonly most: number }) {
  const { bias, variance, optimal_error, train_error, dev_error, part } = diagnosis;
  const parts = [
    { name: 'optimal', size: optimal_error ?? 0 },
    { name: 'bias', size: bias },
    { name: 'variance', size: variance },
  ];
  const text = parts.map(({ name, size }) => `${name} ${measure(size)}`).join(', ');
  return (
    <div className="error">
      <div className="error-bar" role="img" aria-label={text} title={text}>
        {parts.map(({ name, size }) => (
          <span key={name} className={name} style={{ width: `${most > 0 ? (100 * Math.max(0, size)) / most : 0}%` }} />
        ))}
      </div>
      <span>
        train {measure(train_error)}, {part} {measure(dev_error)}
      </span>
    </div>
  );
}
