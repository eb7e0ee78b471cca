import { compareRoutines, type Model, type Routine } from '../model/index.ts';
import type { CatalogAnswer, CatalogRoutine } from './catalog-answer.ts';
import { freezeDeeply } from './freeze-deeply.ts';
import { readSettings } from './read-settings.ts';
import { resolveViews } from './resolve-views.ts';
import { responseBytes } from './sql/sets-response.ts';

const splitSetting = (setting: string): readonly [name: string, value: string] => {
  const equals = setting.indexOf('=');
  return [setting.slice(0, equals), setting.slice(equals + 1)];
};

/** The level that a transaction takes from the setting; Postgres takes `read uncommitted` as `read committed`. */
const readIsolation = (value: string): NonNullable<Routine['isolation']> => {
  const level = value.toLowerCase();
  return level === 'serializable' || level === 'repeatable read' ? level : 'read committed';
};

const makeRoutine = ({ config, ...routine }: CatalogRoutine, hoisted: ReadonlySet<string>): Routine => {
  const settings = config.map(splitSetting);
  const find = (name: string) => settings.find(([key]) => key === name)?.[1];
  const isolation = find('default_transaction_isolation');
  return {
    ...routine,
    settings: settings.filter(([name]) => hoisted.has(name)),
    isolation: isolation === undefined ? null : readIsolation(isolation),
    searchPath: find('search_path') ?? null,
  };
};

const MENTION = /response\.(headers|status)/i;

/** Whether a view, default or policy sets the response, which functions alone are expected to do. */
const mentionsResponse = ({ relations, policies }: Pick<CatalogAnswer, 'relations' | 'policies'>): boolean =>
  relations.some(
    (relation) =>
      relation.rule?.includes(responseBytes) ||
      relation.columns.some((column) => column.default !== null && MENTION.test(column.default)),
  ) || policies.some(({ using, check }) => MENTION.test(`${using} ${check}`));

/** Makes the model of what the catalog answered, frozen. */
export const makeModel = (
  { settingsReaders, ...answer }: CatalogAnswer,
  hoisted: ReadonlySet<string>,
): Model =>
  freezeDeeply({
    ...answer,
    relations: resolveViews(answer.relations),
    routines: answer.routines.map((routine) => makeRoutine(routine, hoisted)).sort(compareRoutines),
    setsResponse: answer.setsResponse || mentionsResponse(answer),
    settingsRead: readSettings(settingsReaders),
  });
