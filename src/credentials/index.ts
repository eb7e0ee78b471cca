/**
 * credentials: a token or a key → who asks, as an `Identity`.
 *
 * Tokens are signed JWTs (RFC 7519). Each is verified once and then remembered until it expires; what
 * is refused is refused with a `Refusal` of the codes PGRST300 to PGRST303. It also makes tokens: the
 * keys of a project, and those that tests and the documentation need.
 */
export { ALGORITHMS, type Algorithm, SECRET_ALGORITHMS } from './algorithm.ts';
export { type Credentials, type CredentialsSettings, createCredentials, type Shown } from './credentials.ts';
export { explainRefusedToken } from './explain-refused-token.ts';
export type { KeySource } from './key-source.ts';
export { type KeyOptions, makeKey, type SecretAlgorithm, signToken } from './sign-token.ts';
export type { TokenCounts } from './token-cache.ts';
export { UnusableSetting } from './unusable-setting.ts';
