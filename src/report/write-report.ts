/** Writes the report of a sweep as one HTML file. */

import type { Reader } from '../../db/reader.ts';
import { collectReport, type CollectOptions } from './collect.ts';
import { renderPage } from './page/html.ts';
import { checkReportFile, writeReportFile } from './report-file.ts';

/** Returns the file's size in bytes. Errors: `SweepError` `usage` where there is no such sweep, or must be no such file. */
export async function writeReport(
  reader: Reader,
  name: string,
  { file, ...options }: CollectOptions & { readonly file: string },
): Promise<number> {
  // Before any work is done.
  await checkReportFile(file);
  return writeReportFile(file, renderPage(await collectReport(reader, name, options)));
}

/** In the current folder. */
export function reportFileOf(sweep: string): string {
  return `${sweep}-report.html`;
}
