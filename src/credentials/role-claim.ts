import type { Json } from '../base/index.ts';
import { parseJsonPath } from './json-path.ts';
import { parseLegacyPath } from './legacy-path.ts';
import { PathMismatch } from './path-scanner.ts';
import { UnusableSetting } from './unusable-setting.ts';

/** Where the claims of a token name the role. */
export type RoleClaim = {
  readonly select: (claims: Json) => Json | undefined;
  /** Whether it is written in the older syntax. */
  readonly legacy: boolean;
};

const attemptPath = <T>(parse: () => T): T | PathMismatch => {
  try {
    return parse();
  } catch (error) {
    if (error instanceof PathMismatch) return error;
    throw error;
  }
};

/**
 * Reads `jwt-role-claim-key`, a JSONPath or a path in the older syntax.
 *
 * @throws UnusableSetting where it is neither
 */
export const readRoleClaim = (path: string): RoleClaim => {
  const current = attemptPath(() => parseJsonPath(path));
  if (!(current instanceof PathMismatch)) return { select: current, legacy: false };
  const legacy = attemptPath(() => parseLegacyPath(path));
  if (!(legacy instanceof PathMismatch)) return { select: legacy, legacy: true };
  const mismatch = path.startsWith('.') ? legacy : current;
  throw new UnusableSetting(
    'roleClaim',
    `failed to parse role-claim-key value (${path}) ${mismatch.message}. A JSONPath such as $.role or $.app.roles[0] is wanted.`,
  );
};
