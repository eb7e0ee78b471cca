import { describe, expect, test } from 'vitest';
import { ConfigError } from './config-error.ts';
import { parseConfigFile } from './config-file.ts';

const read = (text: string, variables: Record<string, string> = {}) =>
  Object.fromEntries(parseConfigFile(text, 'postgrest.conf', (name) => variables[name]));

describe('a configuration file', () => {
  test('has text, numbers and yes or no, and comments', () => {
    const text = `\uFEFF# Commènt
db-uri       = "postgres://user:pass@host:5432/dbname" # the database
server-port = 3000
jwt-secret-is-base64 = false
db-plan-enabled=on
pi = -1.5e2

app.settings.secret = "a\\"b\\\\c\\n\\u00e9"
`;
    expect(read(text)).toEqual({
      'db-uri': 'postgres://user:pass@host:5432/dbname',
      'server-port': 3000,
      'jwt-secret-is-base64': false,
      'db-plan-enabled': true,
      pi: -150,
      'app.settings.secret': 'a"b\\c\né',
    });
  });

  test('has blocks, whose names are joined by dots', () => {
    expect(read('app { settings { a = "1" b = "2" } }\nc = "3"')).toEqual({
      'app.settings.a': '1',
      'app.settings.b': '2',
      c: '3',
    });
  });

  test('replaces variables by settings before them, else by the environment, and $$ by one $', () => {
    const text = 'host = "h"\ndb-uri = "postgres://$(USER)@$(host)"\njwt-role-claim-key = "$$.role"';
    expect(read(text, { USER: 'me', host: 'other' })).toEqual({
      host: 'h',
      'db-uri': 'postgres://me@h',
      'jwt-role-claim-key': '$.role',
    });
  });

  test.each([
    ['yaml:\n  is:', '1:5: After a name comes "="'],
    ['a = ', '1:5: A value is text in double quotes'],
    ['a = "b', '1:5: The closing quote'],
    ['a = 1\n  = 2', '2:3: The name of a setting was expected'],
    ['a = "$x"', '1:6: A $ stands for a variable'],
    ['a = "$(NOWHERE)"', '1:6: There is neither a setting nor an environment variable NOWHERE'],
    ['a = "\\q"', '1:6: After a backslash'],
    ['app {\n a = 1\n', '1:1: The } of this block is missing'],
    ['a = 1 }', '1:7: There is a } without its {'],
    ['a = maybe', '1:5: A value is'],
    ['import "other.conf"', '1:1: Files cannot import others'],
  ])('says where %j cannot be read', (text, message) => {
    expect(() => read(text)).toThrow(ConfigError);
    expect(() => read(text)).toThrow(`postgrest.conf:${message}`);
  });
});
