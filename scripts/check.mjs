/** `npm test`: every check runs even where an earlier one failed, so that all faults are seen at once. */

import { spawnSync } from 'node:child_process';
import { npm, root } from './setup/places.mjs';

const CHECKS = ['typecheck', 'lint', 'format:check', 'dead-code', 'package-check', 'tests'];

const failed = CHECKS.filter((name) => {
  const [program, ...args] = npm('run', '--silent', name);
  return spawnSync(program, args, { cwd: root, stdio: 'inherit' }).status !== 0;
});
if (failed.length > 0) {
  console.error(`Failed: ${failed.map((name) => `npm run ${name}`).join(', ')}`);
  process.exitCode = 1;
}
