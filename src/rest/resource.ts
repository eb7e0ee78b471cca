import { refuse } from '../base/index.ts';
import { decodeSegment, type RequestHeaders } from '../http/index.ts';
import type { Target, Verb } from '../request/index.ts';

/**
 * What a path names: the root, a table or view, or a function below `/rpc`.
 *
 * @param path below the API's prefix, as it came
 * @throws PGRST125 for any other path
 */
export const parsePath = (path: string): Target => {
  if (path === '' || path === '/') return { kind: 'root' };
  const segments = path.slice(1).split('/').map(decodeSegment);
  const [first = '', second] = segments;
  if (segments.length === 1) return { kind: 'collection', name: first };
  if (segments.length === 2 && first === 'rpc' && second !== undefined)
    return { kind: 'routine', name: second };
  return refuse('PGRST125');
};

/** What a method does with a target; `info` is OPTIONS. */
export type Action = { readonly verb: Verb | 'info' | 'describe'; readonly headersOnly: boolean };

const action = (verb: Action['verb'], headersOnly = false): Action => ({ verb, headersOnly });

/**
 * What is to be done.
 *
 * @throws PGRST101 and PGRST117 for methods that the target does not have
 */
export const parseAction = (target: Target, method: string): Action => {
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
