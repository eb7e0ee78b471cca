/** How tokens may be signed (RFC 7518 section 3.1, RFC 8037). There is no `none`. */
export const ALGORITHMS = [
  'HS256',
  'HS384',
  'HS512',
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
] as const;

export type Algorithm = (typeof ALGORITHMS)[number];

/** What can be signed by who knows a secret that the verifier knows too. */
export const SECRET_ALGORITHMS = ['HS256', 'HS384', 'HS512'] as const satisfies readonly Algorithm[];

export const isAlgorithm = (name: unknown): name is Algorithm => ALGORITHMS.some((known) => known === name);
