import { problem, Refusal } from '../base/index.ts';

/** `WWW-Authenticate` for a token that is not good (RFC 6750 section 3). */
const challenge = (message: string): readonly [string, string] => [
  'WWW-Authenticate',
  `Bearer error="invalid_token", error_description=${JSON.stringify(message)}`,
];

/** The token is malformed, or no key of ours has signed it. */
export const undecodable = (message: string, details: string | null = null): Refusal =>
  new Refusal(problem('PGRST301', { message, details, headers: [challenge(message)] }));

/** The token is genuine, but its claims do not allow the request. */
export const unacceptable = (message: string, details: string | null = null): Refusal =>
  new Refusal(problem('PGRST303', { message, details, headers: [challenge(message)] }));

/** Nothing was shown, and those who show nothing are not served. */
export const anonymousDenied = (): Refusal =>
  new Refusal(problem('PGRST302', { headers: [['WWW-Authenticate', 'Bearer']] }));

/** A token was shown, and there is no key to verify it with. */
export const noKeys = (details: string | null = null): Refusal =>
  new Refusal(problem('PGRST300', { details }));
