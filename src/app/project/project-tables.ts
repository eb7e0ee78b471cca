import { type Finding, findSimilar, printName, type QualifiedName } from '../../base/index.ts';
import type { TableSettings } from '../api.ts';
import type { SettingValues } from '../settings/settings.ts';

type Said = Pick<SettingValues, 'cache' | 'requireMatch' | 'schemas'>;

/** The table that a setting means: `api.posts`, or `posts` in the schema that is served by default. */
const qualify = (name: string, schemas: readonly string[]): string => {
  const [schema = ''] = name.split('.', 1);
  return schema !== name && schemas.includes(schema) ? name : `${schemas[0] ?? 'public'}.${name}`;
};

/** What the settings say of single tables, by `schema.name`. */
export const projectTableSettings = ({ cache, requireMatch, schemas }: Said): TableSettings => ({
  cache: new Map(Object.entries(cache).map(([name, said]) => [qualify(name, schemas), said])),
  requireMatch: new Set(requireMatch.map((name) => qualify(name, schemas))),
});

/** Names in the settings that no table has, so that what is said of them never holds. */
export const findUnknownTables = (
  { cache, requireMatch, schemas }: Said,
  tables: readonly QualifiedName[],
): readonly Finding[] => {
  const known = new Set(tables.map(printName));
  const served = tables.filter(({ schema }) => schemas.includes(schema));
  const said = [
    ...Object.keys(cache).map((name) => ['cache', name] as const),
    ...requireMatch.map((name) => ['requireMatch', name] as const),
  ];
  return said
    .filter(([, name]) => !known.has(qualify(name, schemas)))
    .map(([setting, name]): Finding => {
      const [meant] = findSimilar(name, [...new Set(served.map((table) => table.name))], 0.5);
      const where = schemas.length === 1 ? `the schema ${schemas[0]}` : `the schemas ${schemas.join(', ')}`;
      return {
        id: 'unknown-table',
        severity: 'error',
        subject: setting,
        message: `The setting ${setting} names ${name}, and there is no such table or view in ${where}.`,
        remedy:
          meant === undefined
            ? `take ${name} out of ${setting}, or write it as schema.name`
            : `${setting} probably means ${meant.name}`,
      };
    });
};
