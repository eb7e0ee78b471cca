/** What a request is about, as its first line has it. */
export type RequestTarget = {
  /** Percent-encoded, as it came. */
  readonly path: string;
  /** As it came, without `?`; empty if there is none. */
  readonly query: string;
  /** Host and port, where the target names them: then they hold, and not the header `Host`. */
  readonly authority: string | undefined;
};

/** Scheme and authority of a target in absolute form; whoever names a user in it is not understood. */
const absolute = /^https?:\/\/([^/?#@\\]+)(?=[/?]|$)/i;

const splitQuery = (target: string, authority: string | undefined): RequestTarget => {
  const mark = target.indexOf('?');
  return mark < 0
    ? { path: target, query: '', authority }
    : { path: target.slice(0, mark), query: target.slice(mark + 1), authority };
};

/**
 * Reads the target of a request: a path (origin form) or a whole address (absolute form). `*` is a target of
 * OPTIONS only, and means the server; it is given as a path.
 *
 * Source: RFC 9112, section 3.2
 * @returns undefined for what is none of these
 * @example readTarget('GET', '/posts?id=eq.1') // { path: '/posts', query: 'id=eq.1', authority: undefined }
 */
export const readTarget = (method: string, target: string): RequestTarget | undefined => {
  if (target.charCodeAt(0) === 47) return splitQuery(target, undefined);
  if (target === '*')
    return method === 'OPTIONS' ? { path: '*', query: '', authority: undefined } : undefined;
  const match = absolute.exec(target);
  if (match === null) return undefined;
  const rest = target.slice(match[0].length);
  return splitQuery(rest.startsWith('/') ? rest : `/${rest}`, match[1]);
};
