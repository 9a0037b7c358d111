/** Writes a report to a file: whole or not at all, and over nothing but an older report. */

import { randomUUID } from 'node:crypto';
import { open, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { SweepError } from '../errors.ts';

/** What every report has near its beginning, and nothing else has. */
const MARK = '<meta name="generator" content="nightsweep';
const MARK_WITHIN = 4096;

/** Errors: `SweepError` `usage` where there must not be a report. */
export async function checkReportFile(file: string): Promise<void> {
  const found = await statOf(file);
  if (found === undefined) {
    const folder = await statOf(dirname(file));
    if (folder?.isDirectory() !== true) {
      throw refused(`the folder of ${file} must exist`, `make it first: mkdir -p ${dirname(file)}`);
    }
    return;
  }
  const what = found.isDirectory() ? 'a folder' : found.isFile() ? 'a file of another kind' : 'no ordinary file';
  if (!found.isFile() || !(await isReport(file))) {
    throw refused(`only an older report is overwritten, but ${file} is ${what}`, 'name another file with --out');
  }
}

/** Returns its size in bytes. Who reads the older file at that moment sees all of it. Errors: as `checkReportFile`. */
export async function writeReportFile(file: string, html: string): Promise<number> {
  await checkReportFile(file);
  // A link stays one.
  const target = (await statOf(file)) === undefined ? file : await realpath(file);
  const temporary = `${target}.${randomUUID()}.tmp`;
  try {
    await writeFile(temporary, html, { flag: 'wx' });
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  return Buffer.byteLength(html);
}

async function statOf(file: string): Promise<Awaited<ReturnType<typeof stat>> | undefined> {
  try {
    return await stat(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return;
    throw error;
  }
}

async function isReport(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(MARK_WITHIN), 0, MARK_WITHIN, 0);
    return buffer.toString('utf8', 0, bytesRead).includes(MARK);
  } finally {
    await handle.close();
  }
}

function refused(message: string, hint: string): SweepError {
  return new SweepError('usage', { message, hint });
}
