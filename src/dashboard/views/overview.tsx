/** How far, how fast, when done, what is best, and what went wrong. */

import { Box } from 'ink';
import { BestTable } from '../components/best-table.tsx';
import { Progress } from '../components/progress.tsx';
import type { Answer, Query } from '../queries.ts';
import type { KeyHelp, Scene, View, Wish } from '../view.ts';

export class OverviewView implements View {
  readonly title = 'Overview';
  readonly isTyping = false;

  query(): Query | undefined {
    return undefined;
  }

  receive(_answer: Answer): void {}

  onKey(): Wish | undefined {
    return undefined;
  }

  keys(): readonly KeyHelp[] {
    return [];
  }

  draw({ snapshot, history, theme, area }: Scene) {
    return (
      <Box flexDirection="column">
        <Progress snapshot={snapshot} history={history} theme={theme} width={area.columns} counts />
        <BestTable
          snapshot={snapshot}
          theme={theme}
          width={area.columns}
          plan={{ rows: Math.max(0, area.rows - 6), header: true }}
        />
      </Box>
    );
  }
}
