/** The report as one HTML file that needs nothing else: style, script and data stand in it, and it may load nothing. */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SweepError } from '../../errors.ts';
import { packageRoot } from '../../package-info.ts';
import type { ReportData } from '../report-data.ts';

/** Where `scripts/bundle-page.mjs` leaves what it made of `browser/`; the sources use the built files, too. */
const BUILT = join(packageRoot, 'dist', 'src', 'report', 'page');

/** @throws SweepError where the page has not been built */
export function renderPage(data: ReportData): string {
  const script = built('page.js');
  const title = escapeHtml(`${data.sweep.name}: report`);
  const verdict = [data.verdict.headline, ...data.verdict.sentences].map(escapeHtml);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policyFor(script)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="nightsweep">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>${built('page.css')}</style>
</head>
<body>
<div id="report">
<noscript>
<h1>${title}</h1>
<p>${verdict.join('</p>\n<p>')}</p>
<p>The tables and charts of this report are drawn by a script inside this file, which this browser does not run.</p>
</noscript>
</div>
<script type="application/json" id="data">${embedJson(data)}</script>
<script>${script}</script>
</body>
</html>
`;
}

/** Only this very script runs, and nothing is fetched; charts set styles of their own and draw one kind of picture. */
function policyFor(script: string): string {
  const hash = createHash('sha256').update(script).digest('base64');
  return [
    "default-src 'none'",
    `script-src 'sha256-${hash}'`,
    "style-src 'unsafe-inline'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

/** JSON that cannot end the element it stands in, nor open a comment there. */
function embedJson(data: ReportData): string {
  return JSON.stringify(data).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function built(file: string): string {
  try {
    return readFileSync(join(BUILT, file), 'utf8');
  } catch (error) {
    throw new SweepError('internal', {
      message: `the report's page must be built, but ${join(BUILT, file)} cannot be read: ${String(error)}`,
      hint: 'npm run build',
    });
  }
}
