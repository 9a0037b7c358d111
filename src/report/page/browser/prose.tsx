/** Texts with a little structure. */

import { Fragment } from 'preact';

/** What stands between backticks is code, as in the terminal's texts; a number stays with its per cent. */
export function Prose({ text }: { readonly text: string }) {
  const parts = text.replace(/(\d) %/g, '$1\u00a0%').split(/`([^`]+)`/);
  return <>{parts.map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part))}</>;
}

/** A name that may be broken after an underscore, where there is no room for it. */
export function BreakableName({ name }: { readonly name: string }) {
  return (
    <>
      {name.split(/(?<=_)/).map((part, index) => (
        <Fragment key={index}>
          {index > 0 && <wbr />}
          {part}
        </Fragment>
      ))}
    </>
  );
}
