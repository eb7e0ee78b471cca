/** Where a text of the tree stood in the request is for messages, not for the reader of the tree. */
const hidden = new Set(['span', 'at', 'point']);

const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === false ||
  (Array.isArray(value) && value.length === 0) ||
  (typeof value === 'object' && !Array.isArray(value) && Object.values(value).every(isEmpty));

const isObject = (value: unknown): value is { readonly [name: string]: unknown } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isFlat = (value: unknown): boolean => (Array.isArray(value) ? value.every(isFlat) : !isObject(value));

const scalar = (value: unknown): string =>
  typeof value === 'string'
    ? /^[\w$./*+-]+$/.test(value)
      ? value
      : JSON.stringify(value)
    : Array.isArray(value)
      ? `[${value.map(scalar).join(', ')}]`
      : String(value);

/** `schema: public, name: posts`, if it is short enough for one line. */
const inline = (value: { readonly [name: string]: unknown }): string | undefined => {
  const entries = Object.entries(value).filter(([name, item]) => !hidden.has(name) && !isEmpty(item));
  if (!entries.every(([, item]) => isFlat(item))) return undefined;
  const text = entries.map(([name, item]) => `${name}: ${scalar(item)}`).join(', ');
  return text.length <= 80 ? text : undefined;
};

const printObject = (value: { readonly [name: string]: unknown }, indent: string): readonly string[] =>
  Object.entries(value)
    .filter(([name, item]) => !hidden.has(name) && !isEmpty(item))
    .flatMap(([name, item]): readonly string[] => {
      if (isFlat(item)) return [`${indent}${name}: ${scalar(item)}`];
      const short = isObject(item) ? inline(item) : undefined;
      if (short !== undefined) return [`${indent}${name}: { ${short} }`];
      return [`${indent}${name}:`, ...printTree(item, `${indent}  `)];
    });

/**
 * Prints a value as an indented tree. What is empty, false or undefined is left out: it says that nothing of
 * the kind was asked.
 */
export const printTree = (value: unknown, indent = ''): readonly string[] => {
  if (Array.isArray(value))
    return value.flatMap((item) => {
      const short = isObject(item) ? inline(item) : undefined;
      if (short !== undefined) return [`${indent}- { ${short} }`];
      const [first = '', ...rest] = printTree(item, `${indent}  `);
      return [`${indent}- ${first.trimStart()}`, ...rest];
    });
  return isObject(value) ? printObject(value, indent) : [`${indent}${scalar(value)}`];
};
