/**
 * Builds `dist` from the sources: plain tsc, and the SQL files and shell scripts beside the code that reads them. Bundled
 * are the dashboard (docs/decisions/0014-the-dashboard-is-bundled.md), what a process begins with
 * (docs/decisions/0023-entries-are-bundled.md), and the report's page, which runs in a browser.
 */

import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { build } from 'esbuild';
import { bundleEntries } from './bundle-entries.mjs';
import { bundlePage } from './bundle-page.mjs';
import { hashSources, writeStamp } from './setup/dist.mjs';
import { root } from './setup/places.mjs';

/** Ink's connection to a debugger in the browser, and the WebSockets that it needs, are no dependency of ours. */
const withoutDebugger = {
  name: 'without-debugger',
  setup(bundle) {
    bundle.onResolve({ filter: /^(react-devtools-core|\.\/devtools\.js)$/ }, ({ path }) => ({
      path,
      namespace: 'nothing',
    }));
    bundle.onLoad({ filter: /./, namespace: 'nothing' }, () => ({ contents: 'export default {};' }));
  },
};

const dist = join(root, 'dist');
// Built beside and swapped in at the end: a failed build keeps the old one, and no file outlives its source.
const fresh = join(root, `dist.${process.pid}`);

// Before tsc reads them: a file that is edited meanwhile must be built again.
const hash = hashSources();
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const args = [tsc, '-p', 'tsconfig.build.json', '--outDir', fresh];
const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });

if (status === 0) {
  for (const entry of readdirSync(join(root, 'db'))) {
    if (entry === 'migrations' || entry === 'queries' || entry.endsWith('.sql')) {
      cpSync(join(root, 'db', entry), join(fresh, 'db', entry), { recursive: true });
    }
  }
  cpSync(join(root, 'src/cli/completions'), join(fresh, 'src/cli/completions'), { recursive: true });
  await bundleDashboard(join(fresh, 'src/dashboard/ink.js'));
  await bundlePage(fresh);
  await bundleEntries(fresh);
  rmSync(dist, { recursive: true, force: true });
  renameSync(fresh, dist);
  writeStamp(hash);
} else {
  rmSync(fresh, { recursive: true, force: true });
  process.exitCode = status ?? 1;
}

/** Ink, React and what they need in one file, in place of the module that imports them: several hundred files less to load. */
async function bundleDashboard(file) {
  await build({
    entryPoints: [file],
    outfile: file,
    allowOverwrite: true,
    bundle: true,
    minify: true,
    legalComments: 'linked',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    // React's development build measures every render and keeps the measurements: too much for a whole night.
    define: {
      'process.env.NODE_ENV': '"production"',
      'process.env.DEV': '"false"',
      "process.env['DEV']": '"false"',
      // Yoga looks whether it is there, at which Node loads all of its HTTP client; the WebAssembly stands in the bundle.
      fetch: 'undefined',
    },
    plugins: [withoutDebugger],
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    logLevel: 'warning',
  });
}
