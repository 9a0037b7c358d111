/** Controls of charts and tables. */

import { useState } from 'preact/hooks';

export function Toggle(props: {
  readonly label: string;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
}) {
  const { label, isOn, onChange } = props;
  return (
    <label className="toggle">
      <input type="checkbox" checked={isOn} onChange={() => onChange(!isOn)} /> {label}
    </label>
  );
}

/** Copies a text; where the browser does not allow that, it says so. */
export function CopyButton({ text, what }: { readonly text: string; readonly what: string }) {
  const [answer, setAnswer] = useState('Copy');
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setAnswer('Copied'),
      () => setAnswer('Not allowed here'),
    );
  return (
    <button type="button" className="copy" aria-label={`${answer} ${what}`} onClick={() => void copy()}>
      {answer}
    </button>
  );
}
