/** Mistakes inside `search` that a schema cannot see: ranges, steps, conditions, names. Pure. */

import { contains, same, stepFits, type Scalar } from '../search/domain.ts';
import { didYouMean } from '../did-you-mean.ts';
import { isResultColumn } from '../sql-names.ts';
import { isMap, show, type Mistake, type Path } from './mistake.ts';
import { looksLikeReference, PARAMETER_NAME } from './references.ts';
import type { Parameter } from './schema/search.ts';
import { spaceOf, type Space } from './space.ts';

export function searchMistakes(search: Readonly<Record<string, Parameter>>): Mistake[] {
  const space = spaceOf(search);
  const names = Object.keys(search);
  const mistakes = names.flatMap((name) => nameMistakes(name, names));
  for (const [name, parameter] of Object.entries(search)) {
    const path: Path = ['search', name];
    mistakes.push(...('values' in parameter ? valueMistakes(parameter.values, path) : rangeMistakes(parameter, path)));
    mistakes.push(...whenMistakes(parameter.when, name, space));
  }
  return mistakes;
}

function nameMistakes(name: string, names: readonly string[]): Mistake[] {
  const path: Path = ['search', name];
  if (!PARAMETER_NAME.test(name)) {
    return [{ path, at: 'key', message: `a parameter's name must be letters, digits and _, but found ${show(name)}` }];
  }
  if (isResultColumn(name)) {
    const hint = `call it my_${name.toLowerCase()}, say`;
    return [{ path, at: 'key', message: `must not be called ${name}: that is a column of the sweep's view`, hint }];
  }
  const twin = names.find((other) => other !== name && other.toLowerCase() === name.toLowerCase());
  if (twin === undefined || names.indexOf(twin) > names.indexOf(name)) return [];
  return [{ path, at: 'key', message: `must differ from ${twin} by more than the case: columns in SQL ignore it` }];
}

function valueMistakes(values: readonly Scalar[] | Readonly<Record<string, unknown>>, path: Path): Mistake[] {
  const at: Path = [...path, 'values'];
  if (isMap(values)) {
    return Object.keys(values).length > 0
      ? []
      : [{ path: at, message: 'must have at least one choice, but found none' }];
  }
  return values.flatMap((value, index): Mistake[] => {
    if (looksLikeReference(value)) {
      const hint = `values: { ${value.slice(1).replace('.', '_')}: ${value}, ... }`;
      return [
        { path: [...at, index], message: `must be a plain value, but found ${show(value)}: give it a name`, hint },
      ];
    }
    const first = values.findIndex((other) => same(other, value));
    return first === index
      ? []
      : [{ path: [...at, index], message: `must be different values, but found ${show(value)} twice` }];
  });
}

function rangeMistakes(parameter: Extract<Parameter, { range: unknown }>, path: Path): Mistake[] {
  const { range, log, integer, step, points, also } = parameter;
  const [low, high] = range;
  const at: Path = [...path, 'range'];
  const mistakes: Mistake[] = [];
  if (low >= high)
    mistakes.push({ path: at, message: `low must be less than high, but found low ${low}, high ${high}` });
  if (log && low <= 0) {
    const hint = also ? 'start it above 0' : 'start it above 0; also: [0] with points adds 0';
    mistakes.push({ path: at, message: `low must be greater than 0 where log is true, but found ${low}`, hint });
  }
  if (integer && range.some((end) => !Number.isInteger(end))) {
    mistakes.push({
      path: at,
      message: `both ends must be whole numbers where integer is true, but found ${show(range)}`,
    });
  }
  if (step !== undefined && points !== undefined) {
    mistakes.push({ path: [...path, 'points'], message: 'must be left out where step is given' });
  }
  if (step !== undefined && log) {
    mistakes.push({
      path: [...path, 'step'],
      message: 'must be left out where log is true',
      hint: 'points spaces values evenly',
    });
  } else if (step !== undefined && low < high && !stepFits(range, step)) {
    const whole = Math.max(1, Math.round((high - low) / step));
    const hint = `step: ${Number(((high - low) / whole).toPrecision(6))} would`;
    mistakes.push({
      path: [...path, 'step'],
      message: `must lead from ${low} to ${high} in whole steps, but found ${step}`,
      hint,
    });
  } else if (step !== undefined && integer && !Number.isInteger(step)) {
    mistakes.push({
      path: [...path, 'step'],
      message: `must be a whole number where integer is true, but found ${step}`,
    });
  }
  if (also && step === undefined && points === undefined) {
    mistakes.push({ path: [...path, 'also'], message: 'must stand beside step or points: it adds values to a list' });
  }
  if (also && integer && also.some((value) => !Number.isInteger(value))) {
    mistakes.push({
      path: [...path, 'also'],
      message: `must be whole numbers where integer is true, but found ${show(also)}`,
    });
  }
  return mistakes;
}

function whenMistakes(when: Parameter['when'], name: string, space: Space): Mistake[] {
  return Object.entries(when ?? {}).flatMap(([other, allowed]): Mistake[] => {
    const path: Path = ['search', name, 'when', other];
    const parameter = space.get(other);
    if (other === name) return [{ path, at: 'key', message: 'must name another parameter than itself' }];
    if (!parameter) {
      const hint = didYouMean(other, space.keys());
      return [
        { path, at: 'key', message: `must be a searched parameter, but found ${other}`, ...(hint ? { hint } : {}) },
      ];
    }
    return [allowed].flat().flatMap((value): Mistake[] => {
      if (contains(parameter.domain, value)) return [];
      const hint = parameter.choices && didYouMean(String(value), Object.keys(parameter.choices));
      return [{ path, message: `must be a value of ${other}, but found ${show(value)}`, ...(hint ? { hint } : {}) }];
    });
  });
}
