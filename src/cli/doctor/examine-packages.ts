/** The doctor's view of our dependencies: which versions are installed, and whether SQLite's native part loads. */

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { packageRoot, packageVersion } from '../../package-info.ts';
import type { Finding } from './finding.ts';

/** Those whose version decides about bits, files or the screen. */
const SHOWN = ['@tensorflow/tfjs-core', '@tensorflow/tfjs-node', 'better-sqlite3', 'piscina', 'ink'];

const Manifest = z.object({
  version: z.string(),
  dependencies: z.record(z.string(), z.string()).default({}),
  optionalDependencies: z.record(z.string(), z.string()).default({}),
});

export async function examinePackages(): Promise<Finding[]> {
  return [examineVersions(), await examineSqlite()];
}

function examineVersions(): Finding {
  const { dependencies, optionalDependencies } = readManifest(packageRoot);
  const wanted = { ...dependencies, ...optionalDependencies };
  const found = SHOWN.map((name) => ({ name, version: installedVersion(name) }));
  const text = [`nightsweep ${packageVersion}`, ...found.map(({ name, version }) => `${name} ${version ?? 'missing'}`)];
  const wrong = found.filter(({ name, version }) => version !== wanted[name] && !(name in optionalDependencies));
  if (wrong.length === 0) return { subject: 'packages', grade: 'ok', text: text.join(', ') };
  const advice = `install them again: ${wrong.map(({ name }) => `${name} must be ${wanted[name]}`).join(', ')}`;
  return { subject: 'packages', grade: 'problem', text: text.join(', '), advice };
}

async function examineSqlite(): Promise<Finding> {
  try {
    const { default: Database } = await import('better-sqlite3');
    const db = new Database(':memory:');
    const version = z.string().parse(db.prepare('SELECT sqlite_version()').pluck().get());
    db.close();
    return { subject: 'SQLite', grade: 'ok', text: version };
  } catch (error) {
    const text = error instanceof Error ? (error.message.split('\n')[0] ?? error.name) : String(error);
    return { subject: 'SQLite', grade: 'problem', text, advice: '`nightsweep setup` compiles it' };
  }
}

function readManifest(folder: string): z.infer<typeof Manifest> {
  return Manifest.parse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')));
}

/** Looks through the node_modules folders above us, since not every package exports its package.json. */
function installedVersion(name: string): string | undefined {
  for (let folder = packageRoot; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return readManifest(candidate).version;
    if (dirname(folder) === folder) return undefined;
  }
}
