import type { QualifiedName } from '../base/index.ts';
import type { Statement } from '../db/index.ts';
import type { Role } from '../model/index.ts';
import type { Plan } from '../plan/index.ts';
import type { Ask } from '../request/index.ts';
import { quoteIdent, quoteQualified } from '../sql/index.ts';
import type { Circumstances } from './circumstances.ts';

/** What is set for every transaction of this server. */
export type TransactionSettings = {
  /** The search path by the schema that is asked. */
  readonly searchPath: (schema: string) => string;
  /** `app.settings.*`. */
  readonly appSettings: readonly (readonly [name: string, value: string])[];
  /** Called after the settings and before the statement (`db-pre-request`). */
  readonly preRequest: QualifiedName | undefined;
};

type Shown = { readonly name: string; readonly value: (circumstances: Circumstances) => string };

/** Settings by which functions and policies see the caller. */
const CALLER: readonly Shown[] = [
  { name: 'request.jwt.claims', value: ({ identity }) => identity.claims },
  { name: 'request.jwt.claim.sub', value: ({ identity }) => identity.subject },
];

/** Settings by which they see the request. */
const REQUEST: readonly Shown[] = [
  { name: 'request.method', value: ({ method }) => method },
  { name: 'request.path', value: ({ path }) => path },
  { name: 'request.headers', value: ({ headers }) => headers() },
  { name: 'request.cookies', value: ({ cookies }) => cookies() },
];

type SettingsText = { readonly text: string; readonly key: string };

/** Those of the settings that something in the database reads, or may read. */
export type ShownSettings = {
  readonly caller: readonly Shown[];
  readonly request: readonly Shown[];
  /** What of the statement depends on the choice. */
  readonly key: string;
  /** The statement's text, by what else it is to do. */
  readonly texts: Map<number, SettingsText>;
};

/**
 * Which settings are made for requests: to make one that nothing reads costs Postgres as much as to find a row.
 *
 * @param read the names that the database's own SQL reads; null: it may read any
 */
export const chooseSettings = (read: readonly string[] | null): ShownSettings => {
  const isShown = ({ name }: Shown): boolean => read === null || read.includes(name);
  const [caller, request] = [CALLER.filter(isShown), REQUEST.filter(isShown)];
  return { caller, request, key: [...caller, ...request].map(({ name }) => name).join(), texts: new Map() };
};

/**
 * What functions may set for the answer begins empty: where one has set it for the session and not for its
 * transaction, the next request on the connection must not answer with it.
 */
const EMPTY = ["set_config('response.headers', '', true)", "set_config('response.status', '', true)"];

const setSql = (name: string, value: string): string => `set_config(${name}, ${value}, true)`;

/** Further settings: those of the role, the plan and the configuration. */
type Setting = readonly [name: string, value: string];

/**
 * Further settings go first: a role's own are set while the serving login may still set them, as
 * `GRANT SET ON PARAMETER` is given to it and not to the role.
 */
const makeText = (
  shown: ShownSettings,
  further: number,
  readOnly: boolean,
  responds: boolean,
): SettingsText => {
  const fixed = ['search_path', 'role', ...[...shown.caller, ...shown.request].map(({ name }) => name)];
  const names = Array.from({ length: further }, (_, i) => {
    const at = fixed.length + 1 + 2 * i;
    return setSql(`$${at}`, `$${at + 1}`);
  });
  const mode = readOnly ? ["set_config('transaction_read_only', 'on', true)"] : [];
  const empty = responds ? EMPTY : [];
  const made = fixed.map((name, i) => setSql(`'${name}'`, `$${i + 1}`));
  return {
    key: `settings:${further}:${readOnly ? 'ro' : 'rw'}${responds ? ':response' : ''}:${shown.key}`,
    text: `SELECT ${[...mode, ...empty, ...names, ...made].join(', ')}`,
  };
};

const settingsText = (
  shown: ShownSettings,
  further: number,
  readOnly: boolean,
  responds: boolean,
): SettingsText => {
  const which = 4 * further + (readOnly ? 2 : 0) + (responds ? 1 : 0);
  let entry = shown.texts.get(which);
  if (entry === undefined) {
    entry = makeText(shown, further, readOnly, responds);
    shown.texts.set(which, entry);
  }
  return entry;
};

/** Tells the search path by its first schema; each is put together once. */
export const searchPathWith = (extra: readonly string[]): TransactionSettings['searchPath'] => {
  const known = new Map<string, string>();
  return (schema) => {
    let path = known.get(schema);
    if (path === undefined) {
      path = [schema, ...extra].map(quoteIdent).join(', ');
      known.set(schema, path);
    }
    return path;
  };
};

const furtherSettings = (
  { appSettings }: TransactionSettings,
  plan: Plan,
  { preferences: { timezone } }: Ask,
  role: Role | undefined,
): readonly Setting[] => {
  const ofRole = role?.settings ?? [];
  if (timezone === undefined && ofRole.length === 0 && plan.settings.length === 0) return appSettings;
  const asked: readonly Setting[] = timezone === undefined ? [] : [['timezone', timezone]];
  return [...ofRole, ...asked, ...plan.settings, ...appSettings];
};

/** One statement that sets everything that holds for the transaction, the role among it. */
export const settingsStatement = (
  settings: TransactionSettings,
  shown: ShownSettings,
  plan: Plan,
  ask: Ask,
  circumstances: Circumstances,
  role: Role | undefined,
): Statement => {
  const further = furtherSettings(settings, plan, ask, role);
  const responds = plan.asksResponse || plan.write?.countInserted === true;
  const { text, key } = settingsText(shown, further.length, plan.readOnly, responds);
  const params = [settings.searchPath(ask.schema), circumstances.identity.role];
  for (const { value } of shown.caller) params.push(value(circumstances));
  for (const { value } of shown.request) params.push(value(circumstances));
  for (const [name, value] of further) params.push(name, value);
  return { text, key, params, rows: 'ignore' };
};

/** The call of the pre-request function, in the name of the caller; without a schema the search path finds it. */
export const preRequestStatement = (name: QualifiedName, role: string): Statement => ({
  // Without a schema it is looked for along the search path.
  text: `SELECT ${name.schema === '' ? quoteIdent(name.name) : quoteQualified(name)}()`,
  key: `pre-request:${role}`,
  params: [],
  rows: 'ignore',
});
