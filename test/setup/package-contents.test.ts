/** What is published: nothing that a user of the package cannot use. */

import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { z } from 'zod';

const Report = z.tuple([z.object({ files: z.array(z.object({ path: z.string() })) })]);

const ALLOWED = [
  /^dist\/(src|workers|db)\/.+\.(js|d\.ts)$/,
  /^dist\/src\/cli\/completions\/nightsweep\.(bash|fish|zsh)$/,
  // The licences of what bundles hold.
  /^dist\/src\/(chunks|dashboard)\/[^/]+\.js\.LEGAL\.txt$/,
  // How the report looks; every report holds it.
  /^dist\/src\/report\/page\/page\.css$/,
  /^dist\/db\/(migrations\/[^/]+|queries\/[^/]+|views)\.sql$/,
  /^scripts\/setup(\.mjs|\/[^/]+\.[mc]js)$/,
  /^sweeps\/[^/]+\.(yaml|ts)$/,
  /^sweeps\/data\/[^/]+$/,
  /^(package\.json|README\.md|LICENSE|CHANGELOG\.md)$/,
];

test('the package holds what runs, the sweeps with their modules and data, and nothing else', () => {
  const cwd = new URL('../..', import.meta.url);
  const output = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd, encoding: 'utf8' });
  const [{ files }] = Report.parse(JSON.parse(output));
  const paths = files.map(({ path }) => path);
  expect(paths.filter((path) => !ALLOWED.some((pattern) => pattern.test(path)))).toEqual([]);
  expect(paths).toEqual(
    expect.arrayContaining(['LICENSE', 'CHANGELOG.md', 'scripts/setup.mjs', 'scripts/setup/native.mjs']),
  );
});
