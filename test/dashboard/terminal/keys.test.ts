/** Keys as terminals really send them, through Ink's own parser. */

import { PassThrough, Writable } from 'node:stream';
import { render } from 'ink';
import { createElement } from 'react';
import { expect, test } from 'vitest';
import { useKeys } from '../../../src/dashboard/terminal/use-keys.ts';
import type { Key } from '../../../src/dashboard/view.ts';

function Listener({ onKey }: { readonly onKey: (key: Key) => void }) {
  useKeys(onKey);
  return null;
}

/** The keys that come out when these bytes come in, each string at once; ends at `!`. */
async function keysFor(...inputs: readonly string[]): Promise<readonly Key[]> {
  const stdin = Object.assign(new PassThrough(), {
    isTTY: true,
    ref: () => undefined,
    unref: () => undefined,
    setRawMode: () => undefined,
  }) as unknown as NodeJS.ReadStream;
  const stdout = new Writable({ write: (_chunk, _encoding, done) => done() }) as unknown as NodeJS.WriteStream;
  const keys: Key[] = [];
  await new Promise<void>((done) => {
    const onKey = (key: Key): void => void (key === '!' ? done() : keys.push(key));
    const ink = render(createElement(Listener, { onKey }), { stdin, stdout, debug: true, exitOnCtrlC: false });
    void ink.waitUntilExit();
    for (const input of [...inputs, '!']) stdin.push(input);
  });
  return keys;
}

test('what moves', async () => {
  expect(await keysFor('\u001b[A', '\u001b[B', '\u001b[C', '\u001b[D')).toEqual(['up', 'down', 'right', 'left']);
  expect(await keysFor('\u001bOA', '\u001b[5~', '\u001b[6~', '\u001b[H', '\u001b[F')).toEqual([
    'up',
    'page-up',
    'page-down',
    'home',
    'end',
  ]);
});

test('tab, enter, backspace and control', async () => {
  expect(await keysFor('\t', '\u001b[Z', '\r', '\u007f', '\u0003', '\u0015')).toEqual([
    'tab',
    'shift-tab',
    'enter',
    'backspace',
    'ctrl-c',
    'ctrl-u',
  ]);
});

test('characters, also several at once and beyond ASCII', async () => {
  expect(await keysFor('j', 'G', 'lr<0.1', '学習')).toEqual(['j', 'G', 'l', 'r', '<', '0', '.', '1', '学', '習']);
  expect(await keysFor('/ab\r')).toEqual(['/', 'a', 'b', 'enter']);
  expect(await keysFor('\u0003\u0003')).toEqual(['ctrl-c', 'ctrl-c']);
});
