import { hash } from 'node:crypto';
import { quoteIdent } from '../sql/index.ts';

/** Bytes of the hash that are kept: 120 bits, twenty characters. */
const BYTES = 15;

/**
 * The version of a row: a part of a hash of its columns as JSON, in base64. Equal for rows that a caller cannot tell
 * apart, whatever was written meanwhile.
 *
 * @param columns those that the caller may see; `*` for all of the row
 * @example versionSql('posts', ['*']) // encode(…sha256(…row_to_json("posts".*)::text…
 */
export const versionSql = (alias: string, columns: readonly string[]): string => {
  const owner = quoteIdent(alias);
  const list = columns.map((name) => `${owner}.${quoteIdent(name)}`).join(', ');
  const json = columns.includes('*')
    ? `row_to_json(${owner}.*)`
    : `(SELECT row_to_json(_ashlar_version.*) FROM (SELECT${list === '' ? '' : ` ${list}`}) AS _ashlar_version)`;
  return `encode(substr(sha256(convert_to(${json}::text, 'UTF8')), 1, ${BYTES}), 'base64')`;
};

/** What `versionSql` gives for a row of which this is the JSON of all columns. */
export const versionOf = (json: Buffer): string => hash('sha256', json, 'base64').slice(0, (BYTES / 3) * 4);

/** When a row was changed, in whole seconds since 1970, as HTTP tells time. */
export const modifiedSql = (alias: string, column: string): string =>
  `floor(extract(epoch FROM ${quoteIdent(alias)}.${quoteIdent(column)}))::bigint`;
