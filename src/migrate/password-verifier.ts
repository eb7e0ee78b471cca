import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';

const iterations = 4096;

/**
 * What Postgres keeps of a password. Sent in its place, the password itself shows up in no log of statements.
 *
 * Source: Postgres, "pg_authid"; RFC 5803. Passwords of other than ASCII characters would have to be prepared
 * (SASLprep), so those are refused.
 */
export const passwordVerifier = (password: string, salt: Buffer = randomBytes(16)): string => {
  if (!/^[\x21-\x7e]+$/.test(password))
    throw new Error('The password has characters other than printable ASCII.');
  const salted = pbkdf2Sync(password, salt, iterations, 32, 'sha256');
  const hmac = (text: string): Buffer => createHmac('sha256', salted).update(text).digest();
  const storedKey = createHash('sha256').update(hmac('Client Key')).digest('base64');
  const serverKey = hmac('Server Key').toString('base64');
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${storedKey}:${serverKey}`;
};
