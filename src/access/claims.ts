import { constantsIn, type DecidingText } from './looked-at.ts';
import type { Caller } from './stage.ts';
import type { User } from './users.ts';

/** A claim that something asks for, and a value that it is compared with. */
export type ClaimVariant = { readonly path: readonly string[]; readonly value: string | boolean };

const PATH =
  /(?:auth\.jwt\(\)|request\.jwt\.claims'(?:::text)?(?:, true)?\)(?:::jsonb?|, ''(?:::text)?\))*)[^'>]*((?:->>?\s*'[^']+'(?:::text)?[\s)]*)+)/g;

/** Kept of what every token has. */
const COMMON = new Set(['sub', 'role', 'email', 'aud', 'exp', 'iat', 'iss', 'session_id', 'phone', 'aal']);

const MAX_CLAIMS = 6;

/** The claims beside `sub` by which policies and functions decide, each with the values that they ask for. */
export const findClaims = (texts: readonly DecidingText[]): readonly ClaimVariant[] => {
  const found = new Map<string, ClaimVariant>();
  for (const { text } of texts)
    for (const match of text.matchAll(PATH)) {
      const path = [...(match[1] ?? '').matchAll(/'([^']+)'/g)].map(([, key]) => key as string);
      if (path.length === 0 || (path.length === 1 && COMMON.has(path[0] as string))) continue;
      const values = [...constantsIn(text.slice(match.index + match[0].length)), true].slice(0, 3);
      for (const value of values) found.set(JSON.stringify([path, value]), { path, value });
    }
  return [...found.values()].slice(0, MAX_CLAIMS);
};

const place = (path: readonly string[], value: string | boolean): { readonly [name: string]: unknown } => {
  const [first, ...rest] = path;
  return first === undefined ? {} : { [first]: rest.length === 0 ? value : place(rest, value) };
};

/** Claims as a token of this user has them. */
export const claimsOf = (user: User): Caller['claims'] => ({
  sub: user.id,
  aud: 'authenticated',
  email: `${user.name.split(' ')[0]}@example.com`,
  app_metadata: {},
  user_metadata: {},
});

/** A user whose token has one claim more. */
export const callerWith = (user: User, role: string, { path, value }: ClaimVariant): Caller => ({
  name: `${user.name} with ${path.join('.')} = ${value}`,
  role,
  claims: { ...claimsOf(user), ...place(path, value) },
});
