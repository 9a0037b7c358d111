/** Reads a definition from disk, with the data files and modules it names: the only file of this folder that does. */

import { isUtf8 } from 'node:buffer';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SweepError, type Position, type Problem } from '../errors.ts';
import { didYouMean } from '../did-you-mean.ts';
import { sha256 } from '../sha256.ts';
import { definitionHash } from './hash.ts';
import { show, toProblem, valueAt, type Locate, type Mistake, type Path } from './mistake.ts';
import { parseText, type Source } from './parse.ts';
import { readDefinition, type ReadDefinition } from './read.ts';
import { resolveSweep } from './resolve-sweep.ts';
import type { FoundFile } from './resolve.ts';
import type { AnySweep } from './resolved.ts';
import { applySettings } from './settings.ts';

export interface LoadedDefinition {
  /** As given. */
  readonly file: string;
  /** What was written, `--set` and `--name` applied, with the hashes of the files it names: for the database and for `differences`. */
  readonly document: DefinitionDocument;
  readonly sweep: AnySweep;
  /** `definitionHash(sweep)`. */
  readonly hash: string;
  /** Where a path such as `data.target` is written, for mistakes that only the data show. */
  readonly locate: (path: string) => Position;
}

export interface DefinitionDocument {
  readonly definition: unknown;
  /** SHA-256 by the name that the definition uses. */
  readonly files: Readonly<Record<string, string>>;
}

export interface LoadOptions {
  /** `path=value`, each. */
  readonly set?: readonly string[] | undefined;
  /** Another name for the sweep. */
  readonly name?: string | undefined;
}

/** Errors: SweepError `definition` with every mistake found. */
export async function loadDefinition(file: string, options: LoadOptions = {}): Promise<LoadedDefinition> {
  const source = named(applySettings(await readSource(file), options.set ?? []), options.name);
  const reading = readDefinition(source.value);
  if (!reading.ok) throw mistaken(reading.mistakes, source.locate);
  const files = await findFiles(reading.read, dirname(resolve(file)), source.locate);
  const sweep = resolveSweep(reading.read, files);
  const hashes = Object.fromEntries([...files].map(([name, { sha256 }]) => [name, sha256]));
  return {
    file,
    document: { definition: source.value, files: hashes },
    sweep,
    hash: definitionHash(sweep),
    locate: (path) => source.locate(path.split('.'), 'value'),
  };
}

function mistaken(mistakes: readonly Mistake[], locate: Locate): SweepError {
  const problems = mistakes.map((mistake) => toProblem(mistake, locate));
  const place = ({ position }: Problem): number => (position?.line ?? 0) * 1e6 + (position?.column ?? 0);
  return new SweepError(
    'definition',
    problems.toSorted((a, b) => place(a) - place(b)),
  );
}

async function readSource(file: string): Promise<Source> {
  const kind = extname(file).toLowerCase();
  if (/^\.[cm]?[jt]s$/.test(kind)) return readModule(file);
  if (!['.yaml', '.yml', '.json'].includes(kind)) {
    const message = `must be a .yaml, .yml, .json, .ts or .js file, but found ${show(basename(file))}`;
    throw new SweepError('definition', { message, position: { file } });
  }
  return parseText(await readText(file), file);
}

async function readText(file: string): Promise<string> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (error) {
    const hint = isAbsent(error) ? await neighbourHint(file) : {};
    throw new SweepError('definition', { message: unreadable(error), position: { file }, ...hint });
  }
  if (!isUtf8(bytes) || bytes.includes(0)) {
    const message = 'must be UTF-8 text, but found bytes that are not';
    throw new SweepError('definition', { message, position: { file }, hint: 'save it as UTF-8' });
  }
  return bytes.toString('utf8').replace(/^\uFEFF/, '');
}

/** A module has no positions: its mistakes are shown with file and path. */
async function readModule(file: string): Promise<Source> {
  const locate: Locate = () => ({ file });
  await readText(file);
  const { tsImport } = await import('tsx/esm/api');
  let loaded: Record<string, unknown>;
  try {
    loaded = await tsImport(pathToFileURL(resolve(file)).href, import.meta.url);
  } catch (error) {
    const message = `must be a module that can be loaded: ${error instanceof Error ? error.message : String(error)}`;
    throw new SweepError('definition', { message, position: { file } });
  }
  const value = loaded['definition'] ?? defaultOf(loaded['default']);
  if (value === undefined) {
    const message = 'must export the definition as default or as `definition`, but exports neither';
    throw new SweepError('definition', { message, position: { file } });
  }
  return { value: plain(value), locate };
}

/** A CommonJS module's exports arrive as `default` of a default. */
function defaultOf(exported: unknown): unknown {
  if (typeof exported === 'object' && exported !== null && '__esModule' in exported && 'default' in exported) {
    return exported.default;
  }
  return exported;
}

/** A copy of own properties without the undefined ones; anything but maps and lists stays for the schema to refuse. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => (item === undefined ? [] : [[key, plain(item)]])),
  );
}

function named(source: Source, name: string | undefined): Source {
  if (name === undefined || typeof source.value !== 'object' || source.value === null) return source;
  return {
    value: { ...source.value, name },
    locate: (path, at) => (path[0] === 'name' ? { file: '--name' } : source.locate(path, at)),
  };
}

/** Where a config may name a file. */
const FILE_PLACES: readonly Path[] = [
  ['data', 'file'],
  ['model', 'module'],
  ['trial', 'module'],
];

/** Finds and hashes every file that some config names. */
async function findFiles(
  read: ReadDefinition,
  folder: string,
  locate: Locate,
): Promise<ReadonlyMap<string, FoundFile>> {
  const files = new Map<string, FoundFile>();
  const mistakes: Mistake[] = [];
  const { expansion } = read;
  const configs = 'trials' in read ? read.trials.map((trial) => ({ trial })) : read.sections;
  for (const [index, config] of configs.entries()) {
    for (const place of FILE_PLACES) {
      const name = valueAt(config, place);
      if (typeof name !== 'string' || files.has(name)) continue;
      const path = resolve(folder, name);
      try {
        if (!(await stat(path)).isFile()) throw new Error('it is no ordinary file');
        files.set(name, { path, sha256: sha256(await readFile(path)) });
      } catch (error) {
        const written = expansion.configs[index]?.instance.origin(place) ?? place;
        mistakes.push({ path: written, message: unreadable(error, name), ...(await neighbourHint(path)) });
        files.set(name, { path, sha256: '' });
      }
    }
  }
  if (mistakes.length > 0) throw mistaken(mistakes, locate);
  return files;
}

function unreadable(error: unknown, file?: string): string {
  const isFolder = error instanceof Error && 'code' in error && error.code === 'EISDIR';
  const said = isFolder ? 'it is a folder' : error instanceof Error ? error.message : String(error);
  const cause = isAbsent(error) ? 'there is none' : said;
  return `must be a readable file${file === undefined ? '' : `, but found ${show(file)}`}: ${cause}`;
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

async function neighbourHint(file: string): Promise<{ hint?: string }> {
  const names = await readdir(dirname(resolve(file))).catch(() => []);
  const hint = didYouMean(
    basename(file),
    names.filter((name) => name !== basename(file)),
  );
  return hint === undefined ? {} : { hint };
}
