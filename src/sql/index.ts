/**
 * sql: safe pieces of SQL. Quoting of names and literals, and fragments that are composed of the
 * program's own text, quoted names and bound values, and finished as text with `$1 …`.
 */
export {
  bind,
  finish,
  ident,
  isNothing,
  join,
  nothing,
  qualified,
  type Sql,
  type SqlStatement,
  sql,
  trusted,
} from './fragment.ts';
export {
  InvalidName,
  quoteIdent,
  quoteLiteral,
  quoteQualified,
  spellIdent,
  spellQualified,
} from './quote.ts';
