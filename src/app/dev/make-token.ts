import type { Json } from '../../base/index.ts';
import { signToken } from '../../credentials/index.ts';
import { readDevSecret } from './dev-secret.ts';
import { findProject } from './find-project.ts';

/** Claims by name. */
export type Claims = { readonly [name: string]: Json };

/**
 * Makes a token that a project's server accepts.
 *
 * @param claims `role` says whom it is for
 * @param seconds how long it is good for
 */
export const makeToken = async (folder: string, claims: Claims, seconds: number): Promise<string> => {
  const { jwtSecret } = await readDevSecret(findProject(folder));
  const now = Math.floor(Date.now() / 1000);
  return signToken(jwtSecret, { iat: now, exp: now + seconds, ...claims });
};
