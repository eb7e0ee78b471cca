import type { QualifiedName } from '../../base/index.ts';
import { type Condition, combineAll, combineAny, type Leaf } from './condition.ts';
import { PREFIX_LENGTH, type SqlParser } from './parser.ts';
import { childNodes, type Named, readConstant, readNode, readStrings } from './tree.ts';

/** A call of a function in an expression. */
export type Call = {
  /** The schema is empty where Postgres prints none: its own functions. */
  readonly schema: string;
  readonly name: string;
  /** Where its name begins, in bytes of the expression. */
  readonly start: number;
  /** An argument mentions a column, so that it has to be asked for each row. */
  readonly ofRow: boolean;
  /** It stands alone in a subquery, `(select auth.uid())`, so that it is asked once. */
  readonly wrapped: boolean;
};

/** A subquery in an expression that reads tables. */
export type Subquery = {
  /** The tables and views that it reads. */
  readonly reads: readonly QualifiedName[];
  /** It mentions columns of the table whose expression it is (or of a query around it), so it is run for each row. */
  readonly correlated: boolean;
  /** Columns of what it reads that it holds against something from outside of it, or against the caller. */
  readonly lookups: readonly { readonly relation: QualifiedName; readonly column: string }[];
};

/** What an expression over the rows of one table says. */
export type Expression = {
  readonly text: string;
  /** The table's columns that it mentions, those in subqueries too. */
  readonly columns: ReadonlySet<string>;
  readonly calls: readonly Call[];
  readonly subqueries: readonly Subquery[];
  /** The ways in which it can hold: any of them suffices. None: it never does. */
  readonly conditions: readonly Condition[];
  /** It looks at what users can write about themselves: `user_metadata`. */
  readonly readsUserMetadata: boolean;
};

/** What is known of the database while an expression is read. */
export type ExpressionContext = {
  /** The table whose rows it is about. */
  readonly relation: QualifiedName;
  /** Whether what a function gives may depend on who asks. Default: that of every function but Postgres' own may. */
  readonly mayAskCaller?: (routine: QualifiedName) => boolean;
};

/** The names that a query gives to what it reads; undefined: something without a name of a table. */
type Scope = ReadonlyMap<string, QualifiedName | undefined>;

const AUTH_FUNCTIONS: ReadonlySet<string> = new Set(['uid', 'jwt', 'role', 'email']);
const CALLER_VALUES: ReadonlySet<string> = new Set([
  'SVFOP_CURRENT_ROLE',
  'SVFOP_CURRENT_USER',
  'SVFOP_SESSION_USER',
  'SVFOP_USER',
]);

/** Whether a call tells who asks. */
export const isOfCaller = ({ schema, name }: Pick<Call, 'schema' | 'name'>): boolean =>
  (schema === 'auth' && AUTH_FUNCTIONS.has(name)) || (schema === '' && name === 'current_setting');

const USER_METADATA = /(^|[^a-z_])(raw_)?user_meta_?data([^a-z_]|$)/;

/**
 * Reads what a policy's expression says, as `pg_get_expr` prints it with an empty search path: names in full, and in
 * subqueries every column behind its table's name.
 *
 * @example
 * readExpression(parser, '(user_id = ( SELECT auth.uid() AS uid))', { relation: { schema: 'public', name: 'posts' } })
 * // columns: user_id; calls: auth.uid, wrapped; one condition, of the row and the caller
 */
export const readExpression = (parser: SqlParser, text: string, context: ExpressionContext): Expression => {
  const tree = readNode(parser.parseExpression(text));
  const reading = new Reading(context);
  const conditions = tree === undefined ? [] : reading.readConditions(tree);
  return {
    text,
    columns: reading.columns,
    calls: reading.calls,
    subqueries: reading.subqueries,
    conditions,
    readsUserMetadata: reading.userMetadata,
  };
};

/** The table's own columns are around all queries inside of its expression. */
const OWN = -1;
const NOWHERE = Number.POSITIVE_INFINITY;

/** What a part of an expression mentions, and the outermost query that it mentions something of. */
type Mentions = { row: boolean; caller: boolean; depth: number };

class Reading {
  readonly columns = new Set<string>();
  readonly calls: Call[] = [];
  readonly subqueries: Subquery[] = [];
  userMetadata = false;
  readonly #own: QualifiedName;
  readonly #mayAskCaller: (routine: QualifiedName) => boolean;

  constructor({ relation, mayAskCaller = () => true }: ExpressionContext) {
    this.#own = relation;
    this.#mayAskCaller = mayAskCaller;
  }

  /** The ways in which a condition on a row can hold. */
  readConditions(node: Named): readonly Condition[] {
    if (node.kind === 'BoolExpr') {
      const parts = childNodes(node.fields.args);
      if (node.fields.boolop === 'AND_EXPR')
        return combineAll(parts.map((part) => this.readConditions(part)));
      if (node.fields.boolop === 'OR_EXPR') return combineAny(parts.map((part) => this.readConditions(part)));
    }
    const constant = readFixed(node);
    if (constant !== undefined)
      return constant ? [{ row: false, caller: false, signedIn: false, lookups: [] }] : [];
    return [this.#readLeaf(node)];
  }

  #readLeaf(node: Named): Leaf {
    const mentions = this.#look(node, []);
    const signedIn = !mentions.row && asksWhetherSignedIn(node);
    return {
      row: mentions.row,
      caller: mentions.caller && !signedIn,
      signedIn,
      lookups: this.#lookupsOf(node),
    };
  }

  /** Goes through a part of the expression, and notes what it finds. */
  #look(node: Named, scopes: readonly Scope[]): Mentions {
    switch (node.kind) {
      case 'ColumnRef':
        return this.#lookColumn(node, scopes);
      case 'FuncCall':
        return this.#lookCall(node, scopes);
      case 'SQLValueFunction':
        return { row: false, depth: NOWHERE, caller: CALLER_VALUES.has(String(node.fields.op)) };
      case 'A_Const': {
        const constant = readConstant(node);
        if (typeof constant === 'string' && USER_METADATA.test(constant)) this.userMetadata = true;
        return { row: false, caller: false, depth: NOWHERE };
      }
      case 'SubLink':
        return this.#lookSubquery(node, scopes);
      default:
        return this.#lookAll(childNodes(node.fields), scopes);
    }
  }

  #lookAll(nodes: readonly Named[], scopes: readonly Scope[]): Mentions {
    const all: Mentions = { row: false, caller: false, depth: NOWHERE };
    for (const node of nodes) {
      const one = this.#look(node, scopes);
      all.row ||= one.row;
      all.caller ||= one.caller;
      all.depth = Math.min(all.depth, one.depth);
    }
    return all;
  }

  #lookColumn(node: Named, scopes: readonly Scope[]): Mentions {
    const found = resolveColumn(node, scopes);
    if (found.column === 'raw_user_meta_data') this.userMetadata = true;
    const own = found.depth === OWN;
    if (own && found.column !== undefined) this.columns.add(found.column);
    return { row: own, caller: false, depth: found.depth };
  }

  #lookCall(node: Named, scopes: readonly Scope[]): Mentions {
    const names = readStrings(node.fields.funcname);
    const name = names.at(-1) ?? '';
    const schema = names.length > 1 && names[0] !== 'pg_catalog' ? (names[0] ?? '') : '';
    const inside = childNodes(node.fields.args);
    const filter = readNode(node.fields.agg_filter);
    const args = this.#lookAll(filter === undefined ? inside : [...inside, filter], scopes);
    const [scope] = scopes.slice(-1);
    this.calls.push({
      schema,
      name,
      start: Number(node.fields.location ?? 0) - PREFIX_LENGTH,
      ofRow: inside.some((part) => mentionsColumn(part)),
      wrapped: scope !== undefined && scope.size === 0,
    });
    // A function of the project's own may well ask who asks.
    const asks = isOfCaller({ schema, name }) || (schema !== '' && this.#mayAskCaller({ schema, name }));
    return { ...args, caller: args.caller || asks };
  }

  #lookSubquery(node: Named, scopes: readonly Scope[]): Mentions {
    const test = readNode(node.fields.testexpr);
    const tested = this.#lookAll(test === undefined ? [] : [test], scopes);
    const select = readNode(node.fields.subselect);
    if (select === undefined) return tested;
    const inside = this.#lookQuery(select, scopes, new Set());
    return {
      row: tested.row || inside.row,
      caller: tested.caller || inside.caller,
      depth: Math.min(tested.depth, inside.depth),
    };
  }

  /** A query inside of an expression. */
  #lookQuery(select: Named, scopes: readonly Scope[], ctes: ReadonlySet<string>): Mentions {
    const { fields } = select;
    const known = new Set([...ctes, ...readCteNames(fields.withClause)]);
    const scope = readScope(fields.fromClause, known);
    const inner = [...scopes, scope];
    const all: Mentions = { row: false, caller: false, depth: NOWHERE };
    const take = (mentions: Mentions): void => {
      all.row ||= mentions.row;
      all.caller ||= mentions.caller;
      all.depth = Math.min(all.depth, mentions.depth);
    };
    for (const part of childNodes(fields)) {
      // Below WITH, in FROM and on the sides of a UNION stand further queries.
      if (part.kind === 'SelectStmt') take(this.#lookQuery(part, scopes, known));
      else if (part.kind === 'CommonTableExpr')
        take(this.#lookQuery(readNode(part.fields.ctequery) ?? part, scopes, known));
      else if (part.kind === 'RangeSubselect')
        take(this.#lookQuery(readNode(part.fields.subquery) ?? part, scopes, known));
      else take(this.#look(part, inner));
    }
    const reads = [...scope.values()].filter((name) => name !== undefined);
    if (reads.length > 0)
      this.subqueries.push({
        reads,
        correlated: all.depth < scopes.length,
        lookups: readInnerLookups(fields, inner, scope),
      });
    return { ...all, depth: all.depth < scopes.length ? all.depth : NOWHERE };
  }

  /** The table's columns that a comparison holds against something that is the same for all rows. */
  #lookupsOf(node: Named): readonly string[] {
    if (node.kind === 'SubLink' && node.fields.subLinkType === 'ANY_SUBLINK') {
      const column = plainOwnColumn(readNode(node.fields.testexpr), this.#own);
      return column !== undefined && !mentionsOwn(readNode(node.fields.subselect), this.#own) ? [column] : [];
    }
    if (!isEquality(node)) return [];
    const sides = [readNode(node.fields.lexpr), readNode(node.fields.rexpr)];
    return sides.flatMap((side, i) => {
      const column = plainOwnColumn(side, this.#own);
      const other = sides[1 - i];
      if (column === undefined || other === undefined) return [];
      // A constant picks out too many rows to tell.
      return isConstant(other) || mentionsOwn(other, this.#own) ? [] : [column];
    });
  }
}

const isEquality = ({ kind, fields }: Named): boolean =>
  kind === 'A_Expr' &&
  ['AEXPR_OP', 'AEXPR_OP_ANY', 'AEXPR_IN'].includes(String(fields.kind)) &&
  readStrings(fields.name).at(-1) === '=';

const isConstant = (node: Named): boolean => {
  if (readConstant(node) !== undefined) return true;
  if (node.kind === 'A_ArrayExpr') return childNodes(node.fields.elements).every(isConstant);
  if (node.kind === 'List') return childNodes(node.fields.items).every(isConstant);
  return node.kind === 'TypeCast' && isConstant(readNode(node.fields.arg) ?? node);
};

/** What is true or false whoever asks: a constant, or two constants held against each other. */
const readFixed = (node: Named): boolean | undefined => {
  const constant = readConstant(node);
  if (typeof constant === 'boolean') return constant;
  if (constant === null) return false;
  if (node.kind === 'BoolExpr' && node.fields.boolop === 'NOT_EXPR') {
    const [inner] = childNodes(node.fields.args);
    const fixed = inner === undefined ? undefined : readFixed(inner);
    return fixed === undefined ? undefined : !fixed;
  }
  if (node.kind === 'A_Expr' && node.fields.kind === 'AEXPR_OP') {
    const [left, right] = [
      readConstant(readNode(node.fields.lexpr)),
      readConstant(readNode(node.fields.rexpr)),
    ];
    if (left === undefined || right === undefined || left === null || right === null) return undefined;
    const operator = readStrings(node.fields.name).at(-1);
    if (operator === '=') return left === right;
    if (operator === '<>') return left !== right;
  }
  return undefined;
};

/** Looks through casts and `(select …)` without a FROM. */
const unwrap = (node: Named | undefined): Named | undefined => {
  if (node?.kind === 'TypeCast') return unwrap(readNode(node.fields.arg));
  if (node?.kind !== 'SubLink' || node.fields.subLinkType !== 'EXPR_SUBLINK') return node;
  const select = readNode(node.fields.subselect)?.fields;
  if (select === undefined || select.fromClause !== undefined || select.whereClause !== undefined)
    return node;
  const [target] = childNodes(select.targetList);
  return unwrap(readNode(target?.fields.val));
};

const callName = (node: Named | undefined): string | undefined =>
  node?.kind === 'FuncCall' ? readStrings(node.fields.funcname).join('.') : undefined;

/** `auth.role()`, `auth.jwt() ->> 'role'` */
const isRoleOfCaller = (node: Named | undefined): boolean => {
  const found = unwrap(node);
  if (callName(found) === 'auth.role') return true;
  if (found?.kind !== 'A_Expr' || readStrings(found.fields.name).at(-1) !== '->>') return false;
  return (
    readConstant(readNode(found.fields.rexpr)) === 'role' &&
    callName(unwrap(readNode(found.fields.lexpr))) === 'auth.jwt'
  );
};

const readConstants = (node: Named | undefined): readonly unknown[] => {
  if (node === undefined) return [];
  const constant = readConstant(node);
  if (constant !== undefined) return [constant];
  return childNodes(node.fields).flatMap((child) => readConstants(child));
};

/** `auth.uid() is not null`, `auth.role() = 'authenticated'`: it asks whether there is a caller, and not which. */
const asksWhetherSignedIn = (node: Named): boolean => {
  if (node.kind === 'NullTest' && node.fields.nulltesttype === 'IS_NOT_NULL') {
    const name = callName(unwrap(readNode(node.fields.arg)));
    return name !== undefined && (name.startsWith('auth.') || name.endsWith('current_setting'));
  }
  if (node.kind !== 'A_Expr') return false;
  const [left, right] = [readNode(node.fields.lexpr), readNode(node.fields.rexpr)];
  const other = isRoleOfCaller(left) ? right : isRoleOfCaller(right) ? left : undefined;
  if (other === undefined) return false;
  const names = readConstants(other);
  const operator = readStrings(node.fields.name).at(-1);
  if (operator === '<>') return names.every((name) => name === 'anon');
  return operator === '=' && names.some((name) => name === 'authenticated' || name === 'anon');
};

const mentionsColumn = (node: Named): boolean =>
  node.kind === 'ColumnRef' || childNodes(node.fields).some(mentionsColumn);

/** The column that a node is, and nothing around it, of the table whose expression it is. */
const plainOwnColumn = (node: Named | undefined, own: QualifiedName): string | undefined => {
  if (node?.kind !== 'ColumnRef') return undefined;
  const names = readStrings(node.fields.fields);
  if (names.length === 1) return names[0];
  return names.length === 2 && names[0] === own.name ? names[1] : undefined;
};

/** Whether a part of the expression mentions the table whose expression it is. */
const mentionsOwn = (node: Named | undefined, own: QualifiedName): boolean => {
  if (node === undefined) return false;
  if (node.kind === 'ColumnRef') return plainOwnColumn(node, own) !== undefined;
  return childNodes(node.fields).some((child) => mentionsOwn(child, own));
};

type Resolved = { readonly depth: number; readonly column: string | undefined };

/** In which of the queries around it a column is; the table's own are around all of them. */
const resolveColumn = (node: Named, scopes: readonly Scope[]): Resolved => {
  const names = readStrings(node.fields.fields);
  const star = childNodes(node.fields.fields).some(({ kind }) => kind === 'A_Star');
  const column = star ? undefined : names.at(-1);
  if (names.length === 1 && !star) {
    // In a query that reads something, Postgres prints the table before the column; what has none is a function's.
    const depth = scopes.findLastIndex((scope) => scope.size > 0);
    return { depth: depth < 0 ? OWN : depth, column };
  }
  const alias = names[0] ?? '';
  const depth = scopes.findLastIndex((scope) => scope.has(alias));
  return { depth: depth < 0 ? OWN : depth, column };
};

const readCteNames = (clause: unknown): readonly string[] =>
  childNodes(clause).flatMap(({ kind, fields }) =>
    kind === 'CommonTableExpr' ? [String(fields.ctename)] : [],
  );

const aliasOf = (fields: Named['fields']): string | undefined =>
  (fields.alias as { readonly aliasname?: string } | undefined)?.aliasname;

/** What a query reads, by the names that it gives to it. */
const readScope = (from: unknown, ctes: ReadonlySet<string>): Scope => {
  const scope = new Map<string, QualifiedName | undefined>();
  const take = (node: Named): void => {
    const { kind, fields } = node;
    const alias = aliasOf(fields);
    if (kind === 'RangeVar') {
      const name = String(fields.relname);
      const schema = fields.schemaname === undefined ? undefined : String(fields.schemaname);
      const table = schema === undefined || (schema === '' && ctes.has(name)) ? undefined : { schema, name };
      scope.set(alias ?? name, table);
    } else if (kind === 'JoinExpr') {
      for (const side of [readNode(fields.larg), readNode(fields.rarg)]) if (side !== undefined) take(side);
      if (alias !== undefined) scope.set(alias, undefined);
    } else scope.set(alias ?? `?${scope.size}`, undefined);
  };
  for (const node of childNodes(from)) take(node);
  return scope;
};

/** Columns of the query's tables that its conditions hold against something that the query does not read itself. */
const readInnerLookups = (
  fields: Named['fields'],
  scopes: readonly Scope[],
  scope: Scope,
): Subquery['lookups'] => {
  const conditions = [readNode(fields.whereClause), ...joinConditions(fields.fromClause)];
  return conditions.flatMap(conjuncts).flatMap((node) => {
    if (!isEquality(node)) return [];
    const sides = [readNode(node.fields.lexpr), readNode(node.fields.rexpr)];
    return sides.flatMap((side, i) => {
      const other = sides[1 - i];
      if (side?.kind !== 'ColumnRef' || other === undefined || isConstant(other)) return [];
      const { depth, column } = resolveColumn(side, scopes);
      const alias = readStrings(side.fields.fields)[0] ?? '';
      const relation = scope.get(alias);
      if (depth !== scopes.length - 1 || column === undefined || relation === undefined) return [];
      return [{ relation, column }];
    });
  });
};

const conjuncts = (node: Named | undefined): readonly Named[] => {
  if (node === undefined) return [];
  if (node.kind === 'BoolExpr' && node.fields.boolop === 'AND_EXPR')
    return childNodes(node.fields.args).flatMap(conjuncts);
  return [node];
};

const joinConditions = (from: unknown): readonly (Named | undefined)[] =>
  childNodes(from).flatMap(({ kind, fields }) =>
    kind === 'JoinExpr' ? [readNode(fields.quals), ...joinConditions([fields.larg, fields.rarg])] : [],
  );
