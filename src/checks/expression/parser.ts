import type { Node } from 'libpg-query';

/** A piece of text as Postgres' scanner sees it. Offsets count bytes of UTF-8. */
export type Token = { readonly start: number; readonly end: number; readonly text: string };

/** What a function does that is written in PL/pgSQL, as far as it is looked at: statements by kind, and their parts. */
export type PlpgsqlTree = { readonly [kind: string]: unknown };

/** A statement, and where it begins in the file, in bytes; what blanks and comments stand before it come first. */
export type ParsedStatement = { readonly node: Node; readonly start: number };

/** Postgres' own parser. Everything it gives is syntax: names are not resolved, and nothing is known of types. */
export type SqlParser = {
  /**
   * Parses an expression as `pg_get_expr` prints it; locations in the tree count bytes of `SELECT <expression>`.
   * Throws where it is none.
   */
  readonly parseExpression: (text: string) => Node;
  /** Parses a file of statements; undefined where it cannot be parsed. */
  readonly parseStatements: (text: string) => readonly ParsedStatement[] | undefined;
  /** Parses the body of a `CREATE FUNCTION … LANGUAGE plpgsql`; undefined where it cannot be parsed. */
  readonly parsePlpgsql: (definition: string) => PlpgsqlTree | undefined;
  readonly scan: (text: string) => readonly Token[];
};

const PREFIX = 'SELECT ';
/** How many bytes stand before the expression in the text that locations count in. */
export const PREFIX_LENGTH = PREFIX.length;

let loading: Promise<SqlParser> | undefined;

/** Loads the parser when it is first wanted: it is WebAssembly of 1.7 MB, and most commands do without. */
export const loadParser = (): Promise<SqlParser> => {
  loading ??= load();
  return loading;
};

const load = async (): Promise<SqlParser> => {
  const { loadModule, parsePlPgSQLSync, parseSync, scanSync } = await import('libpg-query');
  await loadModule();
  const parseStatements = (text: string): readonly ParsedStatement[] | undefined => {
    try {
      return (parseSync(text).stmts ?? []).flatMap(({ stmt, stmt_location }) =>
        stmt === undefined ? [] : [{ node: stmt, start: stmt_location ?? 0 }],
      );
    } catch {
      return undefined;
    }
  };
  return {
    parseExpression: (text) => {
      const [statement] = parseSync(`${PREFIX}${text}`).stmts ?? [];
      const select =
        statement?.stmt !== undefined && 'SelectStmt' in statement.stmt
          ? statement.stmt.SelectStmt
          : undefined;
      const target = select?.targetList?.[0];
      const node = target !== undefined && 'ResTarget' in target ? target.ResTarget.val : undefined;
      if (node === undefined) throw new TypeError(`This is no expression: ${text}`);
      return node;
    },
    parseStatements,
    parsePlpgsql: (definition) => {
      try {
        return parsePlPgSQLSync(definition) as unknown as PlpgsqlTree;
      } catch {
        return undefined;
      }
    },
    scan: (text) => scanSync(text).tokens,
  };
};
