/** The name of a thing in a schema, as Postgres stores it: unquoted, case-sensitive. */
export type QualifiedName = { readonly schema: string; readonly name: string };

/** `schema.name` for messages and map keys; never for SQL, where `sql.quoteQualified` is meant. */
export const printName = (name: QualifiedName): string => `${name.schema}.${name.name}`;

/** Whether two qualified names name the same thing. */
export const sameName = (a: QualifiedName, b: QualifiedName): boolean =>
  a.name === b.name && a.schema === b.schema;
