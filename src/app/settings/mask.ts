import type { Setting } from './setting.ts';

const stars = '***';

/** An address of a database without the password in it, be it a URI or pairs. */
export const maskPassword = (address: string): string =>
  /^\w+:\/\//.test(address)
    ? address
        // To the last @, as a password may have one that should have been encoded.
        .replace(/^(\w+:\/\/[^/@:]*):.*@/, `$1:${stars}@`)
        .replace(/([?&]password=)[^&]*/gi, `$1${stars}`)
    : address.replace(/(\bpassword\s*=\s*)('(?:[^'\\]|\\.)*'|\S+)/gi, `$1${stars}`);

/** A value as it may be shown. */
export const showValue = (setting: Setting<unknown>, value: unknown): string => {
  if (value === undefined) return '';
  const printed = setting.kind.print(value);
  if (setting.secret === undefined) return printed;
  return setting.secret === 'whole' ? stars : maskPassword(printed);
};
