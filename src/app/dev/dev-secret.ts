import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AppFailure } from '../failure.ts';

/** What a project's tokens are signed with. */
export type DevSecret = {
  readonly jwtSecret: string;
  /** Seconds since 1970; the same moment gives the same keys at each start. */
  readonly issuedAt: number;
};

const isStored = (value: unknown): value is DevSecret => {
  const stored = value as Partial<DevSecret> | null;
  return typeof stored?.jwtSecret === 'string' && typeof stored.issuedAt === 'number';
};

const readStored = (path: string): DevSecret | undefined => {
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

const store = (path: string): DevSecret => {
  const stored: DevSecret = {
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
 * The secret of a project; made at the first call and kept in `.ashlar/secret.json`, which only the owner may read.
 *
 * @throws AppFailure where the file is damaged or cannot be written
 */
export const readDevSecret = (folder: string): DevSecret => {
  const path = join(folder, '.ashlar', 'secret.json');
  return readStored(path) ?? store(path);
};
