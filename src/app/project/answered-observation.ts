import { errorRegister, type Observation, type ObservationLevel } from '../../base/index.ts';
import type { Answered } from '../server.ts';
import { restPrefix } from './project-routes.ts';

const ownPaths: ReadonlySet<string> = new Set(['/', '/docs', '/health/live', '/health/ready']);

/**
 * A path as a log may have it: what it names, without what could be a value.
 *
 * @example showPath('/rest/v1/people/ann@example.com') // '/rest/v1/people/*'
 */
export const showPath = (path: string): string => {
  if (ownPaths.has(path)) return path;
  const below = path.startsWith(`${restPrefix}/`);
  const [first = '', second = '', ...others] = (below ? path.slice(restPrefix.length) : path)
    .slice(1)
    .split('/');
  const isCall = below && first === 'rpc';
  const name = isCall ? `rpc/${second}` : first;
  const rest = isCall ? others : [second, ...others];
  const more = rest.some((segment) => segment !== '') ? '/*' : '';
  return `${below ? restPrefix : ''}/${name.slice(0, 100)}${more}`;
};

/** So many names are told, of so many characters. */
const most = 30;
const longest = 60;

/** The names of a query's parameters, each once, without their values. What has no `=` may be a value. */
export const nameParameters = (query: string): readonly string[] => {
  if (query === '') return [];
  const names = query
    .split('&')
    .filter((pair) => pair.includes('='))
    .map((pair) => pair.slice(0, pair.indexOf('=')).slice(0, longest));
  return [...new Set(names)].slice(0, most);
};

/** Those who watch ask all the time; only that they were not pleased is news. */
const levelOf = (path: string, status: number): ObservationLevel =>
  status >= 500 ? 'error' : path.startsWith('/health/') ? 'debug' : 'info';

/** A code of ours, or a SQLSTATE. What a function of the database has made up could be a value. */
const isCode = (code: string): boolean => Object.hasOwn(errorRegister, code) || /^[0-9A-Z]{5}$/.test(code);

/** What a log tells of a request: its shape and how it went, but no value that the client sent. */
export const answeredObservation = (answered: Answered): Observation => {
  const { id, method, target, remoteAddress, status, code, length, milliseconds, role } = answered;
  const mark = target.indexOf('?');
  const path = showPath(mark < 0 ? target : target.slice(0, mark));
  const parameters = nameParameters(mark < 0 ? '' : target.slice(mark + 1));
  return {
    level: levelOf(path, status),
    name: 'http.answered',
    message: `${method} ${path} ${status}`,
    fields: {
      ...(id === undefined ? {} : { request: id }),
      method,
      path,
      ...(parameters.length === 0 ? {} : { parameters }),
      status,
      ...(code !== undefined && isCode(code) ? { code } : {}),
      milliseconds: Math.round(milliseconds * 10) / 10,
      ...(length === undefined ? {} : { bytes: length }),
      ...(role === undefined ? {} : { role }),
      ...(remoteAddress === undefined ? {} : { client: remoteAddress.replace(/^::ffff:/, '') }),
    },
  };
};
