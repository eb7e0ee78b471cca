import { findSimilar } from '../../base/index.ts';
import { ConfigError } from './config-error.ts';

/** The parameters of a connection by their keywords: `host`, `dbname`, `sslmode`, … */
export type Conninfo = ReadonlyMap<string, string>;

/** Keywords of libpq; those that have no bearing here are let pass all the same. */
const keywords: ReadonlySet<string> = new Set([
  'application_name',
  'channel_binding',
  'client_encoding',
  'connect_timeout',
  'dbname',
  'fallback_application_name',
  'gssdelegation',
  'gssencmode',
  'gsslib',
  'host',
  'hostaddr',
  'keepalives',
  'keepalives_count',
  'keepalives_idle',
  'keepalives_interval',
  'krbsrvname',
  'load_balance_hosts',
  'max_protocol_version',
  'min_protocol_version',
  'options',
  'passfile',
  'password',
  'port',
  'replication',
  'require_auth',
  'requirepeer',
  'service',
  'sslcert',
  'sslcertmode',
  'sslcompression',
  'sslcrl',
  'sslcrldir',
  'sslkey',
  'sslmode',
  'sslnegotiation',
  'sslpassword',
  'sslrootcert',
  'sslsni',
  'ssl_max_protocol_version',
  'ssl_min_protocol_version',
  'target_session_attrs',
  'tcp_user_timeout',
  'user',
]);

/**
 * Reads a connection string of libpq: a URI (`postgresql://user@host/db?sslmode=require`) or pairs
 * (`host=localhost dbname=app`). The two may not be mixed. A password may hold a `?`.
 *
 * Source: Postgres, "Connection Strings".
 *
 * @throws ConfigError, which never shows the password
 * @example parseConninfo("host=/tmp user=web password='a b'").get('password') // 'a b'
 */
export const parseConninfo = (text: string): Conninfo => {
  const scheme = /^postgres(?:ql)?:\/\//.exec(text)?.[0];
  if (scheme !== undefined) return parseUri(text.slice(scheme.length));
  if (text.trim() === '') return new Map();
  if (text.includes('=')) return parsePairs(text);
  throw new ConfigError(
    'The address of the database (db-uri) is neither a URI, such as postgresql://user:password@host:5432/database, nor pairs, such as "host=localhost dbname=app".',
  );
};

const checkKeyword = (keyword: string): string => {
  if (keywords.has(keyword)) return keyword;
  const meant = findSimilar(keyword, keywords, 0.5)[0]?.name;
  throw new ConfigError(
    `The address of the database (db-uri) has an unknown parameter "${keyword}".${meant === undefined ? '' : ` Did you mean "${meant}"?`}`,
  );
};

const decode = (text: string): string => {
  try {
    const decoded = decodeURIComponent(text);
    if (!decoded.includes('\0')) return decoded;
  } catch {
    // Told below.
  }
  throw new ConfigError(
    'The address of the database (db-uri) has a percent sign that does not begin a character. Write %25 for the sign itself, in the password too.',
  );
};

/** What follows `postgresql://`. */
const parseUri = (text: string): Conninfo => {
  const found = new Map<string, string>();
  const set = (keyword: string, value: string): void => {
    if (value !== '') found.set(keyword, decode(value));
  };
  let rest = text;
  // Only a slash ends the search, so that a password may hold a question mark.
  const at = /^[^/@]*@/.exec(rest)?.[0];
  if (at !== undefined) {
    const [user = '', ...password] = at.slice(0, -1).split(':');
    set('user', user);
    set('password', password.join(':'));
    rest = rest.slice(at.length);
  }
  const hosts = /^[^/?]*/.exec(rest)?.[0] ?? '';
  const pairs = hosts === '' ? [] : hosts.split(',').map(parseHost);
  set('host', pairs.map(([host]) => host).join(','));
  set('port', pairs.some(([, port]) => port !== '') ? pairs.map(([, port]) => port).join(',') : '');
  rest = rest.slice(hosts.length);
  const question = rest.indexOf('?');
  const path = question < 0 ? rest : rest.slice(0, question);
  set('dbname', path.slice(1));
  const query = question < 0 ? '' : rest.slice(question + 1);
  for (const pair of query.split('&').filter((part) => part !== '')) {
    const [name = '', ...value] = pair.split('=');
    const keyword = decode(name);
    const given = decode(value.join('='));
    // An alias that libpq knows from JDBC.
    if (keyword === 'ssl' && given === 'true') found.set('sslmode', 'require');
    else found.set(checkKeyword(keyword), given);
  }
  return found;
};

const parseHost = (text: string): readonly [host: string, port: string] => {
  const literal = /^\[([^\]]*)\](?::(.*))?$/.exec(text);
  if (literal) return [literal[1] ?? '', literal[2] ?? ''];
  const colon = text.lastIndexOf(':');
  return colon < 0 ? [text, ''] : [text.slice(0, colon), text.slice(colon + 1)];
};

/** `key = value`, the value in single quotes where it has blanks; a backslash takes the next sign as it is. */
const parsePairs = (text: string): Conninfo => {
  const found = new Map<string, string>();
  const pair = /\s*([A-Za-z_]+)\s*=\s*(?:'((?:[^'\\]|\\[\s\S])*)'|((?:[^\s'\\]|\\[\s\S])*))(?=\s|$)/y;
  let at = 0;
  while (text.slice(at).trim() !== '') {
    pair.lastIndex = at;
    const match = pair.exec(text);
    if (match === null)
      throw new ConfigError(
        `The address of the database (db-uri) cannot be read after ${found.size} of its pairs. Each is key=value, the value in single quotes where it has blanks.`,
      );
    const [whole, keyword = '', quoted, plain = ''] = match;
    found.set(checkKeyword(keyword), (quoted ?? plain).replace(/\\([\s\S])/g, '$1'));
    at += whole.length;
  }
  return found;
};
