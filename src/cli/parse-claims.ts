import type { Claims } from '../app/index.ts';
import { UsageError } from './command.ts';

/** Reads the value of `--claims`. */
export const parseClaims = (text: string | undefined): Claims => {
  if (text === undefined) return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Claims;
  } catch {
    // Told below.
  }
  throw new UsageError(`--claims takes a JSON object, such as '{"sub": "7"}', not: ${text}`);
};
