import { describe, expect, test } from 'vitest';
import { listSettings, readSettings, type SettingSources } from './read-settings.ts';

const nothing: SettingSources = {
  options: new Map(),
  environment: {},
  file: undefined,
  readFile: () => '',
};
const file = (config: unknown): Pick<SettingSources, 'file'> => ({
  file: { path: 'ashlar.config.ts', config },
});
const faultsOf = (given: Partial<SettingSources>): string => {
  try {
    readSettings('dev', { ...nothing, ...given });
    return '';
  } catch (error) {
    return (error as Error).message;
  }
};

describe('a setting', () => {
  const all: SettingSources = {
    ...nothing,
    options: new Map([['port', '1']]),
    environment: { ASHLAR_PORT: '2' },
    ...file({ port: 3 }),
  };

  test.each([
    [all, 1, { kind: 'option', name: 'port' }],
    [{ ...all, options: new Map() }, 2, { kind: 'environment', name: 'ASHLAR_PORT' }],
    [{ ...nothing, ...file({ port: 3 }) }, 3, { kind: 'file', name: 'ashlar.config.ts' }],
    [nothing, 4000, { kind: 'default' }],
  ] as const)(
    'is that of the option, the environment, the file, the default, in this order (%#)',
    (given, value, source) => {
      const { values, sources } = readSettings('dev', given);
      expect([values.port, sources.port]).toEqual([value, source]);
    },
  );

  test('that is undefined in the file or empty in the environment is not set', () => {
    const { values } = readSettings('dev', {
      ...nothing,
      environment: { ASHLAR_PORT: '' },
      ...file({ port: undefined, host: undefined }),
    });
    expect(values).toMatchObject({ port: 4000, host: '127.0.0.1' });
  });

  test('is read from text as its kind has it', () => {
    const environment = { ASHLAR_SCHEMAS: 'api, public', ASHLAR_WATCH: 'off' };
    expect(readSettings('dev', { ...nothing, environment }).values).toMatchObject({
      schemas: ['api', 'public'],
      watch: false,
    });
  });

  test('of tables is the same from the file and from text', () => {
    const cache = { posts: 'public, max-age=60', 'api.tags': 'no-cache' };
    const environment = { ASHLAR_CACHE: ' posts=public, max-age=60; api.tags=no-cache; ' };
    expect(readSettings('start', { ...nothing, environment }).values.cache).toEqual(cache);
    expect(readSettings('start', { ...nothing, ...file({ cache }) }).values.cache).toEqual(cache);
  });

  test('can be switched on again by an option', () => {
    const given = { ...nothing, options: new Map([['watch', true]]), environment: { ASHLAR_WATCH: 'no' } };
    expect(readSettings('dev', given).values.watch).toBe(true);
  });
});

describe('what is wrong with the settings is told', () => {
  test.each([
    [
      'a name of the file',
      file({ prot: 1 }),
      'There is no setting prot (in ashlar.config.ts). Did you mean port?',
    ],
    [
      'a name of the environment',
      { environment: { ASHLAR_SCHEMA: 'a' } },
      'There is no setting for the environment variable ASHLAR_SCHEMA. Did you mean ASHLAR_SCHEMAS?',
    ],
    [
      'a name like no other',
      { environment: { ASHLAR_QQ: 'a' } },
      'There is no setting for the environment variable ASHLAR_QQ. "ashlar config" lists them all.',
    ],
    [
      'text for a number',
      file({ port: '80' }),
      'port in ashlar.config.ts has to be a whole number from 0 to 65535; it is "80".',
    ],
    [
      'a number out of bounds',
      { options: new Map([['port', '65536']]) },
      '--port has to be a whole number from 0 to 65535; it is "65536".',
    ],
    [
      'a word for a switch',
      { environment: { ASHLAR_WATCH: 'maybe' } },
      'the environment variable ASHLAR_WATCH has to be true or false; it is "maybe".',
    ],
    [
      'an empty list',
      file({ schemas: [] }),
      'schemas in ashlar.config.ts has to be a list of names; it is [].',
    ],
    [
      'text that cannot be a header',
      file({ cache: { posts: 'public\r\nSet-Cookie: a=b' } }),
      "cache in ashlar.config.ts has to be the names of tables with what holds for them, such as { posts: 'public, max-age=60' }; that of posts is no Cache-Control.",
    ],
    [
      'a file without settings',
      file(undefined),
      'ashlar.config.ts has to say what the settings are: export default defineConfig({ … }). It exports nothing as default.',
    ],
  ])('%s', (_what, given, message) => {
    expect(faultsOf(given)).toBe(message);
  });

  test('all of it at once', () => {
    expect(faultsOf({ ...file({ prot: 1, port: false }) }).split('\n')).toHaveLength(2);
  });

  test('a name that every object has is none of a setting', () => {
    expect(faultsOf(file({ toString: 1 }))).toContain('There is no setting toString');
  });
});

test('the list has each setting with who set it', () => {
  const settings = readSettings('dev', { ...nothing, environment: { ASHLAR_PORT: '80' } });
  const rows = listSettings(settings);
  expect(rows.find(({ name }) => name === 'port')).toMatchObject({
    value: 80,
    shown: '80',
    source: { kind: 'environment', name: 'ASHLAR_PORT' },
  });
  expect(rows.find(({ name }) => name === 'pgPort')).toMatchObject({ shown: 'a unix socket only' });
});

describe('a secret', () => {
  const environment = {
    ASHLAR_DB_URL: 'postgresql://authenticator:PRIVATE@db/app',
    ASHLAR_JWT_SECRET: '@/run/secrets/jwt',
  };
  const given: SettingSources = { ...nothing, environment, readFile: (path) => `of ${path}: PRIVATE\n` };

  test('may be in a file, whose last line end does not count', () => {
    expect(readSettings('start', given).values.jwtSecret).toBe('of /run/secrets/jwt: PRIVATE');
  });

  test('is not shown in the list, but where it is an address, all but its password', () => {
    const rows = listSettings(readSettings('start', given));
    expect(JSON.stringify(rows)).not.toContain('PRIVATE');
    expect(rows.find(({ name }) => name === 'dbUrl')?.shown).toBe('postgresql://authenticator:***@db/app');
    expect(rows.find(({ name }) => name === 'jwtSecret')?.shown).toBe('***');
  });

  test('is not shown where it is wrong', () => {
    expect(faultsOf(file({ jwtSecret: ['PRIVATE'] }))).toBe(
      'jwtSecret in ashlar.config.ts has to be text; it is something else.',
    );
  });

  test('in a file that is not there is told with its name', () => {
    const readFile = (): string => {
      throw new Error('ENOENT: no such file');
    };
    expect(faultsOf({ environment, readFile })).toBe(
      'the environment variable ASHLAR_JWT_SECRET names a file that cannot be read: ENOENT: no such file.',
    );
  });
});

test.each([
  ['2MB', 2 * 1024 ** 2],
  ['512 kb', 512 * 1024],
  [2048, 2048],
])('a size may be %j in the file, as on the command line', (written, bytes) => {
  const { values } = readSettings('dev', { ...nothing, ...file({ maxBody: written }) });
  expect(values.maxBody).toBe(bytes);
});
