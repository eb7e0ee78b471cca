import { readFileSync, statSync } from 'node:fs';
import { EmbeddedError } from './embedded-error.ts';

/** The user that Postgres runs as, where that is not ourselves. */
export type Account = { readonly uid: number; readonly gid: number };

/**
 * Postgres refuses to run as root, so for root another user has to do it: the owner of the data, if there is
 * some; else `postgres`, which exists where Debian's or Red Hat's Postgres does; else `nobody`.
 * Undefined: we are not root and run it ourselves.
 */
export const chooseAccount = (dataDir: string): Account | undefined => {
  if (process.getuid?.() !== 0) return undefined;
  const owner = statSync(dataDir, { throwIfNoEntry: false });
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const accounts = readAccounts();
  const account = accounts.get('postgres') ?? accounts.get('nobody');
  if (!account) {
    throw new EmbeddedError(
      'no-account',
      'Postgres does not run as root, and this system has neither a user "postgres" nor "nobody" that it could run as. Create one (useradd --system postgres), or start as another user.',
    );
  }
  return account;
};

const readAccounts = (): Map<string, Account> => {
  const accounts = new Map<string, Account>();
  for (const line of readFileSync('/etc/passwd', 'utf8').split('\n')) {
    const [name, , uid, gid] = line.split(':');
    // initdb asks for the user's name, so a number alone would not do.
    if (name && uid && gid && uid !== '0') accounts.set(name, { uid: Number(uid), gid: Number(gid) });
  }
  return accounts;
};
