/** Light or dark: as the system has it until the reader chooses. Colours follow `color-scheme` in the style sheet. */

import { useState } from 'preact/hooks';

type Scheme = 'light' | 'dark';

export function SchemeSwitch() {
  const system: Scheme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  const [scheme, setScheme] = useState(system);
  const other: Scheme = scheme === 'dark' ? 'light' : 'dark';
  const change = () => {
    document.documentElement.dataset['scheme'] = other;
    setScheme(other);
  };
  return (
    <button type="button" className="scheme" onClick={change}>
      {other === 'dark' ? 'Dark' : 'Light'} colours
    </button>
  );
}
