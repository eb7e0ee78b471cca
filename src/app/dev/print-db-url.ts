import type { ConnectOptions } from '../../db/index.ts';

/**
 * A login as a connection URI of libpq; a socket's directory stands in the query.
 *
 * @example printDbUrl(embedded.server) // 'postgresql://authenticator:…@/ashlar?host=%2Ftmp%2Fashlar-1f2e&port=5432'
 */
export const printDbUrl = ({ host, port, user, password, database }: ConnectOptions): string => {
  const secret = typeof password === 'string' ? `:${encodeURIComponent(password)}` : '';
  const login = `${encodeURIComponent(user)}${secret}@`;
  const name = encodeURIComponent(database);
  return host.startsWith('/')
    ? `postgresql://${login}/${name}?host=${encodeURIComponent(host)}&port=${port}`
    : `postgresql://${login}${host.includes(':') ? `[${host}]` : host}:${port}/${name}`;
};
