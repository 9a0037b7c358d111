/** The report from top to bottom, like the results of a paper. A section without data is not there. */

import type { ComponentChildren } from 'preact';
import { useErrorBoundary } from 'preact/hooks';
import type { ReportData } from '../../report-data.ts';
import { SchemeSwitch } from './scheme-switch.tsx';
import { CurvesSection } from './sections/curves.tsx';
import { DiagnosisSection } from './sections/diagnosis.tsx';
import { EffectsSection, shownEffects } from './sections/effects.tsx';
import { FailuresSection } from './sections/failures.tsx';
import { HeatMapSection } from './sections/heat-maps.tsx';
import { ImportanceSection } from './sections/importance.tsx';
import { LayersSection } from './sections/layers.tsx';
import { LeaderboardSection } from './sections/leaderboard.tsx';
import { ParallelSection } from './sections/parallel.tsx';
import { RegionsSection } from './sections/regions.tsx';
import { ReproduceSection } from './sections/reproduce.tsx';
import { Remarks, SummarySection } from './sections/summary.tsx';
import { formatCount, formatDate, formatDuration } from '../../../dashboard/format.ts';

interface Part {
  readonly id: string;
  readonly title: string;
  readonly isShown: boolean;
  readonly body: () => ComponentChildren;
}

function partsOf(data: ReportData): readonly Part[] {
  const { failures, split, notes, warnings } = data;
  const parts: readonly Part[] = [
    { id: 'summary', title: 'Summary', isShown: true, body: () => <SummarySection data={data} /> },
    {
      id: 'remarks',
      title: 'Caveats',
      isShown: warnings.length + split.length + notes.length > 0,
      body: () => <Remarks data={data} />,
    },
    {
      id: 'leaderboard',
      title: 'Leaderboard',
      isShown: data.leaderboard.length > 0,
      body: () => <LeaderboardSection data={data} />,
    },
    {
      id: 'curves',
      title: 'Learning curves',
      isShown: data.curves.length > 0,
      body: () => <CurvesSection curves={data.curves} />,
    },
    {
      id: 'effects',
      title: 'Main effects',
      isShown: shownEffects(data).length > 0,
      body: () => <EffectsSection data={data} />,
    },
    {
      id: 'importance',
      title: 'What matters',
      isShown: data.importance.length > 0,
      body: () => <ImportanceSection rows={data.importance} />,
    },
    {
      id: 'parallel',
      title: 'All configs',
      isShown: data.parallel.length > 1,
      body: () => <ParallelSection data={data} />,
    },
    {
      id: 'pairs',
      title: 'Pairs of parameters',
      isShown: data.heat_maps.length > 0,
      body: () => <HeatMapSection data={data} />,
    },
    {
      id: 'layers',
      title: 'Norms by layer',
      isShown: data.layers.length > 0,
      body: () => <LayersSection histories={data.layers} />,
    },
    {
      id: 'regions',
      title: 'Decision regions',
      isShown: data.regions !== null,
      body: () => data.regions && <RegionsSection regions={data.regions} />,
    },
    {
      id: 'diagnosis',
      title: 'Diagnosis',
      isShown: data.diagnoses.length > 0,
      body: () => <DiagnosisSection data={data} />,
    },
    {
      id: 'failures',
      title: 'Failures',
      isShown: failures.total > 0,
      body: () => <FailuresSection failures={failures} sweep={data.sweep.name} />,
    },
    { id: 'reproduce', title: 'How to reproduce', isShown: true, body: () => <ReproduceSection data={data} /> },
  ];
  return parts.filter(({ isShown }) => isShown);
}

export function Page({ data }: { readonly data: ReportData }) {
  const parts = partsOf(data);
  return (
    <div className="frame">
      <nav className="contents" aria-label="Contents">
        <ol>
          {parts.map(({ id, title }) => (
            <li key={id}>
              <a href={`#${id}`}>{title}</a>
            </li>
          ))}
        </ol>
      </nav>
      <main>
        <Masthead data={data} />
        {parts.map(({ id, title, body }) => (
          <section key={id} id={id} aria-labelledby={`${id}-title`}>
            <h2 id={`${id}-title`}>{title}</h2>
            <Guarded body={body} />
          </section>
        ))}
        <footer>Written by nightsweep on {formatDate(Date.parse(data.written_at))}.</footer>
      </main>
    </div>
  );
}

/** A part that cannot be drawn leaves the others be. */
function Guarded({ body }: { readonly body: () => ComponentChildren }) {
  const [error] = useErrorBoundary((thrown) => reportError(thrown));
  return <>{error === undefined ? body() : <p>This part could not be drawn: {String(error)}</p>}</>;
}

const STATES = {
  running: 'still running',
  finished: 'finished',
  unfinished: 'not finished',
} as const;

function Masthead({ data: { sweep } }: { readonly data: ReportData }) {
  return (
    <header className="masthead">
      <div>
        <h1>{sweep.name}</h1>
        <p>
          <span className={`state ${sweep.state}`}>{STATES[sweep.state]}</span> {formatCount(sweep.trials)} trials
          {sweep.seconds > 0 && ` in ${formatDuration(sweep.seconds)}`}, started on{' '}
          {formatDate(Date.parse(sweep.created_at))}
        </p>
      </div>
      <SchemeSwitch />
    </header>
  );
}
