import { type KeySource, makeKey, SECRET_ALGORITHMS, type SecretAlgorithm } from '../../credentials/index.ts';
import { ConfigError } from '../config/config-error.ts';
import { readDevSecret } from '../dev/dev-secret.ts';
import type { SettingValues } from '../settings/settings.ts';

/** What a project's tokens are verified with, and the keys that are made of it. */
export type ProjectKeys = {
  readonly keys: KeySource;
  /** The secret, where it is one; undefined: these keys only verify. */
  readonly secret: string | undefined;
  /** What tokens can be signed with; undefined: only others can, as no algorithm of a secret is accepted. */
  readonly signing: SecretAlgorithm | undefined;
  /** For browsers: the role `anon`. */
  readonly anonKey: string | undefined;
  /** For the project's own programs: the role `service_role`, to which no policy applies. */
  readonly serviceKey: string | undefined;
};

/** Keys of a secret that the settings give begin here, so that they are the same at each start: 2026-01-01. */
const issuedAt = 1_767_225_600;

/** Whether it is a secret as it is, and no key as JSON. */
const isPlain = (secret: string): boolean => !secret.trimStart().startsWith('{');

/** The first algorithm of a secret that is accepted. */
const chooseSigning = ({
  jwtAlgorithms,
}: Pick<SettingValues, 'jwtAlgorithms'>): SecretAlgorithm | undefined =>
  jwtAlgorithms === undefined
    ? 'HS256'
    : SECRET_ALGORITHMS.find((algorithm) => jwtAlgorithms.includes(algorithm));

const ofSecret = async (
  secret: string,
  signing: SecretAlgorithm | undefined,
  since: number,
): Promise<ProjectKeys> => {
  const keys = { kind: 'text', text: secret } as const;
  if (signing === undefined) return { keys, secret, signing, anonKey: undefined, serviceKey: undefined };
  const options = { issuedAt: since, algorithm: signing };
  return {
    keys,
    secret,
    signing,
    anonKey: await makeKey(secret, 'anon', options),
    serviceKey: await makeKey(secret, 'service_role', options),
  };
};

/**
 * Finds what a project's tokens are verified with: the settings say so, or it is a secret that is made for the
 * project at its first start.
 *
 * @throws ConfigError, AppFailure
 */
export const findProjectKeys = async (
  folder: string,
  values: Pick<SettingValues, 'jwtSecret' | 'jwksUrl' | 'jwtAlgorithms'>,
): Promise<ProjectKeys> => {
  const { jwtSecret, jwksUrl } = values;
  if (jwtSecret !== undefined && jwksUrl !== undefined)
    throw new ConfigError(
      'jwtSecret and jwksUrl do not go together: set the one that tokens are signed for.',
    );
  const none = { secret: undefined, signing: undefined, anonKey: undefined, serviceKey: undefined };
  if (jwksUrl !== undefined) return { keys: { kind: 'url', url: jwksUrl }, ...none };
  if (jwtSecret !== undefined && !isPlain(jwtSecret))
    return { keys: { kind: 'text', text: jwtSecret }, ...none };
  const signing = chooseSigning(values);
  if (jwtSecret !== undefined) return ofSecret(jwtSecret, signing, issuedAt);
  const own = readDevSecret(folder);
  return ofSecret(own.jwtSecret, signing, own.issuedAt);
};
