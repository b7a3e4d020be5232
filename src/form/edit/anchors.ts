/** Parts of a text that are written once, with an anchor, and used in other places. */
import { isAlias, isNode, isScalar, visit, type Node } from 'yaml';
import { isCollectionNode, type Readable } from './nodes.ts';
import { EditRefused, type Path } from './value.ts';

/** The refusal for a part that is written once and used in several places. */
export function sharedPart({ source: { document } }: Readable, path: Path): EditRefused | undefined {
  const used = new Set<string>();
  visit(document, { Alias: (_, { source }) => void used.add(source) });
  if (!used.size) return undefined;
  const around: unknown[] = [document.contents];
  for (const step of path) {
    const node = around.at(-1);
    around.push(isCollectionNode(node) ? node.get(step, true) : undefined);
  }
  const last = around.at(-1);
  const names = [...around.map(anchorOf), ...(isNode(last) ? anchorsIn(last) : [])];
  const name = names.find((one) => one !== undefined && used.has(one));
  if (name === undefined) return undefined;
  return new EditRefused(
    `this part is written once, at &${name}, and used in several places with *${name}`,
    'Make the change in the text of the form, so that you see all places.',
  );
}

/** The anchor that a node has, or that it refers to. */
const anchorOf = (node: unknown): string | undefined =>
  isAlias(node) ? node.source : isScalar(node) || isCollectionNode(node) ? node.anchor : undefined;

/** The anchors and aliases in `node`. */
export function anchorsIn(node: Node): string[] {
  const anchors: string[] = [];
  visit(node, { Node: (_, one) => void anchors.push(...[anchorOf(one) ?? []].flat()) });
  return anchors;
}
