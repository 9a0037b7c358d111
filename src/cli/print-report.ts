/** The action of `nightsweep report`. */

import { spawn } from 'node:child_process';
import { hostname, userInfo } from 'node:os';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Reader } from '../../db/reader.ts';
import { formatBytes } from '../dashboard/format.ts';
import { collectReport } from '../report/collect.ts';
import { reportFileOf, writeReport } from '../report/write-report.ts';
import { paperForStdout } from './text/paint.ts';
import { shellWord } from './text/shell-word.ts';

export interface ReportOptions {
  readonly db: string;
  readonly out?: string;
  readonly open?: true;
  readonly json?: true;
}

/** Errors: `SweepError`, such as `usage` where there is no such sweep, or where the file must not be overwritten. */
export async function printReport(name: string, { db, out, open, json }: ReportOptions): Promise<void> {
  const reader = Reader.open(db);
  try {
    const options = { database: db, now: Date.now() };
    if (json) {
      process.stdout.write(`${JSON.stringify(await collectReport(reader, name, options))}\n`);
      return;
    }
    const file = out ?? reportFileOf(reader.sweepNamed(name).name);
    const bytes = await writeReport(reader, name, { ...options, file });
    const { paint } = paperForStdout();
    process.stdout.write(
      `Wrote ${paint(file, 'strong')} (${formatBytes(bytes)}): one file, which needs no network.\n${waysToSee(file)}`,
    );
    if (open) await openInBrowser(file);
  } finally {
    reader.close();
  }
}

function waysToSee(file: string): string {
  const path = resolve(file);
  const copy = `scp ${shellWord(`${account()}${hostname()}:${path}`)} .`;
  return `Open it in a browser: ${pathToFileURL(path).href}\nFrom another machine, copy it there first: ${copy}\n`;
}

/** `user@`; nothing where the system does not know the user, such as in some containers. */
function account(): string {
  try {
    return `${userInfo().username}@`;
  } catch {
    return '';
  }
}

const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
};

/** Openers end as soon as a browser has the file; some are the browser itself. Milliseconds. */
const OPENED_WITHIN = 2000;

/** Says so where no browser can be opened, such as over ssh: the file is there all the same. */
async function openInBrowser(file: string): Promise<void> {
  const [program, ...args] = OPENERS[process.platform] ?? ['xdg-open'];
  const child = spawn(program, [...args, resolve(file)], { stdio: 'ignore', detached: true });
  const trouble = await new Promise<string | undefined>((done) => {
    setTimeout(done, OPENED_WITHIN, undefined).unref();
    child.once('error', (error) => done(error.message));
    child.once('exit', (code) => done(code === 0 ? undefined : `${program} ended with code ${code}`));
  });
  child.unref();
  if (trouble !== undefined) process.stderr.write(`No browser could be opened: ${trouble}\n`);
}
