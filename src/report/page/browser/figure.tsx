/** A chart with its heading, among others like it. */

import type { ComponentChildren } from 'preact';

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
