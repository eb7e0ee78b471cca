import { quoteIdent } from '../sql/index.ts';

/**
 * The version of a row: 120 bits of a hash of its columns' texts, in base64. Equal for rows that a caller cannot
 * tell apart, whatever was written meanwhile.
 *
 * @example versionSql('posts', ['id', 'title']) // encode(…sha256(…ROW("posts"."id", "posts"."title")::text…
 */
export const versionSql = (alias: string, columns: readonly string[]): string => {
  const row = columns.map((name) => `${quoteIdent(alias)}.${quoteIdent(name)}`).join(', ');
  return `encode(substr(sha256(convert_to(ROW(${row})::text, 'UTF8')), 1, 15), 'base64')`;
};

/** When a row was changed, in whole seconds since 1970, as HTTP tells time. */
export const modifiedSql = (alias: string, column: string): string =>
  `floor(extract(epoch FROM ${quoteIdent(alias)}.${quoteIdent(column)}))::bigint`;
