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
