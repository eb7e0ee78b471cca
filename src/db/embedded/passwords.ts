import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';

/** The passwords of the cluster's logins, by name of the role. */
export type Passwords = {
  readonly postgres: string;
  readonly ashlar_owner: string;
  readonly authenticator: string;
};

/** Reads them; undefined if there are none, or not all. */
export const readPasswords = (path: string): Passwords | undefined => {
  try {
    const passwords: Partial<Passwords> = JSON.parse(readFileSync(path, 'utf8'));
    const { postgres, ashlar_owner, authenticator } = passwords;
    return postgres && ashlar_owner && authenticator ? { postgres, ashlar_owner, authenticator } : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
};

/** Makes new ones and keeps them in a file that only we can read. */
export const makePasswords = (path: string): Passwords => {
  const password = (): string => randomBytes(24).toString('base64url');
  const passwords = { postgres: password(), ashlar_owner: password(), authenticator: password() };
  const draft = `${path}.${process.pid}`;
  const file = openSync(draft, 'w', 0o600);
  try {
    writeSync(file, `${JSON.stringify(passwords, undefined, 2)}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(draft, path);
  return passwords;
};
