import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Json } from '../../base/index.ts';
import { signToken } from '../../credentials/index.ts';
import { openSession } from '../../db/index.ts';
import { AppFailure } from '../failure.ts';
import { findProjectKeys } from '../project/project-keys.ts';
import { requireRole } from '../require-role.ts';
import type { SettingValues } from '../settings/settings.ts';
import { findProject } from './find-project.ts';
import { reachDatabase } from './reach-database.ts';

/** Claims by name. */
export type Claims = { readonly [name: string]: Json };

/** Roles that every project has. */
const everywhere: readonly string[] = ['anon', 'authenticated', 'service_role'];

/** A role that the files make is there once they were applied; where there is no database yet, any may come to be. */
const checkRole = async (project: string, role: string): Promise<void> => {
  if (everywhere.includes(role) || !existsSync(join(project, '.ashlar', 'data'))) return;
  const database = await reachDatabase(project, () => {});
  try {
    const session = await openSession(database.owner);
    try {
      const rows = await session.query('select rolname as name from pg_roles order by rolname');
      requireRole(
        rows.map(({ name }) => String(name)),
        role,
      );
    } finally {
      await session.close();
    }
  } finally {
    await database.close();
  }
};

/**
 * Makes a token that a project's server accepts.
 *
 * @param values the project's settings, which may name the secret
 * @param claims `role` says whom it is for
 * @param seconds how long it is good for
 * @throws AppFailure where it cannot be signed, or the project's own database has no such role
 */
export const makeToken = async (
  folder: string,
  values: SettingValues,
  claims: Claims,
  seconds: number,
): Promise<string> => {
  const project = findProject(folder);
  const { secret, signing } = await findProjectKeys(project, values);
  if (secret === undefined || signing === undefined)
    throw new AppFailure(
      'This project verifies tokens with keys that cannot sign any (jwksUrl, or a JWK as jwtSecret). Get a token from who signs them.',
    );
  if (typeof claims.role === 'string') await checkRole(project, claims.role);
  const now = Math.floor(Date.now() / 1000);
  return signToken(secret, { iat: now, exp: now + seconds, ...claims }, signing);
};
