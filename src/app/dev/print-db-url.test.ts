import { expect, test } from 'vitest';
import { readConnectTarget } from '../config/connect-target.ts';
import { printDbUrl } from './print-db-url.ts';

const surroundings = { environment: {}, user: 'nobody', findSocketDirectory: () => undefined };

test.each([
  { host: '/tmp/ashlar-1f2e', port: 5432, user: 'authenticator', password: 'p@:/?#%', database: 'ashlar' },
  { host: '127.0.0.1', port: 5433, user: 'a b', password: 'x', database: 'd/e' },
  { host: '::1', port: 5433, user: 'u', password: 'x', database: 'd' },
])('a login that is printed as a URI reads the same: %j', (login) => {
  const { options } = readConnectTarget(printDbUrl(login), surroundings);
  expect(options).toEqual({ ...login, applicationName: 'ashlar' });
});
