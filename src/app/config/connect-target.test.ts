import { describe, expect, test } from 'vitest';
import { readConnectTarget } from './connect-target.ts';

const read = (text: string, environment: Record<string, string> = {}, sockets = '/var/run/postgresql') =>
  readConnectTarget(text, {
    environment,
    user: 'me',
    findSocketDirectory: (port) => (sockets === '' ? undefined : port === 5432 ? sockets : '/tmp'),
  });

describe('where a connection string leads', () => {
  test('is what it says', () => {
    expect(
      read('postgresql://web:secret@db.example:5433/app?sslmode=verify-full&sslrootcert=/ca.pem'),
    ).toEqual({
      options: {
        host: 'db.example',
        port: 5433,
        user: 'web',
        password: 'secret',
        database: 'app',
        applicationName: 'ashlar',
      },
      tls: 'verify-full',
      tlsFiles: { rootCertificate: '/ca.pem', certificate: undefined, key: undefined },
    });
  });

  test("is libpq's defaults without it: the local socket, and the user's own database", () => {
    expect(read('postgresql://')).toMatchObject({
      options: { host: '/var/run/postgresql', port: 5432, user: 'me', database: 'me' },
      tls: 'disable',
    });
    expect(read('port=5433').options).toMatchObject({ host: '/tmp', port: 5433 });
    expect(read('', {}, '')).toMatchObject({ options: { host: 'localhost' }, tls: 'prefer' });
  });

  test('is completed by the environment', () => {
    const environment = {
      PGHOST: '/sockets',
      PGPORT: '5434',
      PGDATABASE: 'app',
      PGUSER: 'web',
      PGPASSWORD: 'secret',
      PGSSLMODE: 'require',
    };
    expect(read('dbname=other', environment)).toMatchObject({
      options: { host: '/sockets', port: 5434, user: 'web', password: 'secret', database: 'other' },
      tls: 'disable',
    });
    expect(read('host=h', environment).tls).toBe('require');
  });

  test('has settings for the session among its options', () => {
    const { options } = read("options='-c search_path=a\\\\ b,c --work-mem=4MB -cstatement_timeout=8s'");
    expect(options.settings).toEqual({ search_path: 'a b,c', work_mem: '4MB', statement_timeout: '8s' });
  });

  test('is checked against the root certificate where one is named', () => {
    expect(read('host=h sslmode=require sslrootcert=/ca.pem').tls).toBe('verify-ca');
  });

  test.each([
    ['host=a,b', 'several hosts'],
    ['host=a port=x', 'the port "x"'],
    ['host=a sslmode=always', 'sslmode=always. It is one of: disable'],
    ['host=a options=-x', 'cannot be read at "-x"'],
  ])('is refused: %s', (text, message) => expect(() => read(text)).toThrow(message));
});
