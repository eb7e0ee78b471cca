import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/** Prints JSON so that a change is a small diff: what fits in a line is one. */
export const printGolden = (value: unknown, indent = '', before = 0): string => {
  const line = printLine(value);
  if (indent.length + before + line.length < 110) return line;
  const inner = `${indent}  `;
  if (Array.isArray(value))
    return `[\n${value.map((item) => inner + printGolden(item, inner, 1)).join(',\n')}\n${indent}]`;
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).map(([key, item]) => {
      const name = `${JSON.stringify(key)}: `;
      return inner + name + printGolden(item, inner, name.length + 1);
    });
    return `{\n${fields.join(',\n')}\n${indent}}`;
  }
  return line;
};

const printLine = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(printLine).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${printLine(item)}`);
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
};

/**
 * What the golden file says; with `UPDATE_GOLDEN=1` the file is written first.
 *
 * @example expect(actual).toEqual(readGolden('test/golden-model/model.json', actual))
 */
export const readGolden = (path: string, actual: unknown): unknown => {
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(path, `${printGolden(actual)}\n`);
  if (!existsSync(path)) throw new Error(`${path} does not exist. UPDATE_GOLDEN=1 npm test writes it.`);
  return JSON.parse(readFileSync(path, 'utf8'));
};
