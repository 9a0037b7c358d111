/**
 * Bundles the modules that a process or a thread of ours begins with, in place: a few files instead of several hundred
 * (docs/decisions/0023-entries-are-bundled.md).
 */

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative, sep } from 'node:path';
import { build } from 'esbuild';

/** Entries that lie equally deep, and so do their chunks: one relative address leads from each of them to the root of `dist`. */
const GROUPS = [
  {
    toRoot: '../../',
    chunks: 'src/chunks',
    entries: ['src/cli/main', 'src/coordinator/main', 'src/coordinator/rerun-main', 'src/coordinator/analysis-thread'],
  },
  { toRoot: '../', chunks: 'chunks', entries: ['workers/thread', 'workers/cohort-worker'] },
];

/**
 * Packages of many small files, or of much that we do not call. Others stay outside: they load native code or files beside
 * them, or must be there once for us and for users' modules (TensorFlow.js).
 */
const INLINED = /^(@stdlib|commander|crc-32|csv-parse|pbf|pino|string-width|yaml|zod)(\/|$)/;

/** Large packages of CommonJS. Node reads all of such a file for the names that it exports, where it is imported. */
const REQUIRED = /^@tensorflow\/tfjs-(core|layers)$/;

/** @param folder the one that `dist` is built in */
export async function bundleEntries(folder) {
  for (const { toRoot, chunks, entries } of GROUPS) {
    await build({
      absWorkingDir: folder,
      entryPoints: entries.map((entry) => `${entry}.js`),
      outbase: folder,
      outdir: folder,
      chunkNames: `${chunks}/[name]-[hash]`,
      allowOverwrite: true,
      bundle: true,
      splitting: true,
      keepNames: true,
      legalComments: 'linked',
      platform: 'node',
      format: 'esm',
      target: 'node20',
      // The CommonJS among what is inlined requires modules of Node's.
      banner: {
        js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
      },
      plugins: [
        withoutLocales,
        packagesRequired,
        packagesOutside,
        dashboardOutside(toRoot),
        ownAddresses(folder, toRoot),
      ],
      logLevel: 'warning',
    });
  }
}

/** Zod's messages in fifty languages, which nothing imports by name. */
const withoutLocales = {
  name: 'without-locales',
  setup(bundle) {
    const filter = /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/;
    bundle.onLoad({ filter }, () => ({ contents: 'export {};' }));
  },
};

/** Imports of a package become a module that requires it, and exports the names that it has. */
const packagesRequired = {
  name: 'packages-required',
  setup(bundle) {
    bundle.onResolve({ filter: REQUIRED }, ({ path, kind }) =>
      kind === 'import-statement' ? { path, namespace: 'required' } : undefined,
    );
    bundle.onLoad({ filter: /./, namespace: 'required' }, ({ path }) => {
      const names = Object.keys(createRequire(import.meta.url)(path));
      return { contents: `export const { ${names.join(', ')} } = require(${JSON.stringify(path)});` };
    });
  },
};

const packagesOutside = {
  name: 'packages-outside',
  setup(bundle) {
    bundle.onResolve({ filter: /^[^./]/ }, ({ path, kind, importer }) => {
      const inside = kind === 'entry-point' || INLINED.test(path) || importer.includes(`${sep}node_modules${sep}`);
      return inside ? undefined : { path, external: true };
    });
  },
};

/** It is a bundle already, with settings of its own. */
const dashboardOutside = (toRoot) => ({
  name: 'dashboard-outside',
  setup(bundle) {
    bundle.onResolve({ filter: /\/ink\.js$/ }, () => ({ path: `${toRoot}src/dashboard/ink.js`, external: true }));
  },
});

/** Modules find what lies beside them by `import.meta.url`, which in a bundle is the bundle's: each keeps its own. */
const ownAddresses = (folder, toRoot) => ({
  name: 'own-addresses',
  setup(bundle) {
    bundle.onLoad({ filter: /\.js$/ }, ({ path }) => {
      if (!path.startsWith(join(folder, sep))) return undefined;
      const own = relative(folder, path).split(sep).join('/');
      const address = `new URL(${JSON.stringify(toRoot + own)}, import.meta.url).href`;
      return { contents: readFileSync(path, 'utf8').replaceAll('import.meta.url', address) };
    });
  },
});
