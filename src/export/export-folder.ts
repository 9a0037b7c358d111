/** The folder of an export: written elsewhere, moved into place when complete, and never over a file that is not ours. */

import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { SweepError } from '../errors.ts';

export interface ExportedFile {
  /** Its name in the folder; it may be a folder itself. */
  readonly file: string;
  readonly holds: string;
  readonly bytes: number;
  /** Of a table. */
  readonly rows?: number | undefined;
  readonly exported_at: string;
}

/** What stands in the folder as `export.json`. */
export interface Manifest {
  /** The version that has written it. */
  readonly nightsweep: string;
  readonly sweep: string;
  readonly hash: string;
  readonly files: readonly ExportedFile[];
}

const MANIFEST = 'export.json';

const manifestSchema: z.ZodType<Manifest> = z.object({
  nightsweep: z.string(),
  sweep: z.string(),
  hash: z.string(),
  files: z.array(
    z.object({
      file: z.string(),
      holds: z.string(),
      bytes: z.number(),
      rows: z.number().optional(),
      exported_at: z.string(),
    }),
  ),
});

export class ExportFolder {
  readonly path: string;
  /** Where the files of this export are written first. */
  readonly staging: string;
  readonly #known: readonly ExportedFile[];

  /**
   * @param names of the files that are to be written
   * @throws SweepError `usage` where one of them is there and no export has made it, or where an export of another sweep is
   */
  constructor(path: string, sweep: string, names: readonly string[]) {
    this.path = resolve(path);
    this.#known = ownFiles(this.path, sweep, [...names, MANIFEST]);
    const name = `.partial-${process.pid}`;
    // In a folder that is there: one beside it may be on another disk, or not ours to make.
    this.staging = existsSync(this.path) ? join(this.path, name) : `${this.path}${name}`;
    rmSync(this.staging, { recursive: true, force: true });
    mkdirSync(this.staging, { recursive: true });
  }

  /** Where a file is to be written. */
  place(name: string): string {
    return join(this.staging, name);
  }

  /** Moves what was written into place; files of earlier exports stay unless they are replaced. Returns all that is there. */
  finish(manifest: Manifest): readonly ExportedFile[] {
    const fresh = new Set(manifest.files.map(({ file }) => file));
    const files = [...manifest.files, ...this.#known.filter(({ file }) => !fresh.has(file))];
    writeFileSync(this.place(MANIFEST), `${JSON.stringify({ ...manifest, files }, null, 2)}\n`);
    if (!existsSync(this.path)) renameSync(this.staging, this.path);
    else {
      // First what says which files are ours.
      for (const name of [MANIFEST, ...fresh]) {
        const target = join(this.path, name);
        rmSync(target, { recursive: true, force: true });
        renameSync(this.place(name), target);
      }
      this.discard();
    }
    return files;
  }

  /** Removes what was written and not moved. */
  discard(): void {
    rmSync(this.staging, { recursive: true, force: true });
  }
}

/** The files there that exports of the sweep have made. */
function ownFiles(path: string, sweep: string, names: readonly string[]): readonly ExportedFile[] {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) throw refusal(path, 'it is a file', 'name another one with --to');
  const manifest = readManifest(join(path, MANIFEST));
  if (manifest && manifest.sweep !== sweep) {
    throw refusal(path, `it holds an export of sweep ${manifest.sweep}`, 'name another one with --to');
  }
  const ours = new Set([...(manifest?.files ?? []).map(({ file }) => file), ...(manifest ? [MANIFEST] : [])]);
  const foreign = names.find((name) => !ours.has(name) && existsSync(join(path, name)));
  if (foreign !== undefined) {
    throw refusal(path, `${foreign} is there, and no export has made it`, 'move it away, or name another with --to');
  }
  return manifest?.files ?? [];
}

function readManifest(file: string): Manifest | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return manifestSchema.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data;
  } catch {
    return undefined;
  }
}

function refusal(path: string, found: string, hint: string): SweepError {
  return new SweepError('usage', {
    position: { file: path },
    message: `must be a folder that an export may fill, but ${found}`,
    hint,
  });
}
