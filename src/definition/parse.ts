/** Text of a YAML or JSON file to a plain value that remembers where each part of it stands. */

import {
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Document,
  type Node,
  type YAMLParseError,
} from 'yaml';
import { SweepError, type Position, type Problem } from '../errors.ts';
import type { Locate, Path } from './mistake.ts';

export interface Source {
  readonly value: unknown;
  readonly locate: Locate;
}

/** Errors: `definition` with every mistake of syntax. JSON is read by the same rules, being a part of YAML. */
export function parseText(text: string, file: string): Source {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, merge: true, prettyErrors: false });
  const position = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col };
  };
  if (document.errors.length > 0) {
    throw new SweepError(
      'definition',
      withoutEchoes(document.errors).map((error) => ({ ...explain(error, text), position: position(error.pos[0]) })),
    );
  }
  const locate: Locate = (path, at) => position(offsetOf(document, path, at));
  return { value: toPlain(document, file), locate };
}

/** Once the parser is out of step, everything that follows is unexpected to it. */
function withoutEchoes(errors: readonly YAMLParseError[]): readonly YAMLParseError[] {
  const lost = errors.findIndex(({ code }) => code === 'UNEXPECTED_TOKEN');
  return lost < 0 ? errors : errors.slice(0, lost + 1);
}

function explain({ code, message, pos }: YAMLParseError, text: string): Problem {
  const [start] = pos;
  switch (code) {
    case 'MULTIPLE_DOCS':
      return {
        message: 'must be one definition, but a second YAML document begins here',
        hint: 'put it into a file of its own',
      };
    case 'DUPLICATE_KEY': {
      const key = /^[^\s:]+/.exec(text.slice(start))?.[0] ?? '';
      return { message: `must have every key once, but found ${key} again`, hint: 'leave one of them out' };
    }
    case 'TAB_AS_INDENT':
      return { message: 'must be indented by blanks, but found a tab' };
    default: {
      const said = `must be readable YAML or JSON: ${message.split('\n')[0] ?? ''}`;
      const isBraced = text[start] === '{' && text[start - 1] === '$';
      return { message: said, ...(isBraced ? { hint: 'a reference has no braces: $name' } : {}) };
    }
  }
}

function toPlain(document: Document, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 1000 });
  } catch (error) {
    // An alias without its anchor, or one that grows without end.
    const message = error instanceof Error ? error.message : String(error);
    throw new SweepError('definition', { message: `must be readable YAML: ${message}`, position: { file } });
  }
}

/** Offset of the deepest part of `path` that is written in the text: a missing key is shown at the map that misses it. */
function offsetOf(document: Document, path: Path, at: 'key' | 'value'): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const [depth, step] of path.entries()) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find(
        (item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(step),
      );
      if (!pair) return offset;
      const isLast = depth === path.length - 1;
      node = pair.value;
      const here = isLast && at === 'key' ? startOf(pair.key) : (startOf(pair.value) ?? startOf(pair.key));
      offset = here ?? offset;
    } else if (isSeq(node)) {
      node = node.items[Number(step)];
      offset = startOf(node) ?? offset;
    } else {
      return offset;
    }
  }
  return offset;
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? (node as Node).range?.[0] : undefined;
}
