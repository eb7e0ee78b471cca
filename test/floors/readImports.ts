import { parse } from '@babel/parser';

/** One place where a file names another module. `specifier` is null where it is computed at run time. */
export interface ModuleReference {
  readonly specifier: string | null;
  readonly line: number;
}

/** What one source file says about others: its references, and the comment it opens with, if any. */
export interface SourceImports {
  readonly references: readonly ModuleReference[];
  readonly openingComment: string | null;
}

/**
 * Reads the imports of a TypeScript file: static and dynamic, of values and of types, and re-exports.
 * A dynamic import of anything but a plain string is reported with a null specifier.
 *
 * @throws when the file does not parse
 */
export function readImports(path: string, text: string): SourceImports {
  const { program, comments } = parseSource(path, text);
  const references: ModuleReference[] = [];
  visit(program, (node) => {
    if (!naming.has(node.type) || !isNode(node.source)) return;
    const { type, value } = node.source;
    const specifier = type === 'StringLiteral' && typeof value === 'string' ? value : null;
    references.push({ specifier, line: node.loc.start.line });
  });

  const first = comments?.[0];
  const opens = first?.start !== undefined && text.slice(0, first.start).trim() === '';
  return { references, openingComment: opens ? first.value.replace(/^[\s*]+/gm, '').trim() : null };
}

/** The kinds of node that name a module in their `source`. */
const naming: ReadonlySet<unknown> = new Set([
  'ImportDeclaration',
  'ImportExpression',
  'ExportNamedDeclaration',
  'ExportAllDeclaration',
  'TSImportType',
]);

interface Node {
  readonly type: string;
  readonly loc: { readonly start: { readonly line: number } };
  readonly [key: string]: unknown;
}

function parseSource(path: string, text: string) {
  try {
    return parse(text, { sourceType: 'module', plugins: ['typescript'] });
  } catch (error) {
    throw new Error(`${path} does not parse: ${error}`, { cause: error });
  }
}

function visit(value: unknown, see: (node: Node) => void): void {
  if (Array.isArray(value)) for (const item of value) visit(item, see);
  else if (isNode(value)) {
    see(value);
    for (const child of Object.values(value)) visit(child, see);
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'loc' in value;
}
