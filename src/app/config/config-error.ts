/**
 * The configuration cannot be used. The message says which setting, where it came from, what is wrong
 * and what to do, and never shows a secret.
 */
export class ConfigError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'ConfigError';
  }
}
