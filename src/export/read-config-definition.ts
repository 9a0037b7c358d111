/** Reads a config of a sweep as a definition of its own, as data and as YAML that says where it comes from. */

import { readConfig, type ConfigFacts } from '../../db/read-config.ts';
import { sweepNamed, type SweepFacts } from '../../db/read-sweep.ts';
import type { Reader } from '../../db/reader.ts';
import { counted } from '../counted.ts';
import { formatMeasure } from '../dashboard/format.ts';
import { formatParam } from '../format-param.ts';
import { definitionText } from '../report/definition-text.ts';
import { configDefinition, writtenDefinition } from './config-definition.ts';

export interface ReadConfigDefinition {
  readonly definition: Readonly<Record<string, unknown>>;
  readonly yaml: string;
}

/**
 * @param suffix of the new sweep's name
 * @throws SweepError `usage` where there is no such sweep or config
 */
export function readConfigDefinition(
  reader: Reader,
  name: string,
  ordinal: number,
  suffix = `config-${ordinal}`,
): ReadConfigDefinition {
  const { sweep, facts } = reader.read((db) => {
    const found = sweepNamed(db, name);
    return { sweep: found, facts: readConfig(db, found, ordinal) };
  });
  const definition = configDefinition({
    definition: writtenDefinition(sweep.definition),
    config: facts.config,
    objective: sweep.objective,
    name: `${name}-${suffix}`,
  });
  const comment = originOf(sweep, facts).map((line) => `# ${line.replaceAll(/\s+/g, ' ')}\n`);
  return { definition, yaml: comment.join('') + definitionText(definition) };
}

function originOf({ name, configs, objective, file }: SweepFacts, { config, n, mean, std }: ConfigFacts): string[] {
  const params = Object.entries(config.params).map(([key, value]) => `${key} ${formatParam(value)}`);
  const spread = std === null ? '' : `, standard deviation ${formatMeasure(std)}`;
  const result =
    mean === null
      ? 'no result yet'
      : `mean ${objective} ${formatMeasure(mean)}${spread}, over ${counted(n, 'replicate')}`;
  return [
    `Config ${config.ordinal} of the ${configs} of sweep ${name}: ${result}.`,
    ...(params.length > 0 ? [`Its values, in place below: ${params.join(', ')}.`] : []),
    `Made from ${file}; files that it names have absolute paths, so that it can be run from any folder.`,
  ];
}
