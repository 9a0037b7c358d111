/** What the coordinator's process uses, and how busy its workers are: in a line, or a line for each worker below it. */

import { formatBytes } from '../format.ts';
import { sequence, span } from '../line.ts';
import type { Vitals, WorkerVitals } from '../snapshot.ts';
import { padStart } from '../text.ts';
import type { Span, Theme, Tone } from '../theme.ts';
import { LineView } from './line-view.tsx';

export interface VitalsViewProps {
  readonly vitals: Vitals;
  /** Workers that get a line of their own: all or none. */
  readonly workers: number;
  readonly theme: Theme;
  readonly width: number;
}

/** Share of the memory limit from which on it is worth a look: at the limit, the process ends to give memory back. */
const MUCH_MEMORY = 0.9;
const BUSY_CELLS = 10;

export function VitalsView({ vitals, workers, theme, width }: VitalsViewProps) {
  const { ellipsis } = theme.glyphs;
  const items = workers > 0 ? processItems(vitals) : [...processItems(vitals), ...busyItems(vitals.workers)];
  return (
    <>
      <LineView theme={theme} spans={sequence(items, width, ellipsis)} />
      {workers > 0 && (
        <LineView
          theme={theme}
          spans={sequence([[span(workerLine('worker', 'busy', 'trials', 'heap'), 'quiet')]], width, ellipsis)}
        />
      )}
      {vitals.workers.slice(0, workers).map((worker) => (
        <LineView key={worker.worker} theme={theme} spans={sequence([rowOf(worker, theme)], width, ellipsis)} />
      ))}
    </>
  );
}

function processItems({ cores, memory, memory_limit: limit }: Vitals): readonly (readonly Span[])[] {
  const tone: Tone = memory >= MUCH_MEMORY * limit ? 'warning' : 'plain';
  return [
    [span(cores.toFixed(1)), span(' cores', 'quiet')],
    [span(formatBytes(memory), tone), span(` of ${formatBytes(limit)} memory`, 'quiet')],
  ];
}

/** All workers at a glance. */
function busyItems(workers: readonly WorkerVitals[]): readonly (readonly Span[])[] {
  if (workers.length === 0) return [];
  return [[span('workers busy ', 'quiet'), span(workers.map(({ busy }) => percent(busy)).join(' '))]];
}

function rowOf({ worker, busy, trials, heap }: WorkerVitals, { glyphs }: Theme): readonly Span[] {
  const full = Math.round(busy * BUSY_CELLS);
  const bar = glyphs.bar.completed.repeat(full) + glyphs.bar.queued.repeat(BUSY_CELLS - full);
  const used = heap === null ? glyphs.missing : formatBytes(heap);
  return [span(workerLine(String(worker), `${bar} ${padStart(percent(busy), 5)}`, String(trials), used))];
}

function workerLine(worker: string, busy: string, trials: string, heap: string): string {
  const cells = [padStart(worker, 6), padStart(busy, BUSY_CELLS + 6), padStart(trials, 6), padStart(heap, 7)];
  return cells.join('  ');
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
