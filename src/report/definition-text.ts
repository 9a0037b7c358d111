/** A definition as YAML for people, which the loader reads as the same definition. Pure. */

import { Document, isCollection, isPair, isScalar, visit, type Node } from 'yaml';

/** A list or a map of plain values that fits in a line is written in one. */
const LINE_WIDTH = 100;

export function definitionText(definition: unknown): string {
  const document = new Document(definition);
  visit(document, {
    Collection(_, node) {
      if (node !== document.contents && isPlain(node)) node.flow = true;
    },
  });
  return document.toString({ lineWidth: LINE_WIDTH, flowCollectionPadding: true });
}

/** Whether nothing in it is a collection itself. */
function isPlain(node: Node): boolean {
  return isCollection(node) && node.items.every((item) => isScalar(isPair(item) ? item.value : item));
}
