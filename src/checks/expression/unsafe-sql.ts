import type { Parameter } from '../../model/index.ts';
import type { SqlParser } from './parser.ts';
import { childNodes, type Named, readConstant, readNode, readStrings } from './tree.ts';

/** Types whose values can be any text. */
const TEXTUAL: ReadonlySet<string> = new Set([
  'character',
  'character varying',
  'json',
  'jsonb',
  'name',
  'text',
  'text[]',
  'xml',
]);

/** Functions after which a text is one name or one literal, whatever it was. */
const QUOTING: ReadonlySet<string> = new Set(['quote_ident', 'quote_literal', 'quote_nullable']);

const isObject = (value: unknown): value is { readonly [name: string]: unknown } =>
  typeof value === 'object' && value !== null;

/** All values of one kind in a tree of PL/pgSQL. */
const collect = (value: unknown, kind: string): readonly { readonly [name: string]: unknown }[] => {
  if (Array.isArray(value)) return value.flatMap((item) => collect(item, kind));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) => [
    ...(name === kind && isObject(inner) ? [inner] : []),
    ...collect(inner, kind),
  ]);
};

const queryOf = (value: unknown): string | undefined => {
  const expression = isObject(value) ? value.PLpgSQL_expr : undefined;
  return isObject(expression) && typeof expression.query === 'string' ? expression.query : undefined;
};

/** The texts that a function executes, by the places where PL/pgSQL lets it. */
const executedBy = (tree: unknown): readonly string[] =>
  [
    ...collect(tree, 'PLpgSQL_stmt_dynexecute').map(({ query }) => query),
    ...collect(tree, 'PLpgSQL_stmt_dynfors').map(({ query }) => query),
    ...collect(tree, 'PLpgSQL_stmt_return_query').map(({ dynquery }) => dynquery),
    ...collect(tree, 'PLpgSQL_stmt_open').map(({ dynquery }) => dynquery),
  ].flatMap((value) => queryOf(value) ?? []);

/** What variables are given: `sql := 'select ' || name` and declarations with a value. */
const assignmentsIn = (tree: unknown): readonly (readonly [name: string, text: string])[] => [
  ...collect(tree, 'PLpgSQL_stmt_assign').flatMap(({ expr }): readonly (readonly [string, string])[] => {
    const [, name, text] = /^\s*"?([\w$]+)"?\s*:?=\s*([\s\S]*)$/.exec(queryOf(expr) ?? '') ?? [];
    return name === undefined || text === undefined ? [] : [[name, text]];
  }),
  ...collect(tree, 'PLpgSQL_var').flatMap(
    ({ refname, default_val }): readonly (readonly [string, string])[] => {
      const text = queryOf(default_val);
      return typeof refname !== 'string' || text === undefined ? [] : [[refname, text]];
    },
  ),
];

/**
 * Looks for an argument of a function in PL/pgSQL that becomes part of SQL that the function executes, without being
 * quoted or bound. Gives the expression that is executed; undefined where there is none, or where it cannot be told.
 */
export const findUnsafeSql = (
  parser: SqlParser,
  definition: string,
  parameters: readonly Parameter[],
): string | undefined => {
  const tree = parser.parsePlpgsql(definition);
  if (tree === undefined) return undefined;
  const tainted = new Set(
    parameters
      .flatMap(({ name, type }, i) => (TEXTUAL.has(type) ? [`$${i + 1}`, name] : []))
      .filter((name) => name !== ''),
  );
  const parse = (text: string): Named | undefined => {
    try {
      return readNode(parser.parseExpression(text));
    } catch {
      return undefined;
    }
  };
  const assignments = assignmentsIn(tree);
  // A variable that was given what is tainted is tainted, and so on, until nothing is added.
  for (let size = -1; size !== tainted.size; ) {
    size = tainted.size;
    for (const [name, text] of assignments) {
      const node = parse(text);
      if (node !== undefined && isTainted(node, tainted)) tainted.add(name);
    }
  }
  return executedBy(tree).find((text) => {
    const node = parse(text);
    return node !== undefined && isTainted(node, tainted);
  });
};

/** Whether a text may hold what a caller wrote, as it is. */
const isTainted = (node: Named, tainted: ReadonlySet<string>): boolean => {
  const { kind, fields } = node;
  if (kind === 'ColumnRef') return tainted.has(readStrings(fields.fields).at(-1) ?? '');
  if (kind === 'ParamRef') return tainted.has(`$${fields.number}`);
  if (kind === 'SubLink') return false;
  if (kind === 'TypeCast') {
    const names = readStrings((fields.typeName as { readonly names?: unknown } | undefined)?.names);
    // A number, a uuid or the name of a table that exists is not any text.
    const textual = ['text', 'varchar', 'bpchar', 'name', 'json', 'jsonb'].includes(names.at(-1) ?? '');
    return (
      textual &&
      childNodes(fields.arg === undefined ? [] : [fields.arg]).some((inner) => isTainted(inner, tainted))
    );
  }
  if (kind === 'FuncCall') {
    const name = readStrings(fields.funcname).at(-1) ?? '';
    if (QUOTING.has(name)) return false;
    const args = childNodes(fields.args);
    if (name === 'format') return formatIsTainted(args, tainted);
    return args.some((inner) => isTainted(inner, tainted));
  }
  // A comparison gives true or false.
  if (kind === 'A_Expr' && !['||', '->>', '#>>', '->', '#>'].includes(readStrings(fields.name).at(-1) ?? ''))
    return false;
  return childNodes(fields).some((inner) => isTainted(inner, tainted));
};

/** `format('… %s …', what)`: %I and %L quote, %s does not. */
const formatIsTainted = ([template, ...args]: readonly Named[], tainted: ReadonlySet<string>): boolean => {
  if (template === undefined) return false;
  const text = readConstant(template);
  if (typeof text !== 'string') return [template, ...args].some((inner) => isTainted(inner, tainted));
  let next = 0;
  for (const [, position, type] of text.matchAll(/%(?:(\d+)\$)?[-\d*]*([sIL%])/g)) {
    if (type === '%') continue;
    const index = position === undefined ? next : Number(position) - 1;
    next = index + 1;
    const arg = args[index];
    if (type === 's' && arg !== undefined && isTainted(arg, tainted)) return true;
  }
  return false;
};
