/** All that it takes to get the same numbers again. */

import type { ReportData } from '../../../report-data.ts';
import { counted } from '../../../../counted.ts';
import { CopyButton } from '../switches.tsx';

export function ReproduceSection({ data: { reproduce } }: { readonly data: ReportData }) {
  const { commands, definition, file, fingerprints, hash, seed, versions } = reproduce;
  return (
    <>
      <div className="bar">
        <h3>Definition</h3>
        <CopyButton text={definition} what="the definition" />
      </div>
      <pre tabIndex={0}>{definition}</pre>
      {commands.length > 0 && (
        <>
          <h3>Commands</h3>
          <dl className="commands">
            {commands.map(({ command, does }) => (
              <div key={command}>
                <dt>
                  <code>{command}</code> <CopyButton text={command} what="the command" />
                </dt>
                <dd>{does}</dd>
              </div>
            ))}
          </dl>
        </>
      )}
      <h3>What it was made with</h3>
      <dl className="facts">
        <Fact name="File">{file}</Fact>
        <Fact name="Hash of the definition">{hash}</Fact>
        <Fact name="Seed">{String(seed)}</Fact>
        {Object.entries(versions).map(([name, version]) => (
          <Fact key={name} name={name}>
            {version}
          </Fact>
        ))}
        {fingerprints.map(({ fingerprint, trials }) => (
          <Fact key={fingerprint} name={`Fingerprint of ${counted(trials, 'trial')}`}>
            {fingerprint}
          </Fact>
        ))}
      </dl>
    </>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <code>{children}</code>
      </dd>
    </div>
  );
}
