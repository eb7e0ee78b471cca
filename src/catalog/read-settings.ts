/** A piece of the database's own SQL that may read a setting. */
export type SettingsReader = { readonly language: string; readonly source: string };

/** What reads settings whose names are not to be seen, or runs a text that could. */
const OPAQUE = /\b(pg_settings|pg_show_all_settings|execute|show|ts_stat|ts_rewrite)\b|query_to_xml/;
/** But for the name that Postgres gives to a column of a view. */
const MENTION = /(?<!\bas )current_setting/g;
const BY_NAME = /current_setting\s*\(\s*'([\w.]+)'(?:::text)?\s*[,)]/g;

/**
 * The settings that the database's own SQL reads, in lower case; null: it may read any, or nobody would tell if it
 * began to. What it does not read need not be set for a request (docs/decisions/unread-settings.md).
 *
 * @example readSettings([{ language: 'sql', source: "select current_setting('request.path', true)" }]); // ['request.path']
 */
export const readSettings = (readers: readonly SettingsReader[] | null): readonly string[] | null => {
  if (readers === null) return null;
  const names = new Set<string>();
  for (const { language, source } of readers) {
    const text = source.toLowerCase();
    if ((language !== 'sql' && language !== 'plpgsql') || OPAQUE.test(text)) return null;
    const named = [...text.matchAll(BY_NAME)];
    if (named.length !== text.match(MENTION)?.length) return null;
    for (const [, name] of named) names.add(name as string);
  }
  return [...names].sort();
};
