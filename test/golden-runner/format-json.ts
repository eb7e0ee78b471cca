type Node =
  | { readonly kind: 'leaf'; readonly text: string }
  | { readonly kind: 'array'; readonly items: readonly Node[] }
  | { readonly kind: 'object'; readonly fields: readonly (readonly [key: string, value: Node])[] };

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

const parse = (text: string): Node => {
  const tokens = text.match(TOKEN) ?? [];
  let at = 0;
  const next = (): string => tokens[at++] ?? '';
  const list = <T>(close: string, item: () => T): T[] => {
    const items: T[] = [];
    if (tokens[at] === close) at++;
    else
      do items.push(item());
      while (next() === ',');
    return items;
  };
  const node = (): Node => {
    const token = next();
    if (token === '[') return { kind: 'array', items: list(']', node) };
    if (token !== '{') return { kind: 'leaf', text: token };
    const field = (): readonly [string, Node] => {
      const key = next();
      next();
      return [key, node()];
    };
    return { kind: 'object', fields: list('}', field) };
  };
  return node();
};

const printLine = (node: Node): string => {
  switch (node.kind) {
    case 'leaf':
      return node.text;
    case 'array':
      return `[${node.items.map(printLine).join(', ')}]`;
    case 'object':
      return node.fields.length === 0
        ? '{}'
        : `{ ${node.fields.map(([key, value]) => `${key}: ${printLine(value)}`).join(', ')} }`;
  }
};

const print = (node: Node, indent: string, before: number): string => {
  const line = printLine(node);
  if (node.kind === 'leaf' || indent.length + before + line.length < 110) return line;
  const inner = `${indent}  `;
  if (node.kind === 'array')
    return `[\n${node.items.map((item) => inner + print(item, inner, 1)).join(',\n')}\n${indent}]`;
  const fields = node.fields.map(([key, value]) => `${inner}${key}: ${print(value, inner, key.length + 3)}`);
  return `{\n${fields.join(',\n')}\n${indent}}`;
};

/**
 * Lays JSON out so that a change is a small diff: what fits in a line is one. Unlike parsing and printing,
 * it keeps every digit of numbers, keys that are there twice, and escapes as they were written.
 *
 * @throws SyntaxError for what is no JSON
 */
export const formatJson = (text: string): string => {
  JSON.parse(text);
  return print(parse(text), '', 0);
};
