/** What views are drawn with in tests, and their lines. */

import { renderToString } from 'ink';
import { NO_HISTORY } from '../../../src/dashboard/history.ts';
import type { Snapshot } from '../../../src/dashboard/snapshot.ts';
import { themeFor } from '../../../src/dashboard/theme.ts';
import type { Key, Scene, View, Wish } from '../../../src/dashboard/view.ts';
import { SNAPSHOTS, STARTED } from '../../frames/snapshots.ts';

export const UNICODE = themeFor({ LANG: 'en_US.UTF-8' }, 'linux');
export const ASCII = themeFor({ LANG: 'C' }, 'linux');

/** Areas of views on screens of 80x24, 120x40 and 40x12. */
export const AREAS = [
  { columns: 80, rows: 20 },
  { columns: 120, rows: 36 },
  { columns: 40, rows: 8 },
] as const;

export function sceneOf(more: Partial<Scene> & { readonly sweep?: Partial<Snapshot> } = {}): Scene {
  const { sweep, ...scene } = more;
  return {
    snapshot: { ...SNAPSHOTS.running, ...sweep },
    history: NO_HISTORY,
    theme: UNICODE,
    area: AREAS[0],
    now: STARTED,
    ...scene,
  };
}

export function linesOf(view: View, scene: Scene): readonly string[] {
  return renderToString(<>{view.draw(scene)}</>, { columns: scene.area.columns }).split('\n');
}

/** Presses keys one after the other; what the last one has asked for. */
export function press(view: View, scene: Scene, ...keys: readonly Key[]): Wish | undefined {
  return keys.map((key) => view.onKey(key, scene)).at(-1);
}
