/**
 * Bundles the report's page into one script and one style sheet, `page.js` and `page.css`. Every report holds them, so the
 * licences of what is bundled stand in the script. Run by itself, it writes into `dist`.
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { root } from './setup/places.mjs';

const SOURCES = 'src/report/page';

/** @param folder the one that `dist` is built in */
export async function bundlePage(folder) {
  const options = {
    absWorkingDir: root,
    entryPoints: { page: `${SOURCES}/browser/main.tsx` },
    outdir: join(folder, SOURCES),
    bundle: true,
    minify: true,
    legalComments: 'none',
    format: 'iife',
    target: 'es2022',
    logLevel: 'warning',
  };
  const { metafile } = await build({ ...options, metafile: true, write: false });
  await build({ ...options, banner: { js: `/*!\n${licences(Object.keys(metafile.inputs))}\n*/` } });
  await build({ ...options, entryPoints: { page: `${SOURCES}/browser/page.css` }, target: 'es2024' });
}

/** The licence of every package that a bundled file comes from; those with equal terms together. */
function licences(files) {
  const folders = new Set(files.flatMap((file) => file.match(/^.*node_modules\/(@[^/]+\/)?[^/]+/)?.[0] ?? []));
  const packagesByText = new Map();
  for (const folder of [...folders].sort()) {
    const { name, version } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    const text = licenceIn(join(root, folder), name);
    packagesByText.set(text, [...(packagesByText.get(text) ?? []), `${name} ${version}`]);
  }
  return [...packagesByText].map(([text, packages]) => `${packages.join(', ')}\n\n${text}`).join('\n\n');
}

function licenceIn(folder, name) {
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  if (file === undefined) throw new Error(`${name} is bundled into the report's page, but has no licence file.`);
  return readFileSync(join(folder, file), 'utf8').trim().replaceAll('*/', '* /');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const dist = join(root, 'dist');
  if (!existsSync(join(dist, SOURCES))) throw new Error(`${dist}${sep} is not built yet: node scripts/build.mjs`);
  await bundlePage(dist);
}
