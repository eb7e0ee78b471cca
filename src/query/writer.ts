import type { QualifiedName } from '../base/index.ts';
import type { Param } from '../plan/index.ts';
import type { Slot } from '../request/index.ts';
import { quoteIdent } from '../sql/index.ts';

/** A statement whose parameters are still to be taken from a request. */
export type PlanStatement = { readonly text: string; readonly params: readonly Param[] };

/** The parameters of a statement while it is written: `$n` is the n-th of them. */
export type Writer = {
  readonly params: Param[];
  /** A literal that comes from somewhere else than a parameter of its own. */
  readonly instead: { readonly slot: Slot; readonly sql: string } | undefined;
};

export const makeWriter = (instead?: Writer['instead']): Writer => ({ params: [], instead });

/** The only way for something of a request to get into a statement: as a parameter, or as a number. */
export const bindSql = (writer: Writer, param: Param): string => {
  if (param.from === 'number') return String(param.value);
  if (param.from === 'slot' && param.slot === writer.instead?.slot) return writer.instead.sql;
  return `$${writer.params.push(param)}`;
};

/** A qualified name, quoted. */
export const nameSql = (name: QualifiedName): string => `${quoteIdent(name.schema)}.${quoteIdent(name.name)}`;

/** A literal of the request. */
export const slotSql = (writer: Writer, slot: number, as: 'text' | 'pattern' | 'list' = 'text'): string =>
  bindSql(writer, { from: 'slot', slot, as });

/**
 * Something that belongs to the request's shape, and is bound all the same. What is said twice is one
 * parameter, so that Postgres sees that two expressions are equal (a path in GROUP BY and in ORDER BY).
 */
export const shapeSql = (writer: Writer, as: 'key' | 'index' | 'language', text: string): string => {
  const bound = writer.params.findIndex(
    (param) => param.from === 'shape' && param.as === as && param.text === text,
  );
  return bound < 0 ? bindSql(writer, { from: 'shape', as, text }) : `$${bound + 1}`;
};

/** The name of a text search configuration. A number would be taken for its oid, so it is quoted. */
export const languageSql = (writer: Writer, language: string): string =>
  shapeSql(writer, 'language', /^\d+$/.test(language) ? `"${language}"` : language);

/** The rows of a write or call, under this name in the statement. */
export const RESULT = 'pgrst_source';

/** The fields of the payload. */
export const BODY = 'pgrst_body';
