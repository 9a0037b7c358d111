/** What somebody needs who wants to have the results again, or to look further: the definition, and commands. Pure. */

import { dirname, join } from 'node:path';
import { quoted } from '../../db/names.ts';
import type { SweepFacts } from '../../db/read-sweep.ts';
import { databaseFlag } from '../cli/next-step.ts';
import { commandName } from '../cli/command-name.ts';
import { shellWord } from '../cli/text/shell-word.ts';
import { isMap } from '../definition/mistake.ts';
import { definitionText } from './definition-text.ts';
import type { ReportData } from './report-data.ts';

type Reproduce = ReportData['reproduce'];
type Command = Reproduce['commands'][number];

export interface Facts {
  readonly sweep: SweepFacts;
  readonly fingerprints: Reproduce['fingerprints'];
  /** Ordinal of the best config; null without a result. */
  readonly best: number | null;
  /** As the user wrote it. */
  readonly database: string;
}

export function reproduce(facts: Facts): Reproduce {
  const { sweep, fingerprints } = facts;
  const { definition, file, hash, seed, versions } = sweep;
  return {
    // What was written, with the hashes of its files beside it.
    definition: definitionText(
      isMap(definition) && isMap(definition['definition']) ? definition['definition'] : definition,
    ),
    file,
    hash,
    seed,
    versions,
    fingerprints,
    commands: commandsOf(facts),
  };
}

function commandsOf({ sweep, fingerprints, best, database }: Facts): Command[] {
  const { name, parameters } = sweep;
  const db = databaseFlag(database);
  // The definition names its files relative to itself.
  const copy = join(dirname(sweep.file), `${name}-again.yaml`);
  const isPortable = fingerprints.some(({ fingerprint }) => fingerprint.includes('; portable;'));
  const again: Command = {
    command: `${commandName} run ${shellWord(copy)} --name ${name}-again${isPortable ? ' --portable' : ''}${db}`,
    does: `trains all of it again beside the first, once the definition above is saved as ${copy}; ${sameBits(isPortable)}`,
  };
  if (best === null) return [again];
  const [parameter] = parameters;
  const query =
    parameter === undefined
      ? `SELECT * FROM ${quoted(name)}`
      : `SELECT ${quoted(parameter)}, count(objective) AS n, avg(objective) AS mean FROM ${quoted(name)} GROUP BY 1`;
  return [
    { command: `${commandName} best ${name}${db}`, does: 'prints the best config' },
    { command: `${commandName} show ${name}/${best}/0${db}`, does: 'shows the first trial of the best config' },
    { command: `${commandName} sql ${shellWord(query)}${db}`, does: 'asks the results a question of your own' },
    {
      command: `${commandName} verify ${name} --rerun 5${db}`,
      does: 'trains five of its trials once more, and compares every number',
    },
    again,
  ];
}

function sameBits(isPortable: boolean): string {
  return isPortable
    ? 'the bits are the same on every x64 processor'
    : 'the bits are the same on this kind of processor, and on every x64 one between runs with --portable';
}
