import { type Argument, type Expression, parseSync, Visitor } from 'oxc-parser';

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
  const { program, comments, errors } = parseSync(path, text);
  const [error] = errors;
  if (error !== undefined) throw new Error(`${path} does not parse: ${error.message}`);

  const references: ModuleReference[] = [];
  const add = (source: Expression | Argument, start: number) => {
    const specifier = source.type === 'Literal' && typeof source.value === 'string' ? source.value : null;
    references.push({ specifier, line: text.slice(0, start).split('\n').length });
  };
  new Visitor({
    ImportDeclaration: (node) => add(node.source, node.start),
    ExportAllDeclaration: (node) => add(node.source, node.start),
    ExportNamedDeclaration: (node) => {
      if (node.source !== null) add(node.source, node.start);
    },
    ImportExpression: (node) => add(node.source, node.start),
    TSImportType: (node) => add(node.source, node.start),
  }).visit(program);

  const [first] = comments;
  const opens = first !== undefined && text.slice(0, first.start).trim() === '';
  const openingComment = opens ? first.value.replace(/^[\s*]+/gm, '').trim() : null;
  return { references, openingComment };
}
