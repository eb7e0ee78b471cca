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

/** Settings of fixed names, in the order in which their values are bound. */
const FIXED = [
  'search_path',
  'role',
  'request.jwt.claims',
  'request.jwt.claim.sub',
  'request.method',
  'request.path',
  'request.headers',
  'request.cookies',
];

/**
 * What functions may set for the answer begins empty: where one has set it for the session and not for its
 * transaction, the next request on the connection must not answer with it.
 */
const EMPTY = ["set_config('response.headers', '', true)", "set_config('response.status', '', true)"];

const setSql = (name: string, value: string): string => `set_config(${name}, ${value}, true)`;

const fixedSql = FIXED.map((name, i) => setSql(`'${name}'`, `$${i + 1}`)).join(', ');

/** The statement's text by the number of further settings, whether it may not write, and whether it may set the answer. */
const texts = new Map<string, { readonly text: string; readonly key: string }>();

/**
 * Further settings go first: a role's own are set while the serving login may still set them, as
 * `GRANT SET ON PARAMETER` is given to it and not to the role.
 */
const settingsText = (further: number, readOnly: boolean, responds: boolean) => {
  const key = `settings:${further}:${readOnly ? 'ro' : 'rw'}${responds ? ':response' : ''}`;
  let entry = texts.get(key);
  if (entry === undefined) {
    const names = Array.from({ length: further }, (_, i) => {
      const at = FIXED.length + 1 + 2 * i;
      return setSql(`$${at}`, `$${at + 1}`);
    });
    const mode = readOnly ? ["set_config('transaction_read_only', 'on', true)"] : [];
    const empty = responds ? EMPTY : [];
    entry = { key, text: `SELECT ${[...mode, ...empty, ...names, fixedSql].join(', ')}` };
    texts.set(key, entry);
  }
  return entry;
};

const printSearchPath = (schema: string, extra: readonly string[]): string =>
  [schema, ...extra].map(quoteIdent).join(', ');

/** One statement that sets everything that holds for the transaction, the role among it. */
export const settingsStatement = (
  settings: TransactionSettings,
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
  const { text, key } = settingsText(further.length, plan.readOnly, responds);
  return {
    text,
    key,
    params: [
      printSearchPath(ask.schema, settings.extraSearchPath),
      identity.role,
      identity.claims,
      identity.subject,
      circumstances.method,
      circumstances.path,
      circumstances.headers,
      circumstances.cookies,
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
