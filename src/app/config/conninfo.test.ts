import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ConfigError } from './config-error.ts';
import { parseConninfo } from './conninfo.ts';

const read = (text: string) => Object.fromEntries(parseConninfo(text));

describe('a connection URI', () => {
  test.each<readonly [string, Record<string, string>]>([
    ['postgresql://', {}],
    ['postgres://host', { host: 'host' }],
    ['postgresql://u@/db', { user: 'u', dbname: 'db' }],
    [
      'postgresql://u:p@host:5433/db?sslmode=require&connect_timeout=10',
      {
        user: 'u',
        password: 'p',
        host: 'host',
        port: '5433',
        dbname: 'db',
        sslmode: 'require',
        connect_timeout: '10',
      },
    ],
    ['postgresql://[2001:db8::1]:5433/db', { host: '2001:db8::1', port: '5433', dbname: 'db' }],
    ['postgresql://[::1]/db', { host: '::1', dbname: 'db' }],
    ['postgresql:///db?host=/tmp/a%20b&user=me', { dbname: 'db', host: '/tmp/a b', user: 'me' }],
    ['postgresql://?dbname=db&host=%2Ftmp', { dbname: 'db', host: '/tmp' }],
    [
      'postgres://admin2:?pass?special?@localhost:5432/postgres',
      { user: 'admin2', password: '?pass?special?', host: 'localhost', port: '5432', dbname: 'postgres' },
    ],
    [
      'postgres://u:invalid_chars[]#@host/db',
      { user: 'u', password: 'invalid_chars[]#', host: 'host', dbname: 'db' },
    ],
    ['postgresql://u%40x:p%3A%2F@h', { user: 'u@x', password: 'p:/', host: 'h' }],
    ['postgresql://h1:1,h2:2/db', { host: 'h1,h2', port: '1,2', dbname: 'db' }],
    ['postgresql://h?ssl=true', { host: 'h', sslmode: 'require' }],
  ])('reads %s', (text, parameters) => expect(read(text)).toEqual(parameters));

  test('carries any password that is percent-encoded', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (password) => {
        fc.pre(password.isWellFormed() && !password.includes('\0'));
        expect(read(`postgresql://u:${encodeURIComponent(password)}@h/d`)).toEqual({
          user: 'u',
          password,
          host: 'h',
          dbname: 'd',
        });
      }),
    );
  });
});

describe('pairs', () => {
  test.each<readonly [string, Record<string, string>]>([
    ['', {}],
    ['host=localhost port=5433 dbname=db', { host: 'localhost', port: '5433', dbname: 'db' }],
    ["user = me  password='a b'", { user: 'me', password: 'a b' }],
    ["password='it\\'s \\\\' user=me", { password: "it's \\", user: 'me' }],
    ['password=a\\ b user=me', { password: 'a b', user: 'me' }],
    ["password='' user=me", { password: '', user: 'me' }],
  ])('read as %s', (text, parameters) => expect(read(text)).toEqual(parameters));

  test('carry any value in quotes', () => {
    fc.assert(
      fc.property(fc.string(), (password) => {
        const quoted = password.replace(/['\\]/g, '\\$&');
        expect(read(`user=u password='${quoted}' host=h`)).toEqual({ user: 'u', password, host: 'h' });
      }),
    );
  });
});

describe('an address that cannot be read', () => {
  test.each([
    ['tmp_db', 'neither a URI'],
    ['postgresql://h?sslmod=require', 'Did you mean "sslmode"?'],
    ['hots=localhost', 'unknown parameter "hots". Did you mean "host"?'],
    ["host=h password='secret", 'after 1 of its pairs'],
    ['postgresql://u:100%@h', 'Write %25'],
  ])('is refused: %s', (text, message) => {
    expect(() => read(text)).toThrow(ConfigError);
    expect(() => read(text)).toThrow(message);
  });

  test('is not shown, as it may hold a password', () => {
    for (const text of ["password='secret", 'postgresql://u:secret%@h', 'secret'])
      expect(() => read(text)).toThrow(expect.not.stringContaining('secret'));
  });
});
