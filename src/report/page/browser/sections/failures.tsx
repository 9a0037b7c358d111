/** Trials that failed: of which kind, why probably, and what to do. */

import type { ReportData, FailureExample } from '../../../report-data.ts';
import type { DivergenceCause } from '../../../../diagnosis/diagnosis.ts';
import { counted } from '../../../../counted.ts';
import { ScrolledTable } from '../figure.tsx';
import { Prose } from '../prose.tsx';
import { describeParams } from '../text.ts';

const CAUSES: Readonly<Record<DivergenceCause['cause'], string>> = {
  learning_rate: 'The learning rate',
  data_preparation: 'The preparation of the data',
  loss_function: 'The loss function',
};

export function FailuresSection(props: { readonly failures: ReportData['failures']; readonly sweep: string }) {
  const { failures, sweep } = props;
  const rowsOf = (kind: string) => failures.rows.filter((row) => row.kind === kind);
  return (
    <>
      <p>{counted(failures.total, 'trial')} failed; the others are not affected.</p>
      {failures.causes.length > 0 && (
        <>
          <h3>Why training diverged, probably</h3>
          <dl className="causes">
            {failures.causes.map(({ cause, evidence, advice }) => (
              <div key={cause}>
                <dt>{CAUSES[cause]}</dt>
                <dd>
                  <ul>
                    {evidence.map((fact) => (
                      <li key={fact}>
                        <Prose text={fact} />
                      </li>
                    ))}
                  </ul>
                  To try: <Prose text={advice} />
                </dd>
              </div>
            ))}
          </dl>
        </>
      )}
      {failures.kinds.map(({ kind, trials }) => (
        <details key={kind}>
          <summary>
            {kind}: {counted(trials, 'trial')}
          </summary>
          <FailureTable rows={rowsOf(kind)} sweep={sweep} />
          {rowsOf(kind).length < trials && <p>These are the first {rowsOf(kind).length}.</p>}
        </details>
      ))}
    </>
  );
}

function FailureTable({ rows, sweep }: { readonly rows: readonly FailureExample[]; readonly sweep: string }) {
  return (
    <ScrolledTable label="Table of trials that failed">
      <thead>
        <tr>
          <th scope="col">Trial</th>
          <th scope="col">Params</th>
          <th scope="col" className="number">
            Epoch
          </th>
          <th scope="col">Message</th>
          <th scope="col">Advice</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ config, replicate, params, epoch, message, advice }) => (
          <tr key={`${config}/${replicate}`}>
            <td>
              <code>
                {sweep}/{config}/{replicate}
              </code>
            </td>
            <td>{describeParams(params)}</td>
            <td className="number">{epoch}</td>
            <td className="prose">{message}</td>
            <td className="prose">{advice !== null && <Prose text={advice} />}</td>
          </tr>
        ))}
      </tbody>
    </ScrolledTable>
  );
}
