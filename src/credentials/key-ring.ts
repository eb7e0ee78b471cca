import type { KeySource } from './key-source.ts';
import { type Key, type KeyRules, readKeys } from './keys.ts';
import { UnusableSetting } from './unusable-setting.ts';

/** The keys at hand. */
export type KeyRing = {
  /** The keys; a promise where they have to come first, which rejects with a Refusal if they do not. */
  readonly get: () => readonly Key[] | Promise<readonly Key[]>;
  /** The keys after a look whether there are newer ones, since none of those at hand will do. */
  readonly renew: () => readonly Key[] | Promise<readonly Key[]>;
  /** When the keys want a look, in milliseconds since 1970: `get` should be called, though nothing waits for it. */
  readonly dueAt: number;
};

/** Base64 in either alphabet, with padding or without; `.` pads too, as it does in URLs. */
const readBase64 = (text: string): Buffer => {
  const digits = text
    .trim()
    .replaceAll('-', '+')
    .replaceAll('_', '/')
    .replace(/[=.]{0,2}$/, '');
  const bytes = Buffer.from(digits, 'base64');
  if (bytes.toString('base64').replaceAll('=', '') === digits) return bytes;
  throw new UnusableSetting('keys', 'The JWT secret is not base64. Correct it, or set it as plain text.');
};

const readBytes = (source: Exclude<KeySource, { kind: 'url' }>): Uint8Array => {
  switch (source.kind) {
    case 'text':
      return Buffer.from(source.text);
    case 'base64':
      return readBase64(source.text);
    case 'bytes':
      return source.bytes;
  }
};

/** Keys that do not change. */
export const fixedKeys = (source: Exclude<KeySource, { kind: 'url' }>, rules: KeyRules): KeyRing => {
  const keys = readKeys(readBytes(source), rules);
  return { get: () => keys, renew: () => keys, dueAt: Number.POSITIVE_INFINITY };
};
