import { refuse } from '../base/index.ts';
import { decodeSegment, type RequestHeaders } from '../http/index.ts';
import type { Query, Target, Verb } from '../request/index.ts';
import { parseItemKey } from './item-key.ts';

/** What a path names; the values of a key have no slots in the query yet. */
export type Place =
  | Exclude<Target, { readonly key: unknown }>
  | { readonly kind: 'item'; readonly name: string; readonly key: readonly string[] }
  | {
      readonly kind: 'related';
      readonly name: string;
      readonly key: readonly string[];
      readonly relation: string;
      readonly hint: string | undefined;
    };

const related = (name: string, key: string, step: string): Place => {
  const mark = step.indexOf('!');
  const relation = decodeSegment(mark < 0 ? step : step.slice(0, mark));
  const hint = mark < 0 ? undefined : decodeSegment(step.slice(mark + 1));
  return { kind: 'related', name, key: parseItemKey(key), relation, hint };
};

/**
 * What a path names: the root, a table or view, a function below `/rpc`, and, natively, one of a table's rows and
 * what is related to it.
 *
 * @param path below the API's prefix, as it came
 * @param native whether rows have addresses of their own
 * @example parsePath('/posts/42', true) // { kind: 'item', name: 'posts', key: ['42'] }
 * @throws PGRST125 for any other path
 */
export const parsePath = (path: string, native: boolean): Place => {
  if (path === '' || path === '/') return { kind: 'root' };
  const segments = path.slice(1).split('/');
  const [first = '', second = '', third = ''] = segments;
  const name = decodeSegment(first);
  if (segments.length === 1) return { kind: 'collection', name };
  if (name === 'rpc') {
    if (segments.length === 2) return { kind: 'routine', name: decodeSegment(second) };
  } else if (native && second !== '') {
    if (segments.length === 2) return { kind: 'item', name, key: parseItemKey(second) };
    if (segments.length === 3 && third !== '') return related(name, second, third);
  }
  return refuse('PGRST125');
};

/** The target of a request: the values of its key get slots behind those of the query. */
export const placeTarget = (
  place: Place,
  query: Query,
): { readonly target: Target; readonly query: Query } => {
  if (place.kind !== 'item' && place.kind !== 'related') return { target: place, query };
  const first = query.values.length;
  return {
    target: { ...place, key: place.key.map((_, i) => first + i) },
    query: { ...query, values: [...query.values, ...place.key] },
  };
};

/** What a method does with a target; `info` is OPTIONS. */
export type Action = { readonly verb: Verb | 'info' | 'describe'; readonly headersOnly: boolean };

const action = (verb: Action['verb'], headersOnly = false): Action => ({ verb, headersOnly });

const ITEM_METHODS = 'OPTIONS,GET,HEAD,PUT,PATCH,DELETE';
const RELATED_METHODS = 'OPTIONS,GET,HEAD,POST';

const refuseMethod = (method: string, allowed: string): never =>
  refuse('PGRST117', { message: `Unsupported HTTP method: ${method}`, headers: [['Allow', allowed]] });

/**
 * What is to be done.
 *
 * @throws PGRST101 and PGRST117 for methods that the target does not have
 */
export const parseAction = (target: Place, method: string): Action => {
  if (target.kind === 'routine') {
    switch (method) {
      case 'GET':
        return action('call-safe');
      case 'HEAD':
        return action('call-safe', true);
      case 'POST':
        return action('call');
      case 'OPTIONS':
        return action('info');
      default:
        return refuse('PGRST101', { message: `Cannot use the ${method} method on RPC` });
    }
  }
  if (method === 'OPTIONS') return action('info');
  const reads = target.kind === 'root' ? 'describe' : 'read';
  if (method === 'GET') return action(reads);
  if (method === 'HEAD') return action(reads, true);
  if (target.kind === 'collection') {
    switch (method) {
      case 'POST':
        return action('create');
      case 'PUT':
        return action('replace');
      case 'PATCH':
        return action('update');
      case 'DELETE':
        return action('delete');
    }
  }
  if (target.kind === 'item') {
    switch (method) {
      case 'PUT':
        return action('replace');
      case 'PATCH':
        return action('update');
      case 'DELETE':
        return action('delete');
      default:
        return refuseMethod(method, ITEM_METHODS);
    }
  }
  if (target.kind === 'related')
    return method === 'POST' ? action('create') : refuseMethod(method, RELATED_METHODS);
  return refuse('PGRST117', { message: `Unsupported HTTP method: ${method}` });
};

/** The schema that a request speaks of, and whether the client could have chosen another. */
export type Profile = { readonly schema: string; readonly negotiated: boolean };

const WRITES: ReadonlySet<string> = new Set(['POST', 'PATCH', 'PUT', 'DELETE']);

/**
 * Content-Profile names the schema of what is sent, Accept-Profile of what is asked for.
 *
 * @throws PGRST106 for a schema that is not served
 */
export const parseProfile = (
  method: string,
  headers: RequestHeaders,
  schemas: readonly string[],
): Profile => {
  const named = WRITES.has(method) ? headers['content-profile'] : headers['accept-profile'];
  if (named === undefined) return { schema: schemas[0] ?? 'public', negotiated: schemas.length !== 1 };
  // Header fields are bytes; those of a name are UTF-8.
  const schema = Buffer.from(named, 'latin1').toString('utf8');
  if (!schemas.includes(schema))
    return refuse('PGRST106', {
      message: `Invalid schema: ${schema}`,
      hint: `Only the following schemas are exposed: ${schemas.join(', ')}`,
    });
  return { schema, negotiated: true };
};
