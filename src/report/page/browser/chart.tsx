/** A chart in the width that there is, drawn again when that changes. */

import { plot, type PlotOptions } from '@observablehq/plot';
import { useLayoutEffect, useRef } from 'preact/hooks';

export interface ChartProps {
  /** What the chart shows and what is found there: all that those know of it who cannot see it. None for a mere ornament. */
  readonly label?: string;
  /** Plot's options for a width in pixels. */
  readonly options: (width: number) => PlotOptions;
  /** Pixels below which the chart is scrolled rather than made narrower. */
  readonly least?: number;
  /** Adds to a chart what Plot has no option for. */
  readonly onDrawn?: (chart: Drawn) => void;
}

/** Plot's element; `value` is the datum below the pointer, and changes with every `input` event. */
export type Drawn = ReturnType<typeof plot>;

const STYLE = { background: 'transparent', fontFamily: 'inherit', fontSize: '12px', overflow: 'visible' };

export function Chart({ label, options, least = 0, onDrawn }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = place.current;
    if (!element) return;
    let drawn = 0;
    const draw = () => {
      const width = Math.max(least, Math.floor(element.clientWidth));
      if (width === drawn || width === 0) return;
      drawn = width;
      const svg = plot({ style: STYLE, width, ...options(width), ...(label !== undefined && { ariaLabel: label }) });
      if (label !== undefined) svg.setAttribute('role', 'img');
      onDrawn?.(svg);
      element.replaceChildren(svg);
    };
    draw();
    const observer = new ResizeObserver(draw);
    observer.observe(element);
    return () => observer.disconnect();
  }, [label, options, least, onDrawn]);
  return <div className={least > 0 ? 'chart scrolled' : 'chart'} ref={place} />;
}
