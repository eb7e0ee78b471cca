import { isPgError, type Outcome, type Statement } from '../db/index.ts';

/** An answer as it is kept. */
export type KeptAnswer = {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer | undefined;
};

/** A key, and what it was used for. */
export type Claim = { readonly owner: string; readonly key: string; readonly fingerprint: string };

/** Bytes that a kept answer may have. */
export const LONGEST_ANSWER = 1024 * 1024;

const control = (text: string): Statement => ({ text, key: text, params: [], rows: 'ignore' });

/** From here on it is the server's own login that asks; a function may have left another role on the connection. */
export const LEAVE_ROLE = control("SELECT set_config('role', 'none', true)");

/** Claims a key for the transaction, before it takes the caller's role. */
export const claimStatements = ({ owner, key }: Claim): readonly Statement[] => [
  LEAVE_ROLE,
  {
    text: 'SELECT ashlar.claim_idempotency_key($1, $2)',
    key: 'idempotency:claim',
    params: [owner, key],
    rows: 'ignore',
  },
];

const KEEP = 'idempotency:keep';

/** Whether a statement keeps an answer. */
export const isKeeping = ({ key }: Statement): boolean => key === KEEP;

/** The statements that keep an answer; they leave the caller's role. */
export const keepStatements = (
  { owner, key, fingerprint }: Claim,
  { status, headers, body }: KeptAnswer,
): readonly Statement[] => [
  LEAVE_ROLE,
  {
    text: 'INSERT INTO ashlar.idempotency_keys (owner, key, fingerprint, status, headers, body) VALUES ($1, $2, $3, $4, $5, $6)',
    key: KEEP,
    params: [
      owner,
      key,
      fingerprint,
      String(status),
      JSON.stringify(headers),
      body === undefined ? null : `\\x${body.toString('hex')}`,
    ],
    rows: 'ignore',
  },
];

/** Planned each time: a plan that was kept from when there were few keys would read all of them. */
export const findStatements = ({ owner, key }: Claim): readonly Statement[] => [
  LEAVE_ROLE,
  {
    text: 'SELECT fingerprint, status, headers, body FROM ashlar.idempotency_keys WHERE owner = $1 AND key = $2',
    key: undefined,
    params: [owner, key],
  },
];

/** What was kept for a key; undefined if nothing is. */
export const readKept = (
  outcome: Outcome | undefined,
): (KeptAnswer & { readonly fingerprint: string }) | undefined => {
  const row = outcome?.rows[0];
  if (row === undefined) return undefined;
  const [print, status, headers, body] = row;
  return {
    fingerprint: print?.toString('latin1') ?? '',
    status: Number(status?.toString('latin1')),
    headers: JSON.parse(headers?.toString('utf8') ?? '[]') as KeptAnswer['headers'],
    body: body ? Buffer.from(body.toString('latin1', 2), 'hex') : undefined,
  };
};

/** What a claim came to, if it failed: another delivery is under way, or has had its answer. */
export const claimFailure = (error: unknown): 'running' | 'known' | undefined => {
  if (!isPgError(error)) return undefined;
  // A function of the request's may say the same; what comes before the request is ours.
  if (error.statement < 0 && error.code === 'ASH09') return 'running';
  if (error.statement < 0 && error.code === 'ASH22') return 'known';
  // Where two began at the same moment, under another isolation level, the table itself decides.
  const twice =
    error.code === '23505' && error.schema === 'ashlar' && error.constraint === 'idempotency_keys_pkey';
  return twice ? 'known' : undefined;
};
