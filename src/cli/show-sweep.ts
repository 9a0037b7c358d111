/** What `show` prints of a sweep: what it searches, how far it is, its best configs and its failures. Pure. */

import type { Reader, SweepOverview } from '../../db/reader.ts';
import type { Snapshot } from '../dashboard/snapshot.ts';
import { counted } from '../counted.ts';
import { leaderboardTable } from './leaderboard-table.ts';
import { stateOf } from '../dashboard/sweep-state.ts';
import { formatTable } from './table.ts';

export function sweepReport(
  sweep: SweepOverview,
  snapshot: Snapshot,
  notes: ReturnType<Reader['notes']>,
  width: number | undefined,
): string {
  const { parameters, objective } = sweep;
  const sections = [facts(sweep)];
  if (sweep.warnings.length > 0) sections.push(sweep.warnings.map((warning) => `warning: ${warning}\n`).join(''));
  const remarks = notes.map(
    ({ note, trials, configs }) =>
      `note: ${counted(trials, 'trial')} (${configs.length === 1 ? 'config' : 'configs'} ${configs.join(', ')}): ${note}\n`,
  );
  if (remarks.length > 0) sections.push(remarks.join(''));
  if (snapshot.best.length > 0) sections.push(leaderboardTable(snapshot.best, { parameters, objective, width }));
  if (snapshot.failures.length > 0) {
    const rows = snapshot.failures.map(({ config, replicate, kind, epoch, message }) => [
      `${sweep.name}/${config}/${replicate}`,
      kind,
      epoch,
      message,
    ]);
    sections.push(formatTable(['failed trial', 'kind', 'epoch', 'message'], rows, { width }));
  }
  return sections.join('\n');
}

function facts(sweep: SweepOverview): string {
  const states = Object.entries(sweep.states).filter(([, count]) => count > 0);
  const lines: readonly (readonly [string, string])[] = [
    ['sweep', `${sweep.name} (${stateOf(sweep)})`],
    ['definition', sweep.file],
    ['created', new Date(sweep.createdAt).toISOString()],
    [
      'versions',
      Object.entries(sweep.versions)
        .map((pair) => pair.join(' '))
        .join(', '),
    ],
    ['searches', sweep.parameters.join(', ') || '-'],
    ['objective', `${sweep.objective} (${sweep.goal})`],
    ['seed', String(sweep.seed)],
    ['trials', `${sweep.trials} = ${sweep.configs} configs x ${sweep.replicates} replicates`],
    ['states', states.map(([state, count]) => `${count} ${state}`).join(', ')],
    [
      'epochs',
      sweep.epochs > sweep.epochsPlanned ? String(sweep.epochs) : `${sweep.epochs} of at most ${sweep.epochsPlanned}`,
    ],
  ];
  return lines.map(([name, value]) => `${name.padEnd(12)}${value}\n`).join('');
}
