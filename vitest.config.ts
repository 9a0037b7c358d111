/** How the tests run: in processes of their own, since native code and worker threads want a whole process. */

import { defineConfig } from 'vitest/config';
import { DeadlineReporter } from './scripts/deadline-reporter.ts';

const results = process.env['NIGHTSWEEP_TEST_RESULTS'];

// Ink draws less where it believes to be in CI; the tests are to see the same everywhere.
for (const name of Object.keys(process.env)) {
  if (/^(CI|CI_.*|CONTINUOUS_INTEGRATION)$/.test(name)) delete process.env[name];
}
// Suggested commands begin with npx where npm started us.
delete process.env['npm_command'];

/**
 * Pure code, or nearly so: nothing in a process tells one of these files that another one was there. A process for each of
 * them, which starts in half a second, would take a minute of `npm test`.
 */
const SHARING = [
  'test/{answers,definition,diagnosis,random,search,statistics}/**/*.test.ts',
  'test/dashboard/**/*.test.{ts,tsx}',
  'test/{data,db,export,report}/**/*.test.ts',
  'test/cli/{show,text}/*.test.ts',
  'test/coordinator/core/*.test.ts',
];

export default defineConfig({
  test: {
    projects: [
      { extends: true, test: { name: 'sharing', include: SHARING, isolate: false } },
      { extends: true, test: { name: 'alone', include: ['test/**/*.test.{ts,tsx}'], exclude: SHARING } },
    ],
    pool: 'forks',
    // By itself it leaves a core idle.
    maxWorkers: '100%',
    // Worker threads are started from TypeScript files, which Node 20 cannot read by itself.
    execArgv: ['--import', 'tsx'],
    globalSetup: 'test/empty-folder.ts',
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Five minutes are usual. .ci/run reads the counts from a file of its own.
    reporters: ['default', new DeadlineReporter(20), ...(results ? [['json', { outputFile: results }] as const] : [])],
    // Native code reads these once; they are the ones that the supervisor sets for a run.
    env: {
      TF_CPP_MIN_LOG_LEVEL: '2',
      TF_ENABLE_ONEDNN_OPTS: '0',
      TF_NUM_INTRAOP_THREADS: '1',
      TF_NUM_INTEROP_THREADS: '2',
    },
    coverage: { provider: 'v8', include: ['src/**', 'workers/**', 'db/**'] },
  },
});
