/** Drops steps whose results nobody uses, and entries of a loop's state that only keep themselves alive. */

import { operandsOf } from '../program.ts';
import type { Loop, Region, Step, TracedProgram } from '../program.ts';
import { withEntries } from './loop-entries.ts';
import { usedValues } from './values.ts';

export function deadCode(program: TracedProgram): TracedProgram {
  return { ...program, body: withoutDead(program.body) };
}

function withoutDead(region: Region): Region {
  const used = new Set(region.results);
  const steps: Step[] = [];
  for (const step of region.steps.toReversed()) {
    if (!step.outputs.some(({ id }) => used.has(id))) continue;
    const live = liveStep(step, used);
    operandsOf(live).forEach((id) => used.add(id));
    if (live.kind === 'in-place') usedValues(live.expansion, used);
    if (live.kind === 'loop') for (const inner of innerRegions(live)) usedValues(inner, used);
    steps.push(live);
  }
  return { ...region, steps: steps.toReversed() };
}

function innerRegions({ condition, body }: Loop): readonly Region[] {
  return condition ? [condition, body] : [body];
}

function liveStep(step: Step, used: ReadonlySet<number>): Step {
  switch (step.kind) {
    case 'operation':
    case 'update':
      return step;
    case 'in-place':
      return { ...step, expansion: withoutDead(step.expansion) };
    case 'loop':
      return liveLoop(step, used);
  }
}

/** An entry lives when its last value is used, or the condition or the next value of a living entry uses it. */
function liveLoop(loop: Loop, used: ReadonlySet<number>): Loop {
  const condition = loop.condition && withoutDead(loop.condition);
  const asked = condition ? usedValues(condition) : new Set<number>();
  let lives = loop.outputs.map(({ id }, entry) => used.has(id) || asked.has(condition?.parameters[entry]?.id ?? 0));
  for (;;) {
    const body = withoutDead({ ...loop.body, results: loop.body.results.filter((_, entry) => lives[entry]) });
    const needed = usedValues(body);
    const more = lives.map((live, entry) => live || needed.has(loop.body.parameters[entry + 1]!.id));
    if (more.every((live, entry) => live === lives[entry])) {
      const whole = { ...loop, ...(condition && { condition }), body: { ...body, results: loop.body.results } };
      return withEntries(whole, lives);
    }
    lives = more;
  }
}
