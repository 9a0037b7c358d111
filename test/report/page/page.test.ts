/** The report's page in Chromium: it draws what the data hold, needs nothing else, and takes all text as text. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import axe, { type AxeResults } from 'axe-core';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { renderPage } from '../../../src/report/page/html.ts';
import type { ReportData } from '../../../src/report/report-data.ts';
import { emptyFolder } from '../../empty-folder.ts';
import { chromiumFile, mustHaveChromium } from './chromium.ts';
import { madeReport } from './made-report.ts';

/** Ends its element, opens a comment, does harm where it is taken for HTML or for a script, and is long. */
const HOSTILE = `"><img src=x onerror="globalThis.harmed=1"></script><!--<script>globalThis.harmed=1</script>\u2028\${1}${'w'.repeat(99)}`;
const WIDTHS = [360, 768, 1280];

const folder = emptyFolder();
let browser: Browser;

beforeAll(async () => {
  const { distStep } = await importScript('setup/dist.mjs');
  // Where a source has changed since, the page alone is built again.
  if (!distStep.isDone()) await (await importScript('bundle-page.mjs')).bundlePage(pathOf('dist'));
  if (chromiumFile !== undefined) browser = await chromium.launch({ executablePath: chromiumFile });
});

afterAll(() => browser?.close());

interface Opened {
  readonly page: Page;
  /** Messages on the console, errors, and requests besides the one for the file. */
  readonly complaints: readonly string[];
}

async function open(data: ReportData, options: Parameters<Browser['newPage']>[0] = {}): Promise<Opened> {
  const file = join(folder, 'report.html');
  writeFileSync(file, renderPage(data));
  const url = pathToFileURL(file).href;
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => {
    if (request.url() !== url && !request.url().startsWith('data:')) complaints.push(`request: ${request.url()}`);
  });
  await page.goto(url);
  return { page, complaints };
}

/** Texts in a column of the leaderboard's rows that are shown. */
function cells(page: Page, column: number): Promise<string[]> {
  return page.locator(`#leaderboard tbody tr:visible > :nth-child(${column})`).allInnerTexts();
}

test.runIf(mustHaveChromium)('Chromium is here, where it is demanded', () => {
  expect(chromiumFile).toBeDefined();
});

describe.skipIf(chromiumFile === undefined)('the page', () => {
  const data = madeReport();
  let made: Opened;
  let page: Page;

  beforeAll(async () => {
    made = await open(data);
    page = made.page;
  });

  test('draws every section without a complaint, and loads nothing', async () => {
    expect(await page.locator('h2').allInnerTexts()).toEqual([
      'Summary',
      'Caveats',
      'Leaderboard',
      'Learning curves',
      'Main effects',
      'What matters',
      'All configs',
      'Pairs of parameters',
      'Norms by layer',
      'Decision regions',
      'Diagnosis',
      'Failures',
      'How to reproduce',
    ]);
    const links = await page.locator('.contents a').evaluateAll((all) => all.map((link) => link.getAttribute('href')));
    expect(await page.locator(links.join(', ')).count()).toBe(links.length);
    expect(made.complaints).toEqual([]);
  });

  test('draws a mark for every number', async () => {
    const count = (selector: string) => page.locator(selector).count();
    const bands = data.curves.flatMap((config) => config.bands);
    expect(await count('#curves [aria-label=line] path')).toBe(bands.length);
    expect(await count('#curves [aria-label=area] path')).toBe(bands.length);
    expect(await count('#effects [aria-label=dot] circle')).toBe(data.main_effects.length);
    expect(await count('#importance [aria-label=bar] rect')).toBe(data.importance.length);
    expect(await count('#parallel [aria-label=line] path')).toBe(data.parallel.length);
    expect(await count('#pairs [aria-label=cell] rect')).toBe(data.heat_maps[0]?.cells.length);
    expect(await count('#layers [aria-label=line] path')).toBe(data.layers.flatMap(({ layers }) => layers).length);
    expect(await count('#regions [aria-label=raster] image')).toBe(1);
    expect(await count('#regions .square [aria-label=dot] path')).toBe(data.regions?.points.length);
    expect(await count('.error-bar')).toBe(data.diagnoses.length);
    expect(await wrongNumbers(page)).toEqual([]);
  });

  test('draws a line with a gap where a loss is not finite', async () => {
    const steps = await page
      .locator('#curves [aria-label=line] path')
      .evaluateAll((paths) => paths.map((path) => path.getAttribute('d')?.match(/L/g)?.length));
    expect(new Set(steps)).toEqual(new Set([39, 34]));
  });

  test('says of every chart what it shows', async () => {
    const charts = await page.locator('.chart:not([aria-hidden] *)').count();
    const labels = await page
      .locator('.chart > svg[role=img]')
      .evaluateAll((all) => all.map((chart) => chart.getAttribute('aria-label') ?? ''));
    expect(labels).toHaveLength(charts);
    expect(labels.filter((label) => label.length < 20)).toEqual([]);
  });

  test('shows exact values under the pointer, and one config among all', async () => {
    // Beside the point where lines meet the second axis.
    await page.locator('#parallel text', { hasText: /^0.001$/ }).hover();
    await page.locator('#parallel path.lit').waitFor({ state: 'attached' });
    expect(await page.locator('#parallel [aria-label=tip]').textContent()).toMatch(/config \d+/);
    expect(await page.locator('#parallel path.lit').count()).toBe(1);
  });

  test.each(['light', 'dark'] as const)('has text that can be read in %s colours', async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    expect(await faintTexts(page)).toEqual([]);
  });

  test('breaks no rule of accessibility that axe knows', async () => {
    await page.evaluate(axe.source);
    // Plot names the groups inside of a chart, which is a picture as a whole: nobody is told these names.
    const options = { rules: { 'aria-prohibited-attr': { enabled: false } }, resultTypes: ['violations'] };
    const { violations } = await page.evaluate<AxeResults>(`axe.run(document, ${JSON.stringify(options)})`);
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
  });

  test('changes its colours when asked to', async () => {
    const background = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    await page.emulateMedia({ colorScheme: 'dark' });
    const dark = await background();
    await page.getByRole('button', { name: 'Dark colours' }).click();
    expect(await background()).toBe(dark);
    await page.getByRole('button', { name: 'Light colours' }).click();
    expect(await background()).toBe('rgb(255, 255, 255)');
  });

  test('prints light on A4, with every row, no control and no chart cut off', async () => {
    onTestFinished(async () => {
      await page.emulateMedia({ media: null, colorScheme: null });
      await page.setViewportSize({ width: 1280, height: 900 });
    });
    // What is printed is 182 mm wide.
    await page.setViewportSize({ width: 688, height: 1000 });
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    expect(await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)).toBe(
      'rgb(255, 255, 255)',
    );
    expect(await cells(page, 1)).toHaveLength(data.leaderboard.length);
    expect(await page.locator('button:visible:not(th button)').count()).toBe(0);
    expect(await widest(page, '.chart > svg, table')).toBeLessThanOrEqual(688);
    const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true });
    const pages = pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0;
    expect(pages).toBeGreaterThan(3);
    expect(pages).toBeLessThan(16);
  });

  test('shows the first configs and the baseline, then all, and sorts them', async () => {
    const ranks = data.leaderboard.map(({ rank }) => rank);
    const baseline = data.leaderboard.find(({ is_baseline }) => is_baseline)?.rank ?? 0;
    expect(baseline).toBeGreaterThan(20);
    const numbers = async (column: number) => (await cells(page, column)).map((text) => Number.parseFloat(text));

    expect(await numbers(1)).toEqual([...ranks.slice(0, 20), baseline]);
    await page.getByRole('button', { name: 'Show all 24' }).click();
    expect(await numbers(1)).toEqual(ranks);

    await page.getByRole('button', { name: /^l2/ }).click();
    const l2 = data.leaderboard.map(({ params }) => Number(params['l2']));
    expect(await numbers(3)).toEqual(l2.toSorted((a, b) => a - b));
    await page.getByRole('button', { name: /^l2/ }).press('Enter');
    expect(await numbers(3)).toEqual(l2.toSorted((a, b) => b - a));
    expect(await page.locator('th[aria-sort=descending]').innerText()).toContain('l2');
  });

  test('takes hostile text as text, and fits into any width with it', async () => {
    const hostile = await open(madeReport({ word: HOSTILE }));
    for (const width of WIDTHS) {
      await hostile.page.setViewportSize({ width, height: 800 });
      await twoFrames(hostile.page);
      expect(await hostile.page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    }
    expect(await hostile.page.evaluate('globalThis.harmed')).toBeUndefined();
    expect(await hostile.page.locator('img').count()).toBe(0);
    for (const place of ['.headline', 'pre', '#leaderboard', '#failures', '#diagnosis', '#regions', '.remarks']) {
      expect(await hostile.page.locator(place).textContent(), place).toContain(HOSTILE);
    }
    expect(hostile.complaints).toEqual([]);
    await hostile.page.close();
  });

  test.each(WIDTHS)('needs no scrolling to the side at %i pixels', async (width) => {
    await page.setViewportSize({ width, height: 800 });
    await twoFrames(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    expect(await widest(page, '.chart:not(.scrolled) > svg')).toBeLessThanOrEqual(width);
    expect(made.complaints).toEqual([]);
  });

  test('leaves out sections that have nothing to show', async () => {
    const { page: empty, complaints } = await open({
      ...data,
      leaderboard: [],
      warnings: [],
      curves: [],
      main_effects: [],
      importance: [],
      parallel: [],
      heat_maps: [],
      layers: [],
      regions: null,
      diagnoses: [],
      split: [],
      notes: [],
      failures: { total: 0, kinds: [], rows: [], causes: [] },
    });
    expect(await empty.locator('h2').allInnerTexts()).toEqual(['Summary', 'How to reproduce']);
    expect(complaints).toEqual([]);
    await empty.close();
  });

  test('draws a single trial of one epoch, and a function of two features', async () => {
    const one = (values: readonly number[]) => values.slice(0, 1);
    const { page: single, complaints } = await open({
      ...data,
      leaderboard: data.leaderboard
        .slice(0, 1)
        .map((row) => ({ ...row, n: 1, std: null, interval: null, tied: null, against_baseline: null })),
      curves: data.curves.slice(0, 1).map((config) => ({
        ...config,
        bands: config.bands.map((band) => ({
          ...band,
          epochs: one(band.epochs),
          n: [1],
          mean: band.mean.slice(0, 1),
          low: [null],
          high: [null],
        })),
        kept_epochs: [1],
      })),
      main_effects: data.main_effects.map((row) => ({ ...row, mean: 0.8, interval: null, effect: 0 })),
      importance: data.importance.map((row) => ({ ...row, share: 0, f: null, p_value: null, p_adjusted: null })),
      parallel: data.parallel.slice(0, 2).map((row) => ({ ...row, mean: 0.8 })),
      heat_maps: data.heat_maps.map((map) => ({ ...map, cells: map.cells.slice(0, 1) })),
      layers: data.layers.map((history) => ({
        ...history,
        layers: [{ layer: 0, epochs: [1], mean: [0.5] }],
      })),
      regions: data.regions && {
        ...data.regions,
        classes: [],
        confidence: [],
        values: data.regions.values.map((_, index) => index / 100),
      },
    });
    expect(complaints).toEqual([]);
    expect(await wrongNumbers(single)).toEqual([]);
    expect(await single.locator('#curves [aria-label=dot] circle').count()).toBe(4);
    expect(await single.locator('#regions image').count()).toBe(1);
    await single.close();
  });

  test('goes on below a part that it cannot draw', async () => {
    const { page: broken, complaints } = await open({ ...data, heat_maps: [{} as ReportData['heat_maps'][number]] });
    expect(await broken.locator('#pairs').innerText()).toContain('could not be drawn: TypeError');
    expect(await broken.locator('#regions image').count()).toBe(1);
    expect(complaints).toHaveLength(1);
    await broken.close();
  });

  test('draws thousands of configs', async () => {
    const many = madeReport({ configs: 3000, goal: 'minimize' });
    const { page: night, complaints } = await open({ ...many, leaderboard: many.leaderboard.slice(0, 200) });
    expect(await night.locator('#parallel [aria-label=line] path').count()).toBe(3000);
    expect(complaints).toEqual([]);
    await night.close();
  });

  test('says the verdict where scripts do not run', async () => {
    const { page: still } = await open(data, { javaScriptEnabled: false });
    expect(await still.locator('body').innerText()).toContain('better than the baseline by 0.043');
    expect(await still.locator('body').innerText()).toContain('drawn by a script');
    await still.close();
  });
});

/** Attributes of charts that are no numbers: marks that are drawn nowhere. */
function wrongNumbers(page: Page): Promise<string[]> {
  return page
    .locator('svg *')
    .evaluateAll((all) =>
      all.flatMap((element) =>
        [...element.attributes]
          .filter(({ name, value }) => !/label|description/.test(name) && /NaN|Infinity|undefined/.test(value))
          .map(({ name, value }) => `${element.tagName} ${name}="${value}"`),
      ),
    );
}

/** Sizes are measured again in one frame, and drawn in the next. */
function twoFrames(page: Page): Promise<void> {
  return page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done()))));
}

/** Where the rightmost of these elements ends, in pixels. */
function widest(page: Page, selector: string): Promise<number> {
  return page
    .locator(selector)
    .evaluateAll((all) => Math.max(...all.map((element) => Math.round(element.getBoundingClientRect().right))));
}

/** Texts whose contrast with what lies behind them is below WCAG 2's 4.5. */
function faintTexts(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const context = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })!;
    /** Of colours laid over each other. */
    const luminance = (colors: readonly string[]): number => {
      for (const color of colors) {
        context.fillStyle = color;
        context.fillRect(0, 0, 1, 1);
      }
      const [red = 0, green = 0, blue = 0] = Array.from(context.getImageData(0, 0, 1, 1).data, (byte) => {
        const share = byte / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    /** In a heat map a text stands on a cell, which is no ancestor: both come in the order of the data. */
    const cellBehind = (element: Element): string[] => {
      const marks = element.closest('#pairs [aria-label=text]');
      const cells = marks?.parentElement?.querySelectorAll('[aria-label=cell] rect');
      const cell = marks && cells?.[[...marks.children].indexOf(element)];
      return cell ? [getComputedStyle(cell).fill] : [];
    };
    const faint: string[] = [];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
      const element = text.parentElement!;
      if (!text.textContent?.trim() || !element.checkVisibility() || element.closest('script, [aria-label=tip]'))
        continue;
      const behind = cellBehind(element);
      for (let at: Element | null = element; at; at = at.parentElement) {
        behind.unshift(getComputedStyle(at).backgroundColor);
      }
      const style = getComputedStyle(element);
      const pair = [luminance(behind), luminance([...behind, element.closest('svg') ? style.fill : style.color])];
      const contrast = (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
      if (contrast < 4.5) faint.push(`${text.textContent.trim()}: ${contrast.toFixed(2)}`);
    }
    return faint;
  });
}

function importScript(file: string): Promise<{
  readonly distStep: { isDone(): boolean };
  readonly bundlePage: (folder: string) => Promise<void>;
}> {
  return import(pathOf(`scripts/${file}`));
}

function pathOf(file: string): string {
  return fileURLToPath(new URL(`../../../${file}`, import.meta.url));
}
