import type { QualifiedName } from '../base/index.ts';

/** A name that Postgres cannot have. */
export class InvalidName extends RangeError {
  constructor(name: string) {
    super(`Not a name that Postgres can have: ${JSON.stringify(name)}.`);
    this.name = 'InvalidName';
  }
}

/**
 * Quotes an identifier: `we"ird` → `"we""ird"`. Always quoted, so that case and keywords do not matter.
 * Throws InvalidName, a RangeError, for a name Postgres cannot have: empty, or with a NUL.
 *
 * Source: Postgres, "Identifiers and Key Words".
 */
export const quoteIdent = (name: string): string => {
  if (name === '' || name.includes('\0')) throw new InvalidName(name);
  return name.includes('"') ? `"${name.replaceAll('"', '""')}"` : `"${name}"`;
};

/** Keywords that are no names unless they are quoted: Postgres, "SQL Key Words", those that are reserved. */
const RESERVED: ReadonlySet<string> = new Set(
  (
    'all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate collation ' +
    'column concurrently constraint create cross current_catalog current_date current_role current_schema current_time ' +
    'current_timestamp current_user default deferrable desc distinct do else end except false fetch for foreign freeze ' +
    'from full grant group having ilike in initially inner intersect into is isnull join lateral leading left like ' +
    'limit localtime localtimestamp natural not notnull null offset on only or order outer overlaps placing primary ' +
    'references returning right select session_user similar some symmetric system_user table tablesample then to ' +
    'trailing true union unique user using variadic verbose when where window with'
  ).split(' '),
);

/** Quotes an identifier only where it has to be, for SQL that people read: `posts`, `"user"`, `"Posts"`. */
export const spellIdent = (name: string): string =>
  /^[a-z_][a-z0-9_]*$/.test(name) && !RESERVED.has(name) ? name : quoteIdent(name);

/** The same for a name with its schema: `public.posts`, `public."user"`. */
export const spellQualified = (name: QualifiedName): string =>
  `${spellIdent(name.schema)}.${spellIdent(name.name)}`;

/** Quotes a name with its schema: `"public"."posts"`. */
export const quoteQualified = (name: QualifiedName): string =>
  `${quoteIdent(name.schema)}.${quoteIdent(name.name)}`;

/**
 * Quotes text as a literal, for statements that take no parameters (DDL, roles and passwords). Values of
 * requests are never written this way: they are bound.
 * Throws a RangeError for a NUL, which text in Postgres cannot hold.
 *
 * Source: Postgres, "String Constants with C-Style Escapes"; E'' where there is a backslash, so that it
 * does not depend on standard_conforming_strings.
 */
export const quoteLiteral = (text: string): string => {
  if (text.includes('\0')) throw new RangeError('Text in Postgres cannot hold a NUL.');
  const quoted = text.includes("'") ? text.replaceAll("'", "''") : text;
  return quoted.includes('\\') ? ` E'${quoted.replaceAll('\\', '\\\\')}'` : `'${quoted}'`;
};
