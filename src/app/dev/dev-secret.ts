import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeKey } from '../../credentials/index.ts';
import { AppFailure } from '../failure.ts';

/** What a project's tokens are signed with, and the two keys that are made of it. */
export type DevSecret = {
  readonly jwtSecret: string;
  /** For browsers: the role `anon`. */
  readonly anonKey: string;
  /** For the project's own programs: the role `service_role`, to which no policy applies. */
  readonly serviceKey: string;
};

type Stored = {
  readonly jwtSecret: string;
  /** Seconds since 1970; the same moment gives the same keys at each start. */
  readonly issuedAt: number;
};

const isStored = (value: unknown): value is Stored => {
  const stored = value as Partial<Stored> | null;
  return typeof stored?.jwtSecret === 'string' && typeof stored.issuedAt === 'number';
};

const readStored = (path: string): Stored | undefined => {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const value: unknown = JSON.parse(text);
    if (isStored(value)) return value;
  } catch {
    // Told below.
  }
  throw new AppFailure(
    `${path} should hold the secret of this project's tokens, but cannot be read. Put it back as it was, or remove it: then new keys are made, and those that were given out no longer hold.`,
  );
};

const store = (path: string): Stored => {
  const stored: Stored = {
    jwtSecret: randomBytes(36).toString('base64url'),
    issuedAt: Math.floor(Date.now() / 1000),
  };
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, `${JSON.stringify(stored, null, 2)}\n`, { mode: 0o600 });
    chmodSync(path, 0o600);
  } catch (error) {
    throw new AppFailure(
      `${path}, the secret of this project's tokens, cannot be written: ${(error as Error).message}. Give the folder to the user that runs this, or run this as the user that it belongs to.`,
      error,
    );
  }
  return stored;
};

/**
 * The secret of a project and its keys; made at the first call and kept in `.ashlar/secret.json`, which only
 * the owner may read.
 *
 * @throws AppFailure where the file is damaged or cannot be written
 */
export const readDevSecret = async (folder: string): Promise<DevSecret> => {
  const path = join(folder, '.ashlar', 'secret.json');
  const { jwtSecret, issuedAt } = readStored(path) ?? store(path);
  return {
    jwtSecret,
    anonKey: await makeKey(jwtSecret, 'anon', { issuedAt }),
    serviceKey: await makeKey(jwtSecret, 'service_role', { issuedAt }),
  };
};
