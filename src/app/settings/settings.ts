import { ALGORITHMS } from '../../credentials/index.ts';
import { logLevels } from '../../observe/index.ts';
import { bytes, choice, flag, integer, names, pairs, text } from './kind.ts';
import { optional, type Setting, setting } from './setting.ts';

const serving = ['dev', 'start'] as const;

/** An address of the web without anything behind its path. */
const isWebAddress = (value: string): string | undefined => {
  const url = URL.parse(value);
  return url !== null && /^https?:$/.test(url.protocol) && url.username === ''
    ? undefined
    : `"${value}" is none`;
};

const databaseAddress = { expects: 'an address such as postgresql://user:password@host:5432/database' };

/**
 * All settings of Ashlar, by their names in `ashlar.config.ts`. This table is the one place where a setting is
 * told of: reading, checking, options, help, `ashlar config`, the published types and the reference come from it.
 */
export const settings = {
  // Where it answers

  host: setting(
    'the address to listen on; 0.0.0.0: all',
    text('ADDRESS', { expects: 'an address, such as 0.0.0.0' }),
    '127.0.0.1',
    { takers: serving },
  ),
  port: setting('the port of the API; 0: any that is free', integer('PORT', 0, 65_535), 4000, {
    takers: serving,
    short: 'p',
  }),
  publicUrl: optional(
    'where the API is reached from outside, for the addresses in its descriptions',
    text('URL', { expects: 'an address such as https://api.example.com', fault: isWebAddress }),
    { absent: 'the address to listen on', takers: ['start'] },
  ),
  corsOrigins: setting(
    'the origins whose pages may call the API from a browser; none: all',
    names('ORIGINS', { mayBeEmpty: true }),
    [],
    { takers: ['start'] },
  ),
  allowedHosts: setting(
    'the names that it answers to beside localhost and addresses, .example.com for all below; none: any name',
    names('NAMES', { mayBeEmpty: true }),
    [],
    { fallbackOf: { dev: ['localhost'] }, takers: serving },
  ),

  // The database

  dbUrl: optional('the database to serve, as the login that serves', text('URL', databaseAddress), {
    absent: 'the embedded Postgres',
    takers: ['start', 'migrate'],
    secret: 'password',
  }),
  adminUrl: optional('the same database, as its owner, to migrate it', text('URL', databaseAddress), {
    absent: 'the owner of the embedded Postgres, if that is served',
    takers: ['start', 'migrate'],
    secret: 'password',
  }),
  migrate: setting('apply pending migrations before serving', flag(), false, { takers: ['start'] }),
  watch: setting('apply migrations as they are saved', flag(), true, { takers: ['dev'] }),
  pgPort: optional(
    'a TCP port of 127.0.0.1 on which the embedded Postgres can be reached',
    integer('PORT', 1, 65_535),
    { absent: 'a unix socket only', takers: serving },
  ),
  poolSize: setting(
    'the most connections to the database that a worker has',
    integer('NUMBER', 1, 1000),
    10,
    {
      takers: ['start'],
    },
  ),

  // The API

  schemas: setting('the schemas that are served, the default first', names('NAMES'), ['public'], {
    takers: serving,
  }),
  maxRows: optional('the most rows that an answer has', integer('NUMBER', 1, Number.MAX_SAFE_INTEGER), {
    absent: 'no limit',
    takers: [],
  }),
  aggregates: setting('let requests use sum(), avg(), count(), min() and max()', flag(), true, {
    takers: [],
  }),
  explain: setting('let requests ask for their execution plan', flag(), false, {
    fallbackOf: { dev: true },
    takers: [],
  }),
  serverTiming: setting('tell in a header Server-Timing what a request spent its time on', flag(), false, {
    fallbackOf: { dev: true },
    takers: [],
  }),
  anonymousKeys: setting(
    'take idempotency keys from callers without a token, who then share theirs',
    flag(),
    false,
    { takers: [] },
  ),
  cache: setting(
    "who may keep answers about a table, by its name, as Cache-Control says it; goes before the table's comment (@cache)",
    pairs('TABLES', {
      expects: "the names of tables with what holds for them, such as { posts: 'public, max-age=60' }",
      fault: (said) => (/^[!-~][ -~]*$/.test(said) ? undefined : 'is no Cache-Control'),
    }),
    {},
    { takers: [] },
  ),
  requireMatch: setting(
    'the tables whose items are only changed with If-Match, beside those whose comment says so (@require-match)',
    names('TABLES', { mayBeEmpty: true }),
    [],
    { takers: [] },
  ),
  openapi: setting('describe at the root of the API what the asking role may use', flag(), true, {
    takers: [],
  }),
  docs: setting('show the documentation of the API at /docs', flag(), false, {
    fallbackOf: { dev: true },
    takers: ['start'],
  }),

  // What it takes of clients

  maxUrl: setting('the longest path and query of a request', bytes(1024, 1024 ** 2), 48 * 1024, {
    takers: [],
  }),
  maxHead: setting('how much the headers of a request may be together', bytes(1024, 1024 ** 2), 64 * 1024, {
    takers: [],
  }),
  maxHeaders: setting('how many headers a request may have', integer('NUMBER', 10, 2000), 200, {
    takers: [],
  }),
  maxBody: setting('the longest body of a request', bytes(0, 1024 ** 3), 1024 ** 2, { takers: ['start'] }),
  maxCsv: setting('the longest body of CSV', bytes(0, 1024 ** 3), 10 * 1024 ** 2, { takers: ['start'] }),
  maxBatchAnswer: setting(
    'how much the answers of the steps of a batch may be together',
    bytes(0, 1024 ** 3),
    10 * 1024 ** 2,
    { takers: [] },
  ),
  maxBodies: setting(
    'how much the bodies that are on their way may take of memory together',
    bytes(1024 ** 2, 1024 ** 4),
    256 * 1024 ** 2,
    { takers: [] },
  ),
  maxJsonDepth: setting('how deep arrays and objects of a body may nest', integer('LEVELS', 1, 10_000), 100, {
    takers: [],
  }),
  maxFilters: setting('how many conditions a request may have', integer('NUMBER', 1, 1_000_000), 1000, {
    takers: [],
  }),
  maxEmbeds: setting('how many levels deep a request may embed', integer('LEVELS', 0, 100), 10, {
    takers: [],
  }),
  headTimeout: setting(
    'how long the headers of a request may take, in seconds',
    integer('SECONDS', 1, 3600),
    10,
    {
      takers: [],
    },
  ),
  bodyTimeout: setting(
    'how long the body of a request may take, in seconds',
    integer('SECONDS', 1, 86_400),
    30,
    {
      takers: [],
    },
  ),
  stallTimeout: setting(
    'how long a client may take for 64 KB of its answer, in seconds; who is slower is cut off',
    integer('SECONDS', 1, 3600),
    10,
    { takers: [] },
  ),
  statementTimeout: setting(
    "how long a statement may take, in seconds, unless its role has a statement_timeout; 0: the serving login's",
    integer('SECONDS', 0, 86_400),
    8,
    { takers: ['start'] },
  ),
  maxStreams: optional(
    'how many connections to the database may send long answers at once',
    integer('NUMBER', 1, 1000),
    { absent: 'three quarters of the pool', takers: [] },
  ),
  maxConnections: optional('how many clients may be connected', integer('NUMBER', 1, 1_000_000), {
    absent: 'what the limit of open files leaves',
    takers: [],
  }),
  maxLag: setting(
    'how late the server may come to its work, in milliseconds; beyond, requests get 503 at once',
    integer('MILLISECONDS', 50, 60_000),
    1000,
    { takers: [] },
  ),
  maxWait: setting(
    'how long a request may have waited for the database, in milliseconds; beyond, others get 503 at once',
    integer('MILLISECONDS', 50, 60_000),
    2000,
    { takers: [] },
  ),
  hsts: setting(
    'tell browsers that come over TLS (X-Forwarded-Proto: https) to come no other way',
    flag(),
    true,
    { fallbackOf: { dev: false }, takers: [] },
  ),

  // The project's pages

  publicFolder: setting(
    "the folder whose files are served as pages, from the project's",
    text('FOLDER', { expects: 'the path of a folder' }),
    'public',
    { takers: serving },
  ),
  contentSecurityPolicy: optional(
    'what these pages may load and run (Content-Security-Policy)',
    text('POLICY', { fault: (policy) => (/[\r\n]/.test(policy) ? 'it has to be one line' : undefined) }),
    { absent: 'what comes from this server itself', takers: serving },
  ),

  // Tokens

  jwtSecret: optional(
    'what tokens are verified with: a secret of 32 bytes or more, or a JWK or JWK set as JSON',
    text('SECRET'),
    { absent: "the project's own, in `.ashlar/secret.json`", takers: [], secret: 'whole' },
  ),
  jwksUrl: optional(
    'the address of the JWK set that tokens are verified with, instead of a secret',
    text('URL', { expects: 'an address such as https://id.example.com/jwks.json', fault: isWebAddress }),
    { absent: 'none', takers: [] },
  ),
  jwtAlgorithms: optional(
    'the algorithms of signatures that are accepted',
    names('NAMES', { known: ALGORITHMS }),
    { absent: 'those that the keys are for; HS256 for a secret', takers: [] },
  ),
  jwtAudience: optional('the audience that a token has to name, if it names one (`aud`)', text('NAME'), {
    absent: 'any',
    takers: [],
  }),
  jwtRoleClaim: setting('where the claims of a token name the role, as a JSONPath', text('PATH'), '$.role', {
    takers: [],
  }),

  // How it runs

  workers: setting('how many processes answer requests', integer('NUMBER', 1, 256), 1, { takers: ['start'] }),
  shutdownGrace: setting(
    'how long requests under way may take when the server stops, in seconds',
    integer('SECONDS', 0, 3600),
    10,
    { takers: [] },
  ),
  logLevel: setting('how much is logged', choice('LEVEL', logLevels), 'info', {
    fallbackOf: { dev: 'warn' },
    takers: serving,
  }),
  logFormat: setting(
    'how it is logged: as text for people, as JSON for programs, or auto: text at a terminal only',
    choice('FORMAT', ['auto', 'text', 'json']),
    'auto',
    { fallbackOf: { dev: 'text' }, takers: ['start'] },
  ),
} as const satisfies { readonly [name: string]: Setting<unknown> };

type Table = typeof settings;

export type SettingName = keyof Table;

type ValueOf<S> =
  S extends Setting<infer T> ? T | (S extends { readonly fallback: undefined } ? undefined : never) : never;

/** The value of each setting. */
export type SettingValues = { readonly [Name in SettingName]: ValueOf<Table[Name]> };

/** What `ashlar.config.ts` may say. */
export type Config = { readonly [Name in SettingName]?: SettingValues[Name] | undefined };

/** All names, in the order of the table. */
export const settingNames = Object.keys(settings) as readonly SettingName[];

/** The table without the types of its values, for those who go through all of it. */
export const settingOf = (name: SettingName): Setting<unknown> => settings[name];
