import type { Node } from 'libpg-query';

/** A node of any kind: its kind, and its fields. */
export type Named = { readonly kind: string; readonly fields: { readonly [name: string]: unknown } };

const isObject = (value: unknown): value is { readonly [name: string]: unknown } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a node is called and holds: the parser wraps each as `{Kind: {…}}`. */
export const readNode = (value: unknown): Named | undefined => {
  if (!isObject(value)) return undefined;
  const [entry, more] = Object.entries(value);
  if (entry === undefined || more !== undefined || !/^[A-Z]/.test(entry[0]) || !isObject(entry[1]))
    return undefined;
  return { kind: entry[0], fields: entry[1] };
};

/** The nodes directly below a value, in the order of its fields. */
export const childNodes = (value: unknown): readonly Named[] => {
  if (Array.isArray(value)) return value.flatMap(nodesIn);
  return isObject(value) ? Object.values(value).flatMap(nodesIn) : [];
};

const nodesIn = (value: unknown): readonly Named[] => {
  const node = readNode(value);
  return node === undefined ? childNodes(value) : [node];
};

/** The text of a list of String nodes: the parts of a name. */
export const readStrings = (list: unknown): readonly string[] =>
  (Array.isArray(list) ? (list as readonly Node[]) : []).flatMap((item) =>
    'String' in item ? [item.String.sval ?? ''] : [],
  );

/** A constant's value; null for NULL, undefined for what is no constant. Casts of constants count. */
export const readConstant = (node: Named | undefined): string | number | boolean | null | undefined => {
  if (node === undefined) return undefined;
  if (node.kind === 'TypeCast') return readConstant(readNode(node.fields.arg));
  if (node.kind !== 'A_Const') return undefined;
  const { isnull, boolval, ival, fval, sval } = node.fields as {
    readonly isnull?: boolean;
    readonly boolval?: { readonly boolval?: boolean };
    readonly ival?: { readonly ival?: number };
    readonly fval?: { readonly fval?: string };
    readonly sval?: { readonly sval?: string };
  };
  if (isnull) return null;
  // What is false, zero or empty is left out of the tree.
  if (boolval !== undefined) return boolval.boolval ?? false;
  if (ival !== undefined) return ival.ival ?? 0;
  if (fval !== undefined) return fval.fval ?? '';
  if (sval !== undefined) return sval.sval ?? '';
  return undefined;
};
