/** The definitions that the documents show are sound. */

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { mistakesIn, soundly } from './reading.ts';

/** The first block of YAML in a document. */
function shownIn(document: string): string {
  const text = readFileSync(new URL(`../../${document}`, import.meta.url), 'utf8');
  const fence = '```yaml\n';
  const start = text.indexOf(fence);
  expect(start).toBeGreaterThanOrEqual(0);
  return text.slice(start + fence.length, text.indexOf('\n```', start));
}

test('the page on the format shows one with 7 x 4 x 3 x 3 configs, the baseline among them', () => {
  const { expansion } = soundly(shownIn('docs/definition.md'));
  expect(expansion.configs).toHaveLength(252);
  expect(expansion.baseline).not.toBeNull();
});

test('the README shows one without a mistake', () => {
  expect(mistakesIn(shownIn('README.md'))).toEqual([]);
});
