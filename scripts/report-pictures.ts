/**
 * Takes the pictures of `docs/report.md` anew: `npx tsx scripts/report-pictures.ts REPORT.html...`, in Chromium. Each picture
 * is taken of the first of the reports that shows what it is of.
 */

import { pathToFileURL } from 'node:url';
import { chromium, type Browser } from 'playwright-core';
import { chromiumFile } from '../test/report/page/chromium.ts';

interface Picture {
  readonly name: string;
  readonly width: number;
  readonly scheme: 'light' | 'dark';
  /** From the top of the first to the bottom of the last. */
  readonly parts: readonly [first: string, last: string];
}

const PICTURES: readonly Picture[] = [
  { name: 'top', width: 1280, scheme: 'light', parts: ['.masthead', '#leaderboard'] },
  { name: 'effects', width: 1120, scheme: 'light', parts: ['#effects', '#pairs'] },
  { name: 'regions', width: 560, scheme: 'dark', parts: ['#regions', '#regions'] },
];
/** Pixels around what is shown. */
const MARGIN = 24;

async function take(browser: Browser, file: string, { name, width, scheme, parts }: Picture): Promise<boolean> {
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: scheme });
  await page.goto(pathToFileURL(file).href);
  const boxes = await Promise.all(
    parts.map((part) =>
      page
        .locator(part)
        .count()
        .then((count) => (count > 0 ? page.locator(part).boundingBox() : null)),
    ),
  );
  const [first, last] = boxes;
  if (first && last) {
    const clip = {
      x: first.x - MARGIN,
      y: Math.max(0, first.y),
      width: first.width + 2 * MARGIN,
      height: last.y + last.height - Math.max(0, first.y),
    };
    await page.screenshot({ path: `docs/report-${name}.png`, clip, fullPage: true });
  }
  await page.close();
  return Boolean(first && last);
}

const browser = await chromium.launch(chromiumFile === undefined ? {} : { executablePath: chromiumFile });
for (const picture of PICTURES) {
  for (const file of process.argv.slice(2)) if (await take(browser, file, picture)) break;
}
await browser.close();
