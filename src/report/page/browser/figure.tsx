/** What frames charts and tables. */

import type { ComponentChildren } from 'preact';

/** A chart with its heading, among others like it. */
export function Figure(props: {
  readonly title: string;
  readonly marks?: readonly string[];
  readonly note?: string;
  readonly children: ComponentChildren;
}) {
  const { title, marks = [], note, children } = props;
  return (
    <figure>
      <figcaption>
        {title}
        {marks.map((mark) => (
          <Tag key={mark}>{mark}</Tag>
        ))}
        {note === undefined ? null : <small>{note}</small>}
      </figcaption>
      {children}
    </figure>
  );
}

export function Tag({ children }: { readonly children: ComponentChildren }) {
  return <span className="tag">{children}</span>;
}

/** A table that is scrolled by itself where it is too wide, by keys as well. */
export function ScrolledTable({ label, children }: { readonly label: string; readonly children: ComponentChildren }) {
  return (
    <div className="scrolled" tabIndex={0} role="region" aria-label={label}>
      <table>{children}</table>
    </div>
  );
}
