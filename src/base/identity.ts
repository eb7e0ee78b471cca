/**
 * In whose name a request runs. Everything about the caller that is sent to Postgres as a setting
 * is in here, so one short key can stand for it where reads are joined.
 */
export type Identity = {
  /** The database role that the transaction takes. */
  readonly role: string;
  /** The claims as they are sent as `request.jwt.claims`: JSON text, with the role in it. */
  readonly claims: string;
  /** The claim `sub`, which policies ask for most; empty if there is none. */
  readonly subject: string;
  /** Seconds since 1970 after which the identity no longer holds; undefined: never. */
  readonly expires: number | undefined;
  /** By what the caller showed who they are. */
  readonly source: 'anonymous' | 'token' | 'key';
  /** Short, and this identity's alone in this process: the same key, the same role and claims. */
  readonly key: string;
};

const readSubject = (claims: string): string => {
  const { sub } = JSON.parse(claims) as { readonly sub?: unknown };
  return typeof sub === 'string' ? sub : '';
};

let made = 0;

/** Makes an identity, with a key of its own. */
export const makeIdentity = (
  role: string,
  claims: string,
  source: Identity['source'],
  expires?: number,
): Identity =>
  Object.freeze({
    role,
    claims,
    subject: readSubject(claims),
    source,
    expires,
    key: String(++made),
  });
