import type { QualifiedName } from '../base/index.ts';
import type { Statement } from '../db/index.ts';
import type { Role } from '../model/index.ts';
import type { Plan } from '../plan/index.ts';
import type { Ask } from '../request/index.ts';
import { quoteIdent, quoteQualified } from '../sql/index.ts';
import type { Circumstances } from './circumstances.ts';

/** What is set for every transaction of this server. */
export type TransactionSettings = {
  readonly extraSearchPath: readonly string[];
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

/** Those of the settings that something in the database reads, or may read. */
export type ShownSettings = {
  readonly caller: readonly Shown[];
  readonly request: readonly Shown[];
  /** What of the statement depends on the choice. */
  readonly key: string;
};

/**
 * Which settings are made for requests: to make one that nothing reads costs Postgres as much as to find a row.
 *
 * @param read the names that the database's own SQL reads; null: it may read any
 */
export const chooseSettings = (read: readonly string[] | null): ShownSettings => {
  const isShown = ({ name }: Shown): boolean => read === null || read.includes(name);
  const [caller, request] = [CALLER.filter(isShown), REQUEST.filter(isShown)];
  return { caller, request, key: [...caller, ...request].map(({ name }) => name).join() };
};

/**
 * What functions may set for the answer begins empty: where one has set it for the session and not for its
 * transaction, the next request on the connection must not answer with it.
 */
const EMPTY = ["set_config('response.headers', '', true)", "set_config('response.status', '', true)"];

const setSql = (name: string, value: string): string => `set_config(${name}, ${value}, true)`;

/** The statement's text by the settings that are shown, the number of further ones, and what else it is to do. */
const texts = new Map<string, { readonly text: string; readonly key: string }>();

/**
 * Further settings go first: a role's own are set while the serving login may still set them, as
 * `GRANT SET ON PARAMETER` is given to it and not to the role.
 */
const settingsText = (shown: ShownSettings, further: number, readOnly: boolean, responds: boolean) => {
  const key = `settings:${further}:${readOnly ? 'ro' : 'rw'}${responds ? ':response' : ''}:${shown.key}`;
  let entry = texts.get(key);
  if (entry === undefined) {
    const fixed = ['search_path', 'role', ...[...shown.caller, ...shown.request].map(({ name }) => name)];
    const names = Array.from({ length: further }, (_, i) => {
      const at = fixed.length + 1 + 2 * i;
      return setSql(`$${at}`, `$${at + 1}`);
    });
    const mode = readOnly ? ["set_config('transaction_read_only', 'on', true)"] : [];
    const empty = responds ? EMPTY : [];
    const made = fixed.map((name, i) => setSql(`'${name}'`, `$${i + 1}`));
    entry = { key, text: `SELECT ${[...mode, ...empty, ...names, ...made].join(', ')}` };
    texts.set(key, entry);
  }
  return entry;
};

const printSearchPath = (schema: string, extra: readonly string[]): string =>
  [schema, ...extra].map(quoteIdent).join(', ');

/** One statement that sets everything that holds for the transaction, the role among it. */
export const settingsStatement = (
  settings: TransactionSettings,
  shown: ShownSettings,
  plan: Plan,
  ask: Ask,
  circumstances: Circumstances,
  role: Role | undefined,
): Statement => {
  const { identity } = circumstances;
  const { timezone } = ask.preferences;
  const further = [
    ...(role?.settings ?? []),
    ...(timezone === undefined ? [] : [['timezone', timezone] as const]),
    ...plan.settings,
    ...settings.appSettings,
  ];
  const responds = plan.asksResponse || plan.write?.countInserted === true;
  const { text, key } = settingsText(shown, further.length, plan.readOnly, responds);
  return {
    text,
    key,
    params: [
      printSearchPath(ask.schema, settings.extraSearchPath),
      identity.role,
      ...shown.caller.map(({ value }) => value(circumstances)),
      ...shown.request.map(({ value }) => value(circumstances)),
      ...further.flat(),
    ],
    rows: 'ignore',
  };
};

/** The call of the pre-request function, in the name of the caller; without a schema the search path finds it. */
export const preRequestStatement = (name: QualifiedName, role: string): Statement => ({
  // Without a schema it is looked for along the search path.
  text: `SELECT ${name.schema === '' ? quoteIdent(name.name) : quoteQualified(name)}()`,
  key: `pre-request:${role}`,
  params: [],
  rows: 'ignore',
});
