import {
  choice,
  fileMode,
  flag,
  functionName,
  integer,
  names,
  optionalInteger,
  optionalText,
  type Setting,
  text,
} from './setting.ts';

const inDatabase = { inDatabase: true, reloadable: true } as const;
const reloadable = { reloadable: true } as const;
const port = { from: 0, to: 65_535 } as const;

/** Schemas of Postgres itself, which are never served. */
const forbiddenSchemas = ['pg_catalog', 'information_schema'];

const checkSchemas = (schemas: readonly string[]): string | undefined => {
  const found = schemas.find((schema) => forbiddenSchemas.includes(schema));
  return found === undefined ? undefined : `the schema ${found} is Postgres' own and cannot be served`;
};

const checkAudience = (audience: string): string | undefined =>
  audience.includes(':') && (!URL.canParse(audience) || /%(?![0-9a-fA-F]{2})|[\s^<>"{}|\\`]/.test(audience))
    ? 'it has a colon, so it must be a valid URI'
    : undefined;

const checkProxyUri = (uri: string): string | undefined => {
  const url = URL.parse(uri);
  const good =
    url !== null &&
    /^https?:\/\/[^/]/i.test(uri) &&
    url.search === '' &&
    url.hash === '' &&
    url.username === '' &&
    !uri.includes('@') &&
    url.port !== '0';
  return good
    ? undefined
    : 'it must be an http or https URI without query, such as https://example.com:8443/api';
};

/**
 * PostgREST's settings, by their names and with their documented meanings and defaults (PostgREST,
 * "Configuration"). The table drives reading, printing, and what is said of unknown names.
 */
export const postgrestSettings = {
  'admin-server-host': optionalText('Where the admin server listens. Default: server-host.'),
  'admin-server-port': optionalInteger(
    'The port of the admin server, which has /live, /ready, /schema_cache and /metrics.',
    port,
  ),
  'admin-server-unix-socket': optionalText('A unix socket for the admin server, instead of a port.'),
  'admin-server-unix-socket-mode': fileMode('The file mode of that socket.', 0o660),
  'client-error-verbosity': choice(
    'What clients are told of errors: verbose has details and hint, minimal only code and message.',
    ['verbose', 'minimal'],
    'verbose',
    inDatabase,
  ),
  'db-aggregates-enabled': flag(
    'Whether requests may use avg(), count(), max(), min() and sum().',
    false,
    inDatabase,
  ),
  'db-anon-role': optionalText(
    'The role of requests without a token; without one they are refused.',
    inDatabase,
  ),
  'db-channel': text('The channel on which NOTIFY reloads schema and configuration.', 'pgrst', reloadable),
  'db-channel-enabled': flag('Whether that channel is listened to.', true, reloadable),
  'db-config': flag('Whether the database may set settings, too.', true, reloadable),
  'db-extra-search-path': names(
    'Schemas that are searched besides the served one, but not served.',
    ['public'],
    { ...inDatabase, mayBeEmpty: true },
  ),
  'db-hoisted-tx-settings': names(
    'Settings of a function that hold for the whole transaction that calls it.',
    ['statement_timeout', 'plan_filter.statement_cost_limit', 'default_transaction_isolation'],
    inDatabase,
  ),
  'db-max-rows': optionalInteger('The most rows that an answer has; without it there is no limit.', {
    ...inDatabase,
    aliases: ['max-rows'],
  }),
  'db-plan-enabled': flag('Whether requests may ask for their execution plan.', false, inDatabase),
  'db-pool': integer('The most connections to the database.', 10, { from: 1 }),
  'db-pool-acquisition-timeout': integer('How long a request waits for a connection, in seconds.', 10, {
    from: 1,
  }),
  'db-pool-automatic-recovery': flag(
    'Whether a lost connection is opened anew; else the server ends.',
    true,
    reloadable,
  ),
  'db-pool-max-idletime': integer('When an idle connection is closed, in seconds.', 30, {
    aliases: ['db-pool-timeout'],
  }),
  'db-pool-max-lifetime': integer('When a connection is replaced by a new one, in seconds.', 1800),
  'db-pre-config': functionName('A function of the database that sets settings.', inDatabase),
  'db-pre-request': functionName('A function that is called before each request, in its transaction.', {
    ...inDatabase,
    aliases: ['pre-request'],
  }),
  'db-prepared-statements': flag(
    'Whether statements are prepared; false for poolers in transaction mode.',
    true,
    inDatabase,
  ),
  'db-root-spec': functionName(
    'A function that answers at the root, instead of the description of the API.',
    {
      ...inDatabase,
      aliases: ['root-spec'],
    },
  ),
  'db-schemas': names('The schemas that are served; the first is the default.', ['public'], {
    ...inDatabase,
    aliases: ['db-schema'],
    check: checkSchemas,
  }),
  'db-tx-end': choice(
    'How transactions end, and whether Prefer: tx= may say otherwise.',
    ['commit', 'commit-allow-override', 'rollback', 'rollback-allow-override'],
    'commit',
    { inDatabase: true },
  ),
  'db-uri': text(
    'Where the database is: a URI, key=value pairs, or @ and a file with either.',
    'postgresql://',
  ),
  'jwt-aud': optionalText('The audience that a token must name, if it names one.', {
    ...inDatabase,
    check: checkAudience,
  }),
  'jwt-cache-max-entries': integer('How many verified tokens are remembered; 0: none.', 1000, inDatabase),
  'jwt-role-claim-key': text('Where the claims name the role: a JSONPath.', '$.role', {
    ...inDatabase,
    aliases: ['role-claim-key'],
  }),
  'jwt-secret': optionalText(
    'What tokens are verified with: a secret of 32 characters or more, a JWK or JWK set, or @ and a file.',
    inDatabase,
  ),
  'jwt-secret-is-base64': flag('Whether the secret is base64.', false, {
    ...inDatabase,
    aliases: ['secret-is-base64'],
  }),
  'log-level': choice('What is logged.', ['crit', 'error', 'warn', 'info', 'debug'], 'error', reloadable),
  'log-query': flag('Whether the SQL of a logged request is logged, too.', false, reloadable),
  'openapi-mode': choice(
    'What the root describes: what the role may use, everything, or nothing.',
    ['follow-privileges', 'ignore-privileges', 'disabled'],
    'follow-privileges',
    inDatabase,
  ),
  'openapi-security-active': flag('Whether the description tells how to sign in.', false, inDatabase),
  'openapi-server-proxy-uri': optionalText('Where the API is seen from outside, for its description.', {
    inDatabase: true,
    check: checkProxyUri,
  }),
  'server-cors-allowed-origins': names('The origins that browsers may call from; empty: all.', [], {
    inDatabase: true,
  }),
  'server-host': text('Where the server listens: an address, or !4, *4, !6, *6, * for all.', '!4'),
  'server-port': integer('The port of the server; 0: any that is free.', 3000, port),
  'server-reuseport': flag('Whether several servers may share the port.', false),
  'server-timing-enabled': flag('Whether answers have a Server-Timing header.', false, inDatabase),
  'server-trace-header': optionalText('A header that is sent back as it came.', inDatabase),
  'server-unix-socket': optionalText('A unix socket to listen on, instead of a port.'),
  'server-unix-socket-mode': fileMode('The file mode of that socket.', 0o660),
  'url-use-legacy-target-names': flag(
    'Whether an embedded resource with an alias may still be meant by its own name.',
    true,
    inDatabase,
  ),
} as const satisfies { readonly [name: string]: Setting<unknown> };

export type PostgrestSettingName = keyof typeof postgrestSettings;

/** The value of each setting, by its name. */
export type PostgrestValues = {
  readonly [Name in PostgrestSettingName]: (typeof postgrestSettings)[Name] extends Setting<infer T>
    ? T
    : never;
};

/** All names of settings, in their order. */
export const postgrestSettingNames = Object.keys(postgrestSettings) as readonly PostgrestSettingName[];
