/** Draws the report in the browser, from the data that stand in the same file. */

import { render } from 'preact';
import type { ReportData } from '../../report-data.ts';
import { Page } from './page.tsx';

const place = document.getElementById('report');
const json = document.getElementById('data')?.textContent;
if (place && json) {
  // Written by `renderPage` into this very file.
  const data = JSON.parse(json) as ReportData;
  place.replaceChildren();
  render(<Page data={data} />, place);
}
