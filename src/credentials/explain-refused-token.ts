import { type Problem, Refusal } from '../base/index.ts';

/** What each refusal of a token means and what to do about it, by the beginning of its message. */
const hints: readonly (readonly [message: string, hint: string])[] = [
  [
    'Expected 3 parts in JWT',
    'What was sent is no token, or a part of one: a token is three parts joined by dots. Send it whole, as: Authorization: Bearer TOKEN',
  ],
  [
    'JWT cryptographic operation failed',
    'The token is damaged, or its algorithm is not known here. Send it whole, as it was issued.',
  ],
  [
    'No suitable key or wrong key type',
    'The token was signed with another secret or key than those of this server: for another server, or before the secret was changed. Get a new one from who signs for this server; for trying out, "ashlar token" makes one.',
  ],
  [
    'Wrong or unsupported encoding algorithm',
    'A token that is not signed (alg "none") is never accepted. Sign it with the key of this server.',
  ],
  [
    'JWT expired',
    'The time that the token was good for (its claim exp) is over. Sign in again, or get a new token; for trying out, "ashlar token" makes one.',
  ],
  [
    'JWT not yet valid',
    'The token is good from its claim nbf on. Wait, or set the clock: those of who signs and of this server may differ by 30 seconds.',
  ],
  [
    'JWT issued at future',
    'The clock of who signed the token is ahead of that of this server by more than 30 seconds. Set them.',
  ],
  [
    'JWT not in audience',
    'The token is for another audience (its claim aud). Get one that is for this server.',
  ],
];

/**
 * A refusal of a token, with what it means and what to do as its hint. Nothing is told that who has sent the token
 * could not know. PostgREST has no such hints, so this is not for its place.
 *
 * @example explainRefusedToken(undecodable('Expected 3 parts in JWT; got 1')) // … hint: 'What was sent is no token, …'
 */
export const explainRefusedToken = (error: unknown): unknown => {
  if (!(error instanceof Refusal) || error.problem.hint !== null) return error;
  const { problem } = error;
  if (problem.code !== 'PGRST301' && problem.code !== 'PGRST303') return error;
  const hint = hints.find(([message]) => problem.message.startsWith(message))?.[1];
  if (hint === undefined) return error;
  const explained: Problem = { ...problem, hint };
  return new Refusal(explained);
};
