/** A definition whose trials a module of the user's runs: what it must say, and what means nothing there. Pure. */

import { goalOf, parseMetricName, type Goal } from '../metrics.ts';
import { show, type Mistake } from './mistake.ts';
import type { Rest } from './schema/definition.ts';

/** Built-in metrics have their goal, those of a module the one that is given. */
export function ownObjective(rest: Rest): { readonly metric: string; readonly goal: Goal } | undefined {
  const said = typeof rest.objective === 'object' ? rest.objective : { metric: rest.objective, goal: undefined };
  const { metric } = said;
  if (metric === undefined) return undefined;
  const builtIn = parseMetricName(metric);
  const goal = builtIn ? goalOf(builtIn.metric) : said.goal;
  return goal && { metric, goal };
}

export function ownTrialMistakes(rest: Rest): Mistake[] {
  return [...objectiveMistakes(rest), ...meaninglessMistakes(rest)];
}

function objectiveMistakes(rest: Rest): Mistake[] {
  const { objective } = rest;
  if (objective === undefined) {
    return [{ path: ['trial'], message: 'must have an objective beside it: a metric that the module reports' }];
  }
  const metric = typeof objective === 'object' ? objective.metric : objective;
  const given = typeof objective === 'object' ? objective.goal : undefined;
  const builtIn = parseMetricName(metric);
  if (!builtIn && given === undefined) {
    const message = `must say its goal, since ${show(metric)} is no built-in metric`;
    return [{ path: ['objective'], message, hint: `{ metric: ${metric}, goal: minimize }, or maximize` }];
  }
  if (builtIn && given !== undefined && given !== goalOf(builtIn.metric)) {
    const message = `must be ${goalOf(builtIn.metric)} for ${metric}, but found ${given}`;
    return [{ path: ['objective', 'goal'], message, hint: 'leave it out: a built-in metric has its own' }];
  }
  return [];
}

function meaninglessMistakes({ metrics, record, replicates }: Rest): Mistake[] {
  const mistakes: Mistake[] = [];
  if (metrics.length > 0) {
    const message = 'must be left out beside trial: all that the module reports is recorded';
    mistakes.push({ path: ['metrics'], message });
  }
  for (const key of ['weight_norms', 'gradient_norms'] as const) {
    if (record[key]) mistakes.push({ path: ['record', key], message: 'must be false beside trial: it has no layers' });
  }
  const vary = typeof replicates === 'number' ? [] : replicates.vary;
  vary.forEach((varied, index) => {
    if (varied === 'training') return;
    const message = `must be training beside trial, which has no ${varied} of ours, but found ${varied}`;
    mistakes.push({ path: ['replicates', 'vary', index], message });
  });
  return mistakes;
}
