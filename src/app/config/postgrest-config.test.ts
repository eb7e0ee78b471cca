import { describe, expect, test } from 'vitest';
import { ConfigError } from './config-error.ts';
import { parseConfigFile } from './config-file.ts';
import {
  type ConfigSources,
  noSources,
  parsePostgrestConfig,
  printExampleConfig,
  printPostgrestConfig,
} from './postgrest-config.ts';
import { type PostgrestSettingName, postgrestSettingNames } from './postgrest-settings.ts';

const fileOf = (text: string) => parseConfigFile(text, 'postgrest.conf', () => undefined);

const parse = (given: Partial<ConfigSources>) => parsePostgrestConfig({ ...noSources, ...given });

const readOne = (name: PostgrestSettingName, environment: Record<string, string>) =>
  parse({ environment }).values[name];

describe('the settings of PostgREST mode', () => {
  test("have PostgREST's defaults", () => {
    expect(printPostgrestConfig(parse({}))).toBe(`admin-server-host = ""
admin-server-port = ""
admin-server-unix-socket = ""
admin-server-unix-socket-mode = "660"
client-error-verbosity = "verbose"
db-aggregates-enabled = false
db-anon-role = ""
db-channel = "pgrst"
db-channel-enabled = true
db-config = true
db-extra-search-path = "public"
db-hoisted-tx-settings = "statement_timeout,plan_filter.statement_cost_limit,default_transaction_isolation"
db-max-rows = ""
db-plan-enabled = false
db-pool = 10
db-pool-acquisition-timeout = 10
db-pool-automatic-recovery = true
db-pool-max-idletime = 30
db-pool-max-lifetime = 1800
db-pre-config = ""
db-pre-request = ""
db-prepared-statements = true
db-root-spec = ""
db-schemas = "public"
db-tx-end = "commit"
db-uri = "postgresql://"
jwt-aud = ""
jwt-cache-max-entries = 1000
jwt-role-claim-key = "$$.role"
jwt-secret = ""
jwt-secret-is-base64 = false
log-level = "error"
log-query = false
openapi-mode = "follow-privileges"
openapi-security-active = false
openapi-server-proxy-uri = ""
server-cors-allowed-origins = ""
server-host = "!4"
server-port = 3000
server-reuseport = false
server-timing-enabled = false
server-trace-header = ""
server-unix-socket = ""
server-unix-socket-mode = "660"
url-use-legacy-target-names = true
`);
  });

  test('come from the database before the environment, and from there before the file', () => {
    const file = fileOf('db-schemas = "a"\ndb-anon-role = "b"\ndb-max-rows = 10');
    const environment = { PGRST_DB_SCHEMAS: 'c', PGRST_DB_ANON_ROLE: 'd' };
    const { values, sources } = parse({ file, environment, database: new Map([['db_schemas', 'e, f']]) });
    expect([values['db-schemas'], values['db-anon-role'], values['db-max-rows'], values['db-pool']]).toEqual([
      ['e', 'f'],
      'd',
      10,
      10,
    ]);
    expect([
      sources['db-schemas'],
      sources['db-anon-role'],
      sources['db-max-rows'],
      sources['db-pool'],
    ]).toEqual(['database', 'environment', 'file', 'default']);
  });

  test('that need a new start are not taken from the database', () => {
    const database = new Map([
      ['db_uri', 'postgresql://ignored'],
      ['server_port', 'ignored'],
      ['log_level', 'ignored'],
    ]);
    expect(parse({ database }).values).toEqual(parse({}).values);
  });

  test('have older names, too, which count where the newer is not set', () => {
    const text = `db-schema = "provided_through_alias"
db-pool-timeout = 5
max-rows = 1000
pre-request = "check.alias"
role-claim-key = "$$.aliased"
root-spec = "open_alias"
secret-is-base64 = true`;
    const { values, findings } = parse({ file: fileOf(text) });
    expect(values).toMatchObject({
      'db-schemas': ['provided_through_alias'],
      'db-pool-max-idletime': 5,
      'db-max-rows': 1000,
      'db-pre-request': { schema: 'check', name: 'alias' },
      'jwt-role-claim-key': '$.aliased',
      'db-root-spec': { schema: '', name: 'open_alias' },
      'jwt-secret-is-base64': true,
    });
    expect(findings).toEqual([]);
    expect(parse({ file: fileOf('max-rows = 1\ndb-max-rows = 2') }).values['db-max-rows']).toBe(2);
  });

  test('that are empty are as if they were not set, but for lists that may be empty', () => {
    expect(readOne('log-level', { PGRST_LOG_LEVEL: '' })).toBe('error');
    expect(readOne('db-tx-end', { PGRST_DB_TX_END: '' })).toBe('commit');
    expect(readOne('db-max-rows', { PGRST_DB_MAX_ROWS: '' })).toBeUndefined();
    expect(readOne('db-schemas', { PGRST_DB_SCHEMAS: '' })).toEqual(['public']);
    expect(readOne('db-extra-search-path', { PGRST_DB_EXTRA_SEARCH_PATH: '' })).toEqual([]);
  });

  test('of the wrong type are left out, and that is told', () => {
    const { values, findings } = parse({ file: fileOf('db-channel-enabled = 13\ndb-max-rows = true') });
    expect([values['db-channel-enabled'], values['db-max-rows']]).toEqual([true, undefined]);
    expect(findings.map(({ message }) => message)).toEqual([
      'db-channel-enabled is "13", which is left out because it is neither true nor false; the default holds (true).',
      'db-max-rows is "true", which is left out because it is not a whole number; the default holds ("").',
    ]);
  });

  test('that do not exist are left out, and that is told with what was probably meant', () => {
    const { findings } = parse({
      file: fileOf('not-existing = "should succeed"\ndb-schemass = "a"'),
      environment: { PGRST_DB_URL: 'x', PGRST_APP_SETTINGS_any: 'y', OTHER: 'z' },
    });
    expect(findings.map(({ message }) => message)).toEqual([
      'There is no setting not-existing, so it is left out.',
      'There is no setting db-schemass, so it is left out. Did you mean db-schemas?',
      'There is no setting PGRST_DB_URL, so it is left out. Did you mean PGRST_DB_URI?',
    ]);
  });

  test.each([
    [
      { PGRST_LOG_LEVEL: 'never' },
      'log-level cannot be "never": it must be one of: crit, error, warn, info, debug',
    ],
    [{ PGRST_DB_TX_END: 'random' }, 'rollback-allow-override'],
    [{ PGRST_OPENAPI_MODE: 'on' }, 'follow-privileges'],
    [{ PGRST_CLIENT_ERROR_VERBOSITY: 'invalid' }, 'verbose, minimal'],
    [{ PGRST_DB_SCHEMAS: 'public, pg_catalog' }, "the schema pg_catalog is Postgres' own"],
    [{ PGRST_DB_SCHEMAS: 'information_schema' }, "the schema information_schema is Postgres' own"],
    [{ PGRST_JWT_AUD: 'foo://%%$$^^.com' }, 'it must be a valid URI'],
    [{ PGRST_JWT_AUD: 'http://%%localhorst.invalid' }, 'it must be a valid URI'],
    [{ PGRST_OPENAPI_SERVER_PROXY_URI: 'htp:/@@localhorst.invalid' }, 'http or https URI'],
    [{ PGRST_OPENAPI_SERVER_PROXY_URI: 'https://user@example.com' }, 'http or https URI'],
    [{ PGRST_OPENAPI_SERVER_PROXY_URI: 'https://example.com?a=b' }, 'http or https URI'],
    [{ PGRST_SERVER_UNIX_SOCKET_MODE: '800' }, 'not an octal number'],
    [{ PGRST_SERVER_UNIX_SOCKET_MODE: '577' }, 'from 600 to 777'],
    [{ PGRST_SERVER_UNIX_SOCKET_MODE: '1000' }, 'from 600 to 777'],
    [{ PGRST_SERVER_PORT: '70000' }, 'from 0 to 65535'],
    [
      { PGRST_SERVER_PORT: '3000', PGRST_ADMIN_SERVER_PORT: '3000' },
      'admin-server-port cannot be the same as',
    ],
  ] as readonly (readonly [Record<string, string>, string])[])('are refused: %j', (environment, message) => {
    expect(() => parse({ environment })).toThrow(ConfigError);
    expect(() => parse({ environment })).toThrow(message);
  });

  test('are refused with the name of who set them', () => {
    const message = 'It was set by the environment variable PGRST_LOG_LEVEL.';
    expect(() => parse({ environment: { PGRST_LOG_LEVEL: 'x' } })).toThrow(message);
    expect(() => parse({ file: fileOf('log-level = "x"') })).toThrow('It was set by the file (log-level).');
    const database = new Map([['db_tx_end', 'x']]);
    expect(() => parse({ database })).toThrow('It was set by the database (pgrst.db_tx_end).');
  });

  test('never show a secret', () => {
    const environment = { PGRST_JWT_SECRET: 'hush', PGRST_DB_URI: 'hush' };
    const { findings } = parse({ environment });
    expect(JSON.stringify(findings)).not.toContain('hush');
  });

  test("of one's own are handed on by name, those of the environment before those of the file", () => {
    const file = fileOf('app.settings.test = "file"\napp.settings.other = false');
    const environment = { PGRST_APP_SETTINGS_test: 'environment', PGRST_APP_SETTINGS_Third: '3' };
    expect(parse({ file, environment }).appSettings).toEqual([
      ['app.settings.Third', '3'],
      ['app.settings.other', 'false'],
      ['app.settings.test', 'environment'],
    ]);
  });

  test('read the same after they were printed', () => {
    const text = `client-error-verbosity = "minimal"
db-anon-role = "a \\"b\\" \\\\ $$c"
db-extra-search-path = ""
db-schemas = "multi,   tenant,setup"
db-pre-request = "please.run_fast"
db-max-rows = 1000
jwt-role-claim-key = "$$.roles[?(@ == \\"role1\\")]"
server-unix-socket = "/tmp/a.sock"
server-unix-socket-mode = "777"
app.settings.test = "multi\\nline"`;
    const config = parse({ file: fileOf(text) });
    const again = parse({ file: fileOf(printPostgrestConfig(config)) });
    expect(again.values).toEqual(config.values);
    expect(again.appSettings).toEqual(config.appSettings);
    expect(config.values).toMatchObject({
      'db-anon-role': 'a "b" \\ $c',
      'db-schemas': ['multi', 'tenant', 'setup'],
    });
  });
});

test('the example file has every setting and reads as the defaults', () => {
  const text = printExampleConfig();
  for (const name of postgrestSettingNames) expect(text).toMatch(new RegExp(`^(# )?${name} = `, 'm'));
  const { values, findings } = parse({ file: fileOf(text) });
  expect(values).toEqual(parse({}).values);
  expect(findings).toEqual([]);
});
