import type { Identity } from '../base/index.ts';
import type { Header, HttpResponse } from '../http/index.ts';
import type { Plan } from '../plan/index.ts';

const NO_STORE: Header = ['Cache-Control', 'no-store'];

/** A cache may keep it, and asks each time whether it still holds, whoever wants it. */
const NO_CACHE: Header = ['Cache-Control', 'no-cache'];

/** All that an answer to somebody unknown may depend on, who they are not among it. */
const VARY = ['Accept', 'Accept-Profile', 'Authorization', 'apikey', 'Prefer', 'Range'];

const named =
  (wanted: string) =>
  ([name]: Header): boolean =>
    name.toLowerCase() === wanted;

/** What a cache may keep says what it depends on, beside what a function has said of that. */
const withVary = (response: HttpResponse): HttpResponse => {
  const isVary = named('vary');
  const said = response.headers.filter(isVary).flatMap(([, value]) => value.split(/\s*,\s*/));
  const own = new Set(VARY.map((name) => name.toLowerCase()));
  const others = said.filter((name) => name !== '' && !own.has(name.toLowerCase()));
  const headers = response.headers.filter((header) => !isVary(header));
  return { ...response, headers: [...headers, ['Vary', [...VARY, ...others].join(', ')]] };
};

/** Whether a request says who sends it: then nobody else may get its answer. */
const isKnown = (identity: Identity, anonymousRole: string | undefined): boolean =>
  identity.role !== anonymousRole || identity.subject !== '';

/**
 * Says who may keep an answer (RFC 9111, section 5.2.2): nobody, if it is for one caller; else as the tables say that
 * it is made of, or no cache without asking. What a function of the database says goes before all of it. It is always
 * said: caches guess where nothing is, and some are set up to keep what says nothing.
 *
 * @param plan undefined: it is no answer of a table's
 */
export const sayCaching = (
  response: HttpResponse,
  plan: Plan | undefined,
  identity: Identity,
  anonymousRole: string | undefined,
): HttpResponse => {
  const said = response.headers.find(named('cache-control'))?.[1];
  if (said !== undefined) return /\bno-(?:store|cache)\b/i.test(said) ? response : withVary(response);
  if (isKnown(identity, anonymousRole)) return { ...response, headers: [...response.headers, NO_STORE] };
  const cache = plan?.verb === 'read' ? plan.cache : undefined;
  if (cache === undefined) return { ...response, headers: [...response.headers, NO_CACHE] };
  return withVary({ ...response, headers: [...response.headers, ['Cache-Control', cache]] });
};

/** The answer to somebody whose credentials are not good. */
export const sayNobody = (response: HttpResponse): HttpResponse => ({
  ...response,
  headers: [...response.headers, NO_STORE],
});
